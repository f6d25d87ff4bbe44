# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Whatever todo is sent, within its constraints, arrives unchanged."""

from hypothesis import given

from tests.cases import CASES, todo
from tests.strategies import todo as todo_
from todo.support.testing.cases import Sample
from todo.support.testing.strategies import assert_arrives


@given(todo_.tasks())
def test_any_valid_task_arrives_unchanged(payload: dict[str, Sample]) -> None:
    """Task shows what it was made from."""
    assert_arrives(todo.TASK, CASES, payload)
