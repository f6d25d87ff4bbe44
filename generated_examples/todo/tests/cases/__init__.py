# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Every entity's case, by qualified name."""

from tests.cases import todo
from todo.support.testing.cases import AnyCase

CASES: dict[str, AnyCase] = {case.name: case for case in (todo.TASK,)}
