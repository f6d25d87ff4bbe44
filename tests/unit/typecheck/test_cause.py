"""Which change a finding comes from."""

import pytest

from apigen.diagnostics import Span
from apigen.evolve.record import Evolution, Rename, SpecChange
from apigen.typecheck.cause import file_cause, spec_cause
from tests.unit.typecheck.evolutions import evolution

SPAN = Span(file="apigen.yaml", line=4, column=3, end_line=4, end_column=7)
TITLE_CHANGED = SpecChange(
    kind="changed",
    element="field",
    symbol="todo.Task.title",
    text="field `Task.title` may be empty",
)
DUE_ON_GONE = SpecChange(
    kind="removed",
    element="field",
    symbol="todo.Task.due_on",
    span=SPAN,
    text="field `Task.due_on` is gone",
)
ORDER_GONE = SpecChange(
    kind="removed", element="entity", symbol="todo.TaskOrder", text="entity `TaskOrder` is gone"
)
CHANGES = evolution(changes=(TITLE_CHANGED, ORDER_GONE, DUE_ON_GONE))


@pytest.mark.parametrize(
    ("message", "line", "symbol"),
    [
        ('"Task" has no attribute "due_on"', "return task.due_on", "todo.Task.due_on"),
        ("Incompatible types in assignment", "self.due_on = None", "todo.Task.due_on"),
        ('Module "todo.domain" has no attribute "CreateTaskOrder"', "", "todo.TaskOrder"),
        ('Name "task_orders" is not defined', "", "todo.TaskOrder"),
        ('Name "TASK_ORDER_LIMIT" is not defined', "", "todo.TaskOrder"),
    ],
)
def test_a_shared_name_tells_the_cause(message: str, line: str, symbol: str) -> None:
    cause = spec_cause(message, line, CHANGES)

    assert cause is not None
    assert cause.symbol == symbol


def test_the_message_says_more_than_the_line() -> None:
    cause = spec_cause('"Task" has no attribute "due_on"', "task.title = task.due_on", CHANGES)

    assert cause is not None
    assert (cause.text, cause.span) == ("field `Task.due_on` is gone", SPAN)


def test_what_is_gone_says_more_than_what_changed() -> None:
    cause = spec_cause("Unsupported operand types", "task.title + task.due_on", CHANGES)

    assert cause is not None
    assert cause.symbol == "todo.Task.due_on"


def test_a_rename_is_told_with_both_names() -> None:
    renamed = evolution(
        renames=(Rename(kind="field", old="todo.Task.due_on", new="todo.Task.deadline"),)
    )

    cause = spec_cause('"Task" has no attribute "due_on"', "task.due_on", renamed)

    assert cause is not None
    assert cause.text == "field `Task.due_on` is called `deadline`"
    assert cause.symbol == "todo.Task.deadline"


@pytest.mark.parametrize("known", [None, CHANGES], ids=["unknown", "known"])
def test_a_finding_without_a_shared_name_has_no_cause(known: Evolution | None) -> None:
    assert spec_cause('"str" has no attribute "foo"', "x = due.foo", known) is None


def test_the_nearest_file_whose_names_changed_is_told() -> None:
    changed = (
        ("src/todo/near.py", frozenset({"handle"})),
        ("src/todo/far.py", frozenset({"handle", "other"})),
    )

    cause = file_cause('Too many arguments for "handle"', "handle(1)", changed)

    assert cause is not None
    assert cause.text == "a change of src/todo/near.py"


def test_a_file_whose_names_are_not_mentioned_is_no_cause() -> None:
    assert file_cause("Bad", "x = 1", (("src/todo/a.py", frozenset({"handle"})),)) is None
