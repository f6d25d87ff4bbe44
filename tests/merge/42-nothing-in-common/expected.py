<<<<<<< yours
# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be done in todo: everything the interface may call."""
||||||| last generated
# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of todo: what is loaded, changed and stored as one.

Knows neither the database nor the API.
"""
=======
# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Repositories, readers and handlers put together; sees every layer, and no layer sees it."""
>>>>>>> newly generated

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from todo.application.todo.dtos import TaskCreate, TaskUpdate
from todo.application.todo.handlers import TodoHandlers, todo_handlers
from todo.application.todo.mappers import apply_task_update, task_from_create
from todo.core.settings import Settings
from todo.domain.todo.aggregates import Task
from todo.domain.todo.repositories import TodoUnitOfWork
from todo.domain.todo.value_objects import TaskId
from todo.infrastructure.persistence.session import create_database, health_checks
from todo.infrastructure.persistence.todo import SqlTodoUnitOfWork, todo_readers
from todo.support.application.queries import ResourceReader
from todo.support.application.service import GenericService, ServiceHooks
from todo.support.interface.health import HealthCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything that a running project is made of."""

    engine: AsyncEngine
    health_checks: Mapping[str, HealthCheck]
    todo_handlers: TodoHandlers

    async def close(self) -> None:
        """Give everything back."""
        await self.engine.dispose()


def wire(settings: Settings) -> Wiring:
    """Put everything together; nothing is connected yet."""
    engine = create_database(settings)
    return Wiring(
        engine=engine,
        health_checks=health_checks(engine),
        todo_handlers=todo_handlers(
            unit_of_work=lambda: SqlTodoUnitOfWork(engine),
            readers=todo_readers(engine),
        ),
    )


type TaskService = GenericService[TodoUnitOfWork, Task, TaskId, TaskCreate, TaskUpdate]

# Yours to fill: functions that run before and after each operation.
TASK_HOOKS = ServiceHooks[Task, TaskCreate, TaskUpdate]()


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoReaders:
    """The read side of todo, provided by the infrastructure."""

    tasks: ResourceReader[TaskId]


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoHandlers:
    """What the interface may call in todo."""

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
