# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The repositories of todo."""

from tests.cases import todo
from todo.support.testing.contracts.repositories import RepositoryContract


class TestTaskRepository(RepositoryContract):
    """Task: what is stored is what is read."""

    case = todo.TASK
