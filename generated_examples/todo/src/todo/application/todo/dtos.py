# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What goes in and out of todo: payloads, checked field by field.

Names on the wire are aliases; defaults here are those of the domain.
"""

import datetime as dt
from typing import Annotated

from pydantic import Field, Strict

from todo.domain.todo.value_objects import TaskId
from todo.support.application.dtos import Dto, example, unset
from todo.support.application.fields import Integer, Text
from todo.support.application.moments import Day, Moment


class TaskCreate(Dto):
    """What makes a new task."""

    model_config = example({"title": "Title 1", "done": True, "due_on": "2026-01-01"})

    title: Annotated[str, Text(minimum=1, maximum=200)]
    done: Annotated[bool, Strict()] = False
    due_on: Annotated[dt.date, Day()] | None = None


class TaskUpdate(Dto):
    """What changes in a task: the fields that are sent."""

    model_config = example({"title": "Title 1"})

    title: Annotated[str, Text(minimum=1, maximum=200)] = Field(default_factory=unset)
    done: Annotated[bool, Strict()] = Field(default_factory=unset)
    due_on: Annotated[dt.date, Day()] | None = Field(default_factory=unset)


class TaskRead(Dto):
    """A task."""

    id: TaskId
    title: Annotated[str, Text(minimum=1, maximum=200)]
    done: Annotated[bool, Strict()]
    due_on: Annotated[dt.date, Day()] | None
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]
