# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of todo: what is loaded, changed and stored as one.

Knows neither the database nor the API.
"""

import datetime as dt
from dataclasses import dataclass, field

from todo.domain.todo.value_objects import TaskId
from todo.support.core.identifiers import uuid7
from todo.support.domain.constraints import check_string
from todo.support.domain.entity import AggregateRoot


@dataclass(kw_only=True, eq=False)
class Task(AggregateRoot[TaskId]):
    """A task."""

    id: TaskId = field(default_factory=lambda: TaskId(uuid7()))
    title: str
    done: bool = False
    due_on: dt.date | None = None

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("title", self.title, minimum=1, maximum=200)
