# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Mapping between payloads and aggregates of todo."""

from tests.cases import CASES, todo
from todo.support.testing.contracts.mapping import MappingContract


class TestTaskMapping(MappingContract):
    """Task: what is sent is what is shown."""

    case = todo.TASK
    cases = CASES
