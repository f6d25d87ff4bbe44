# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of todo."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.cases import CASES, todo
from todo.support.testing.contracts.aggregates import AggregateContract


class TestTask(AggregateContract):
    """Task checks itself."""

    case = todo.TASK
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"title": ("x", "x" * 200)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"title": ("", "x" * 201)}
