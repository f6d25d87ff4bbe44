# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Between the payloads of todo and its domain.

Inwards every field is named; outwards names match.
"""

from todo.application.todo.dtos import TaskCreate, TaskRead, TaskUpdate
from todo.domain.todo.aggregates import Task
from todo.support.application.mapper import GenericMapper


def task_from_create(data: TaskCreate) -> Task:
    """Return a new task."""
    return Task(
        title=data.title,
        done=data.done,
        due_on=data.due_on,
    )


def apply_task_update(task: Task, data: TaskUpdate) -> None:
    """Change a task as far as the payload says."""
    if data.is_set("title"):
        task.title = data.title
    if data.is_set("done"):
        task.done = data.done
    if data.is_set("due_on"):
        task.due_on = data.due_on


TASK_READ = GenericMapper(source=Task, target=TaskRead)
