"""Tasks in the project's own database: taken in with the write that asks for them.

A row is one task, from the moment it is asked for until some time after it is over. One that waits
or is being done has the time at which it may be begun (again) in `due_at`: its lease, while a
worker has it.

Source: requirements 67.1, 67.3, 67.4.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ..application.task_registry import TaskRegistry
from ..core.clock import Clock, utc_now
from ..core.context import current_context
from ..core.errors import ConflictError
from ..core.identifiers import uuid7
from ..core.tasks import (
    BackgroundTask,
    TaskError,
    TaskFilter,
    TaskProgress,
    TaskState,
    TaskStatus,
)
from .column_types import UtcDateTime
from .engine import reading
from .task_unit_of_work import SqlTaskUnitOfWork
from .unit_of_work import SqlUnitOfWork

_STEP = timedelta(minutes=1)
"""How much longer something waits that is one step of priority lower."""
_LONGEST_KEY = 200


def task_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table `background_tasks`, added to `metadata`."""
    table = sa.Table(
        "background_tasks",
        metadata,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("queue", sa.String(200), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.String(200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("rank_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=True),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("progress_message", sa.Text(), nullable=True),
        sa.Column("error_code", sa.String(200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("trace_parent", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_background_tasks"),
        sa.UniqueConstraint("name", "unique_key", name="uq_background_tasks_unique_key"),
    )
    sa.Index("ix_background_tasks_due_at", table.c.due_at)
    sa.Index("ix_background_tasks_finished_at", table.c.finished_at)
    return table


def rank(due_at: datetime, priority: int) -> datetime:
    """Return what tasks of a queue are begun in the order of.

    A time, so that what has waited long enough comes before anything more urgent.
    """
    return due_at - priority * _STEP


class SqlTaskQueue:
    """Keeps tasks in the table `background_tasks`."""

    def __init__(
        self,
        engine: AsyncEngine,
        table: sa.Table,
        registry: TaskRegistry,
        *,
        clock: Clock = utc_now,
    ) -> None:
        """Keep them in `table`, which `task_table` has made.

        Args:
            engine: The database of the writes that ask for tasks.
            table: Where.
            registry: Which tasks there are.
            clock: Dates the rows.
        """
        self.table = table
        self.registry = registry
        self.written = asyncio.Event()
        """Set when a transaction with tasks was committed in this process."""
        self._engine = engine
        self._clock = clock

    async def enqueue(
        self, task: BackgroundTask, *, key: str | None = None, delay: timedelta | None = None
    ) -> UUID:
        """Take a task in, in a transaction of its own.

        Raises:
            LookupError: Nobody carries out tasks of this class: a mistake of the program.
        """
        async with SqlTaskUnitOfWork(self._engine, tasks=self) as work:
            id = await work.enqueue(task, key=key, delay=delay)
            await work.commit()
        return id

    async def write(
        self,
        session: AsyncSession,
        task: BackgroundTask,
        *,
        key: str | None = None,
        delay: timedelta | None = None,
        scheduled_for: datetime | None = None,
    ) -> UUID:
        """Add a task to the running transaction of `session`; return its id.

        Returns:
            Where a task with the same key is not over, its id.

        Raises:
            LookupError: Nobody carries out tasks of this class: a mistake of the program.
            ValueError: The key is empty or too long.
        """
        definition, now, context = self.registry.of(task), self._clock(), current_context()
        if key is not None and not 0 < len(key) <= _LONGEST_KEY:
            raise ValueError(f"a key has 1 to {_LONGEST_KEY} characters")
        unique_key = key if key is not None else self.registry.unique_key(task)
        due_at = now + (delay or timedelta())
        id = uuid7()
        values = {
            "id": id,
            "name": definition.name,
            "queue": definition.queue,
            "priority": definition.priority,
            "state": TaskState.QUEUED,
            "input": self.registry.to_json(task),
            "unique_key": unique_key,
            "created_at": now,
            "due_at": due_at,
            "rank_at": rank(due_at, definition.priority),
            "attempts": 0,
            "scheduled_for": scheduled_for,
            "actor_id": context.actor.id or None,
            "correlation_id": context.correlation_id or None,
            "trace_parent": context.trace_parent,
        }
        if unique_key is None:
            await session.execute(sa.insert(self.table), [values])
            return id
        return await self._write_once(session, values)

    def committed(self) -> None:
        """Tell the worker of this process that there is something to do."""
        self.written.set()

    async def status(self, id: UUID) -> TaskStatus | None:
        """Return what is known of a task; None of one that there is not, or no more."""
        async with reading(self._engine) as connection:
            found = await connection.execute(sa.select(self.table).where(self.table.c.id == id))
            row = found.first()
        return None if row is None else _status(row)

    async def listed(
        self, wanted: TaskFilter, *, limit: int, offset: int = 0
    ) -> tuple[Sequence[TaskStatus], int]:
        """Return the tasks that are asked for, the newest first, and how many there are."""
        table = self.table
        conditions = [
            column == value
            for column, value in (
                (table.c.actor_id, wanted.actor_id),
                (table.c.name, wanted.name),
                (table.c.queue, wanted.queue),
                (table.c.state, wanted.state),
            )
            if value is not None
        ]
        rows = sa.select(table).where(*conditions).order_by(table.c.id.desc())
        total = sa.select(sa.func.count()).select_from(table).where(*conditions)
        async with reading(self._engine) as connection:
            page = (await connection.execute(rows.limit(limit).offset(offset))).all()
            count = (await connection.execute(total)).scalar_one()
        return tuple(_status(row) for row in page), count

    async def cancel(self, id: UUID) -> bool:
        """Have a task not be done, or not be done to its end; tell whether there was time."""
        table, now = self.table, self._clock()
        cancelled = (
            sa.update(table)
            .where(table.c.id == id, table.c.state.in_((TaskState.QUEUED, TaskState.RUNNING)))
            .values(
                state=TaskState.CANCELLED,
                due_at=None,
                claim_id=None,
                unique_key=None,
                finished_at=now,
            )
            .returning(table.c.id)
        )
        async with SqlUnitOfWork(self._engine) as work:
            found = (await work.session.execute(cancelled)).first()
            await work.commit()
        return found is not None

    # Columns of several types, hence Any.
    async def _write_once(self, session: AsyncSession, values: dict[str, Any]) -> UUID:
        table = self.table
        dialect = session.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        mine = (
            insert(table)
            .values(values)
            .on_conflict_do_nothing(index_elements=[table.c.name, table.c.unique_key])
            .returning(table.c.id)
        )
        same = sa.select(table.c.id).where(
            table.c.name == values["name"], table.c.unique_key == values["unique_key"]
        )
        # The other one may be over between the two statements; hardly so twice.
        for _ in range(3):
            for statement in (mine, same):
                id: UUID | None = (await session.execute(statement)).scalar_one_or_none()
                if id is not None:
                    return id
        raise ConflictError("task", constraint="serialization")


# A row of the table, whose columns are of several types, hence Any.
def _status(row: sa.Row[Any]) -> TaskStatus:
    progress = error = None
    if row.progress_done is not None:
        progress = TaskProgress(
            done=row.progress_done, total=row.progress_total, message=row.progress_message
        )
    if row.error_code is not None:
        error = TaskError(code=row.error_code, message=row.error_message)
    return TaskStatus(
        id=row.id,
        name=row.name,
        queue=row.queue,
        priority=row.priority,
        state=TaskState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        scheduled_for=row.scheduled_for,
        progress=progress,
        error=error,
        actor_id=row.actor_id,
        correlation_id=row.correlation_id,
    )
