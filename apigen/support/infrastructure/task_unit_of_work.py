"""Units of work that may ask for background tasks, in the transaction of what they write.

Source: requirement 67.1.
"""

from datetime import timedelta
from typing import Protocol, Unpack
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ..core.tasks import BackgroundTask
from .database_errors import translated
from .single_writes import begun
from .unit_of_work import SqlUnitOfWork, WorkParts


class TaskLog(Protocol):
    """Where tasks go with the transaction that asks for them: a queue in the same database."""

    async def write(
        self,
        session: AsyncSession,
        task: BackgroundTask,
        *,
        key: str | None = None,
        delay: timedelta | None = None,
    ) -> UUID:
        """Add a task to the running transaction; return its id."""
        ...

    def committed(self) -> None:
        """Take notice that a transaction with tasks is committed."""
        ...


class SqlTaskUnitOfWork(SqlUnitOfWork):
    """A unit of work with a queue."""

    def __init__(
        self, engine: AsyncEngine, *, tasks: TaskLog | None = None, **parts: Unpack[WorkParts]
    ) -> None:
        """Prepare a transaction on a database.

        Args:
            engine: The database.
            tasks: Takes work to be done later; needed by `enqueue`.
            parts: As of any unit of work.
        """
        super().__init__(engine, **parts)
        self._tasks = tasks
        self._has_tasks = False

    async def enqueue(
        self, task: BackgroundTask, *, key: str | None = None, delay: timedelta | None = None
    ) -> UUID:
        """Have work done once the transaction is committed, and not at all when it is undone.

        Args:
            task: What is to be done.
            key: As long as a task of this kind with this key is not over, it stands for the new
                one as well: its id is returned.
            delay: How long it waits at least.

        Raises:
            RuntimeError: There is no queue.
            LookupError: Nobody carries out tasks of this class: a mistake of the program.
        """
        if self._tasks is None:
            raise RuntimeError("tasks need a queue")
        await begun(self.session)
        self._has_tasks = True
        with translated("task"):
            return await self._tasks.write(self.session, task, key=key, delay=delay)

    async def commit(self) -> None:
        """Store everything, the tasks that were asked for included."""
        await super().commit()
        if self._tasks is not None and self._has_tasks:
            self._tasks.committed()
