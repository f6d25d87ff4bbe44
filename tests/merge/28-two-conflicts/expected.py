# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be done in todo: everything the interface may call."""

from collections.abc import Callable
from dataclasses import dataclass

from todo.application.todo.dtos import TaskCreate, TaskUpdate
from todo.application.todo.mappers import apply_task_update, task_from_create
from todo.domain.todo.aggregates import Task
from todo.domain.todo.repositories import TodoUnitOfWork
from todo.domain.todo.value_objects import TaskId
from todo.support.application.queries import ResourceReader
from todo.support.application.service import GenericService, ServiceHooks

type TaskService = GenericService[TodoUnitOfWork, Task, TaskId, TaskCreate, TaskUpdate]

# Yours to fill: functions that run before and after each operation.
TASK_HOOKS = ServiceHooks[Task, TaskCreate, TaskUpdate]()


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoReaders:
<<<<<<< yours
    """The read side of todo, provided by the infrastructure, yours 1."""
||||||| last generated
    """The read side of todo, provided by the infrastructure."""
=======
    """The read side of todo, provided by the infrastructure, ours 1."""
>>>>>>> newly generated

    tasks: ResourceReader[TaskId]


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoHandlers:
<<<<<<< yours
    """What the interface may call in todo, yours 2."""
||||||| last generated
    """What the interface may call in todo."""
=======
    """What the interface may call in todo, ours 2."""
>>>>>>> newly generated

    tasks: TaskService
    task_reader: ResourceReader[TaskId]


def todo_handlers(
    *,
    unit_of_work: Callable[[], TodoUnitOfWork],
    readers: TodoReaders,
) -> TodoHandlers:
    """Put the handlers of todo together."""
    return TodoHandlers(
        tasks=GenericService(
            resource="task",
            unit_of_work=unit_of_work,
            repository=lambda work: work.tasks,
            build=task_from_create,
            change=apply_task_update,
            hooks=TASK_HOOKS,
        ),
        task_reader=readers.tasks,
    )
