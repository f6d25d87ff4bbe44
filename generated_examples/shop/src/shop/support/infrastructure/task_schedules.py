"""Tasks that are due at times of their own: each time once, however many processes there are.

A row is one task with one schedule, and the time that it is due next. Whoever moves that time on
asks for the task in the same transaction. What was due while nothing ran is done once, for the last
of its times.

Source: requirement 67.1.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.task_registry import TaskDefinition
from ..core.cron import CronSchedule
from .column_types import UtcDateTime
from .engine import reading
from .task_queue import SqlTaskQueue
from .unit_of_work import SqlUnitOfWork

_logger = structlog.get_logger("tasks")

_LOOK_AGAIN = timedelta(minutes=1)
"""How long a process believes to know what is due next: another may have gone on."""
_FORGOTTEN = timedelta(days=7)
"""A schedule that no process has moved on for so long belongs to none any more."""


def schedule_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table `task_schedules`, added to `metadata`."""
    return sa.Table(
        "task_schedules",
        metadata,
        sa.Column("name", sa.String(200), nullable=False),
        # Two versions of a program that run side by side may have different ones.
        sa.Column("schedule", sa.String(200), nullable=False),
        sa.Column("next_due_at", UtcDateTime(), nullable=False),
        sa.Column("last_due_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", "schedule", name="pk_task_schedules"),
    )


class TaskSchedules:
    """Asks for the tasks that have a schedule, when they are due."""

    def __init__(self, engine: AsyncEngine, table: sa.Table, queue: SqlTaskQueue) -> None:
        """Ask for the tasks of `queue` that have a schedule.

        Args:
            engine: The database of the queue.
            table: What `schedule_table` has made.
            queue: Takes the tasks.
        """
        self.has_any = bool(queue.registry.scheduled())
        self._engine = engine
        self._table = table
        self._queue = queue
        self._look_at: datetime | None = None

    async def advance(self, now: datetime) -> int:
        """Ask for what is due, in every process or in none; return how much that was."""
        if not self.has_any or (self._look_at is not None and now < self._look_at):
            return 0
        known = await self._known()
        asked, next_due = 0, now + _LOOK_AGAIN
        for definition, schedule in self._scheduled():
            due_at = known.get((definition.name, _text(schedule)))
            if due_at is None:
                due_at = await self._begin(definition, schedule, now)
            if due_at <= now:
                asked += await self._ask(definition, schedule, due_at, now)
                due_at = schedule.after(now)
            next_due = min(next_due, due_at)
        self._look_at = next_due
        return asked

    async def forget(self, now: datetime) -> None:
        """Delete the schedules that no process has any more."""
        table = self._table
        async with SqlUnitOfWork(self._engine, isolation="READ COMMITTED") as work:
            await work.session.execute(
                sa.delete(table).where(table.c.next_due_at < now - _FORGOTTEN)
            )
            await work.commit()

    def _scheduled(self) -> Iterator[tuple[TaskDefinition, CronSchedule]]:
        for definition in self._queue.registry.scheduled():
            if definition.schedule is not None:
                yield definition, definition.schedule

    async def _known(self) -> dict[tuple[str, str], datetime]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(sa.select(self._table))).all()
        return {(row.name, row.schedule): row.next_due_at for row in rows}

    async def _begin(
        self, definition: TaskDefinition, schedule: CronSchedule, now: datetime
    ) -> datetime:
        """Note when a task is due first; return what another process has noted, if one has."""
        table = self._table
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        first = insert(table).values(
            name=definition.name, schedule=_text(schedule), next_due_at=schedule.after(now)
        )
        async with SqlUnitOfWork(self._engine, isolation="READ COMMITTED") as work:
            await work.session.execute(first.on_conflict_do_nothing())
            noted = sa.select(table.c.next_due_at).where(self._row(definition, schedule))
            due_at: datetime = (await work.session.execute(noted)).scalar_one()
            await work.commit()
        return due_at

    async def _ask(
        self, definition: TaskDefinition, schedule: CronSchedule, due_at: datetime, now: datetime
    ) -> int:
        """Ask for a task, unless another process is the first to move its time on."""
        table = self._table
        latest = _latest(schedule, due_at, now)
        moved = (
            sa.update(table)
            .where(self._row(definition, schedule), table.c.next_due_at == due_at)
            .values(next_due_at=schedule.after(now), last_due_at=latest)
            .returning(table.c.name)
        )
        async with SqlUnitOfWork(self._engine, isolation="READ COMMITTED") as work:
            if (await work.session.execute(moved)).first() is None:
                return 0
            task = definition.kind()
            id = await self._queue.write(work.session, task, scheduled_for=latest)
            await work.commit()
        self._queue.committed()
        _logger.info("task_due", task=definition.name, task_id=str(id), due_at=latest.isoformat())
        return 1

    def _row(self, definition: TaskDefinition, schedule: CronSchedule) -> sa.ColumnElement[bool]:
        return sa.and_(
            self._table.c.name == definition.name, self._table.c.schedule == _text(schedule)
        )


def _text(schedule: CronSchedule) -> str:
    return f"{schedule.expression} {schedule.zone}"


def _latest(schedule: CronSchedule, due_at: datetime, now: datetime) -> datetime:
    """Return the last time until now that the task was due, which is `due_at` or later."""
    for span in (timedelta(hours=1), timedelta(days=1), timedelta(days=32)):
        # Nothing is missed by beginning late, and much is saved after a long time.
        found = schedule.latest(now, since=max(due_at, now.astimezone(UTC) - span))
        if found is not None:
            return found
    return schedule.latest(now, since=due_at) or due_at
