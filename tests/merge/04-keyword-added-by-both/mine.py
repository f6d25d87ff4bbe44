# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Repositories, readers and handlers put together; sees every layer, and no layer sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from todo.application.todo.handlers import TodoHandlers, todo_handlers
from todo.core.settings import Settings
from todo.mailing import DiskCheck, Mailer
from todo.infrastructure.persistence.session import create_database, health_checks
from todo.infrastructure.persistence.todo import SqlTodoUnitOfWork, todo_readers
from todo.support.interface.health import HealthCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything that a running project is made of."""

    engine: AsyncEngine
    health_checks: Mapping[str, HealthCheck]
    todo_handlers: TodoHandlers
    mailer: Mailer

    async def close(self) -> None:
        """Give everything back."""
        await self.engine.dispose()


def wire(settings: Settings) -> Wiring:
    """Put everything together; nothing is connected yet."""
    engine = create_database(settings)
    return Wiring(
        engine=engine,
        health_checks={**health_checks(engine), "disk": DiskCheck()},
        todo_handlers=todo_handlers(
            unit_of_work=lambda: SqlTodoUnitOfWork(engine),
            readers=todo_readers(engine),
        ),
        mailer=Mailer(settings.smtp_url),
    )
