# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the resources of todo look like in JSON, and where it comes from."""

from sqlalchemy.ext.asyncio import AsyncEngine

from todo.application.todo.handlers import TodoReaders
from todo.application.todo.queries import TASKS
from todo.infrastructure.persistence.todo.rows import TaskRow
from todo.support.infrastructure.read_model import ReadModel
from todo.support.infrastructure.reader import SqlResourceReader

_tasks = TaskRow.__table__

TASK_READ_MODEL: ReadModel = ReadModel(
    resource="task",
    table=_tasks,
    key=(_tasks.c.id,),
    outputs=(
        _tasks.c.id,
        _tasks.c.title,
        _tasks.c.done,
        _tasks.c.due_on,
        _tasks.c.created_at,
        _tasks.c.updated_at,
        _tasks.c.version,
    ),
    version=_tasks.c.version,
)


def todo_readers(engine: AsyncEngine) -> TodoReaders:
    """Return the readers of the context."""
    return TodoReaders(
        tasks=SqlResourceReader(engine, TASK_READ_MODEL, TASKS.paging),
    )
