# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ports of todo: what its infrastructure provides."""

from typing import Protocol

from todo.core.protocols import AsyncRepository, UnitOfWork
from todo.domain.todo.aggregates import Task
from todo.domain.todo.value_objects import TaskId


class TaskRepository(AsyncRepository[Task, TaskId], Protocol):
    """Where tasks are kept."""


class TodoUnitOfWork(UnitOfWork, Protocol):
    """One transaction over the aggregates of todo."""

    @property
    def tasks(self) -> TaskRepository:
        """The tasks."""
        ...
