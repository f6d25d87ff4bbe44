"""The claims of a worker: the tasks that it has, and what the table of the queue says of them.

A task belongs to its worker as long as it gives signs of life; after that another begins it again.
What a worker notes about a task holds only as long as the task is its own.

Source: requirements 67.1 to 67.4, 89.2.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.task_registry import TaskDefinition
from ..core.clock import Clock
from ..core.identifiers import uuid7
from ..core.tasks import TaskError, TaskProgress, TaskState
from ..core.turns import WeightedTurns
from .engine import reading
from .task_policy import TaskPolicy
from .task_queue import SqlTaskQueue, rank
from .unit_of_work import SqlUnitOfWork

_logger = structlog.get_logger("tasks")

_UNKNOWN_FOR = timedelta(days=1)
"""How long a task waits that nobody knows: it may be of a version that is about to be deployed."""

_DIED = TaskError(code="worker_died", message="The worker has died each time it was begun.")
_UNKNOWN = TaskError(code="unknown_task", message="No such task is known any more.")


@dataclass(slots=True, kw_only=True)
class TaskClaim:
    """A task that this worker has, and until when."""

    # A row of the table, hence Any.
    row: sa.Row[Any]
    definition: TaskDefinition
    id: UUID
    attempt: int
    lease_end: datetime


class TaskClaims:
    """Takes tasks for one worker, and notes what becomes of them."""

    def __init__(
        self, engine: AsyncEngine, queue: SqlTaskQueue, policy: TaskPolicy, *, clock: Clock
    ) -> None:
        """Take tasks from `queue`, in the database `engine`."""
        self._engine = engine
        self._queue = queue
        self._policy = policy
        self._clock = clock
        self._turns = WeightedTurns(policy.weights)

    async def take(self) -> TaskClaim | None:
        """Take the task whose turn it is; None when nothing is due."""
        # A look costs no lock, which on SQLite everybody else would wait for.
        for queue in self._turns.order(await self._waiting()):
            claim = await self._claim(queue)
            if claim is not None:
                self._turns.taken(queue)
                return claim
        return None

    async def renew(self, claim: TaskClaim, progress: TaskProgress | None) -> bool:
        """Give a sign of life, and note the progress; tell whether the task was still ours."""
        lease_end = self._lease_end(self._clock())
        is_own = await self._note(claim, due_at=lease_end, **_shown(progress))
        if is_own:
            claim.lease_end = lease_end
        return is_own

    async def end(
        self,
        claim: TaskClaim,
        state: TaskState,
        progress: TaskProgress | None,
        error: TaskError | None = None,
    ) -> bool:
        """Note that a task is over; tell whether it was still ours."""
        return await self._note(claim, **_over(state, self._clock(), error), **_shown(progress))

    async def repeat(
        self, claim: TaskClaim, progress: TaskProgress | None, error: TaskError, *, wait_s: float
    ) -> None:
        """Let the task be begun again in a while."""
        due_at = self._clock() + timedelta(seconds=wait_s)
        await self._note(
            claim,
            state=TaskState.QUEUED,
            claim_id=None,
            due_at=due_at,
            rank_at=rank(due_at, claim.row.priority),
            error_code=error.code,
            error_message=error.message,
            **_shown(progress),
        )

    async def give_back(self, claim: TaskClaim) -> None:
        """Let another worker begin it at once; the attempt does not count."""
        _logger.info("task_given_back", task=claim.row.name)
        await self._note(
            claim,
            state=TaskState.QUEUED,
            claim_id=None,
            due_at=self._clock(),
            attempts=claim.attempt - 1,
        )

    async def clean_up(self) -> None:
        """Delete what was kept long enough; end what nobody knows."""
        now, table, policy = self._clock(), self._queue.table, self._policy
        old = sa.or_(
            sa.and_(
                table.c.state == TaskState.SUCCEEDED,
                table.c.finished_at < now - policy.retention,
            ),
            table.c.finished_at < now - policy.dead_retention,
        )
        unknown = sa.and_(
            table.c.due_at < now - _UNKNOWN_FOR,
            table.c.name.not_in(tuple(self._queue.registry.definitions)),
        )
        async with self._transaction() as work:
            await work.session.execute(sa.delete(table).where(old))
            await work.session.execute(
                sa.update(table).where(unknown).values(**_over(TaskState.FAILED, now, _UNKNOWN))
            )
            await work.commit()

    async def _waiting(self) -> list[str]:
        table = self._queue.table
        due = sa.select(table.c.queue).where(self._is_due(self._clock())).distinct()
        async with reading(self._engine) as connection:
            return [row.queue for row in (await connection.execute(due)).all()]

    def _is_due(self, now: datetime) -> sa.ColumnElement[bool]:
        table, queues = self._queue.table, self._policy.queues
        conditions = [
            table.c.due_at <= now,
            # A version of the program that knows the others may be about to come.
            table.c.name.in_(tuple(self._queue.registry.definitions)),
        ]
        if queues is not None:
            conditions.append(table.c.queue.in_(tuple(queues)))
        return sa.and_(*conditions)

    async def _claim(self, queue: str) -> TaskClaim | None:
        """Take the first task of a queue, and end those whose worker has died too often."""
        table = self._queue.table
        while True:
            now = self._clock()
            first = (
                sa.select(table)
                .where(self._is_due(now), table.c.queue == queue)
                .order_by(table.c.rank_at, table.c.id)
                .limit(1)
                # Several processes share the work on PostgreSQL; SQLite has one writer at a time.
                .with_for_update(skip_locked=True)
            )
            async with self._transaction() as work:
                row = (await work.session.execute(first)).first()
                if row is None:
                    return None
                definition = self._queue.registry.definitions[row.name]
                is_dead = row.attempts >= definition.retry.attempts
                claim = TaskClaim(
                    row=row,
                    definition=definition,
                    id=uuid7(),
                    attempt=row.attempts + 1,
                    lease_end=self._lease_end(now),
                )
                values = (
                    _over(TaskState.FAILED, now, _DIED)
                    if is_dead
                    else {
                        "state": TaskState.RUNNING,
                        "claim_id": claim.id,
                        "attempts": claim.attempt,
                        "started_at": now,
                        "due_at": claim.lease_end,
                    }
                )
                await work.session.execute(
                    sa.update(table).where(table.c.id == row.id).values(**values)
                )
                await work.commit()
            if not is_dead:
                return claim
            _logger.error("task_dead", task=row.name, task_id=str(row.id), attempts=row.attempts)

    def _lease_end(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._policy.lease_s)

    # Columns of several types, hence Any.
    async def _note(self, claim: TaskClaim, **values: Any) -> bool:
        """Note something about a task; tell whether it was still ours."""
        table = self._queue.table
        own = sa.and_(table.c.id == claim.row.id, table.c.claim_id == claim.id)
        async with self._transaction() as work:
            noted = sa.update(table).where(own).values(**values).returning(table.c.id)
            found = (await work.session.execute(noted)).first()
            await work.commit()
        return found is not None

    def _transaction(self) -> SqlUnitOfWork:
        # Whatever the project's own level is: each statement has to see what others did.
        return SqlUnitOfWork(self._engine, isolation="READ COMMITTED")


def _over(state: TaskState, now: datetime, error: TaskError | None) -> dict[str, Any]:
    """Return the columns of a task that is over."""
    return {
        "state": state,
        "due_at": None,
        "claim_id": None,
        # Another one may be asked for.
        "unique_key": None,
        "finished_at": now,
        "error_code": error and error.code,
        "error_message": error and error.message,
    }


def _shown(progress: TaskProgress | None) -> dict[str, Any]:
    if progress is None:
        return {}
    return {
        "progress_done": progress.done,
        "progress_total": progress.total,
        "progress_message": progress.message,
    }
