"""Does the tasks of a queue in the background, beside requests or in a process of its own.

A task belongs to its worker as long as it gives signs of life; after that another begins it again.
What a worker notes about a task holds only as long as the task is its own.

Source: requirements 67.1 to 67.4, 89.2.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.results import ServiceError
from ..application.task_registry import TaskDefinition
from ..application.task_runner import TaskContext, TaskRefusedError, TaskRun, TaskRunner
from ..core.actor import SYSTEM
from ..core.context import ExecutionContext, bound_context
from ..core.errors import OperationTimeoutError, SharedModuleError, ValidationError
from ..core.identifiers import uuid7
from ..core.task_settings import TaskSettings
from ..core.tasks import TaskError, TaskProgress, TaskState
from ..core.turns import WeightedTurns
from .engine import reading
from .task_queue import SqlTaskQueue, rank
from .task_schedules import TaskSchedules
from .unit_of_work import SqlUnitOfWork

_logger = structlog.get_logger("tasks")

_HOUSEKEEPING_S = 3600.0
_TICK_S = 1.0
"""How soon is seen what a task says of its progress."""
_UNKNOWN_FOR = timedelta(days=1)
"""How long a task waits that nobody knows: it may be of a version that is about to be deployed."""

_INTERNAL = TaskError(code="internal_error", message="Something went wrong on our side.")
_DIED = TaskError(code="worker_died", message="The worker has died each time it was begun.")
_UNKNOWN = TaskError(code="unknown_task", message="No such task is known any more.")
_OUTDATED = "What it was told when it was asked for is not what it needs to know today."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPolicy:
    """How tasks are done, and how long they are kept."""

    is_on: bool = True
    """Whether `start` begins anything."""
    concurrency: int = 4
    weights: Mapping[str, float] = field(default_factory=dict)
    """How often a queue has a turn beside the others; 1 for what is not named."""
    queues: Collection[str] | None = None
    """Those that are served; None: all."""
    lease_s: float = 60.0
    poll_s: float = 1.0
    retention: timedelta = timedelta(days=7)
    """Of what has succeeded."""
    dead_retention: timedelta = timedelta(days=30)
    """Of what has failed or was cancelled."""

    @classmethod
    def of(cls, settings: TaskSettings) -> Self:
        """Return what the settings of a project say."""
        return cls(
            is_on=settings.worker,
            concurrency=settings.concurrency,
            weights=settings.queues,
            queues=settings.serves or None,
            lease_s=settings.lease_s,
            poll_s=settings.poll_s,
            retention=timedelta(seconds=settings.retention_s),
            dead_retention=timedelta(seconds=settings.dead_retention_s),
        )


@dataclass(slots=True, kw_only=True)
class _Claim:
    """A task that this worker has, and until when."""

    # A row of the table, hence Any.
    row: sa.Row[Any]
    definition: TaskDefinition
    id: UUID
    attempt: int
    lease_end: datetime


class TaskWorker:
    """Does what is due in the queues that it serves, some tasks at once."""

    def __init__(
        self,
        engine: AsyncEngine,
        queue: SqlTaskQueue,
        runner: TaskRunner,
        *,
        schedules: TaskSchedules | None = None,
        policy: TaskPolicy | None = None,
    ) -> None:
        """Have the tasks of `queue` done by `runner`; nothing happens before `start`.

        Args:
            engine: The database of the queue.
            queue: Where tasks wait.
            runner: Takes them to whoever carries them out; its clock tells what is due.
            schedules: What asks for tasks that are due at times of their own.
            policy: How many at once, how long they are kept.
        """
        self.policy = policy or TaskPolicy()
        self._engine = engine
        self._queue = queue
        self._runner = runner
        self._clock = runner.clock
        self._schedules = schedules
        self._turns = WeightedTurns(self.policy.weights)
        self._task: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    def start(self) -> None:
        """Begin, unless another process is to; needs a running event loop."""
        if not self.policy.is_on:
            return
        self._is_stopping = False
        self._task = asyncio.create_task(self._run(), name="task-worker")

    async def stop(self, *, grace_s: float = 10.0) -> None:
        """End after the tasks that are under way; give back what takes longer than `grace_s`."""
        if self._task is None:
            return
        self._is_stopping = True
        self._queue.written.set()
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self._task, grace_s)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace_s)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._task = None

    async def run_due(self) -> int:
        """Do everything that is due now, and return how many attempts that were."""
        begun = 0
        if self._schedules is not None:
            await self._schedules.advance(self._clock())
        while (taken := await self._fill()) or self._running:
            begun += taken
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        return begun

    async def clean_up(self) -> None:
        """Delete what was kept long enough; end what nobody knows."""
        now, table, policy = self._clock(), self._queue.table, self.policy
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
        if self._schedules is not None:
            await self._schedules.forget(now)

    async def _run(self) -> None:
        cleaned_at: datetime | None = None
        while not self._is_stopping:
            self._queue.written.clear()
            taken = 0
            try:
                now = self._clock()
                if self._schedules is not None:
                    await self._schedules.advance(now)
                taken = await self._fill()
                if cleaned_at is None or (now - cleaned_at).total_seconds() >= _HOUSEKEEPING_S:
                    cleaned_at = now
                    await self.clean_up()
            except Exception:
                # A database that is away comes back, and a worker that has ended does not.
                _logger.exception("task_worker_failed")
            if not taken and not self._is_stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._queue.written.wait(), self.policy.poll_s)

    async def _fill(self) -> int:
        """Begin what is due, as much as may be done at once; return how much that was."""
        begun = 0
        while not self._is_stopping and len(self._running) < self.policy.concurrency:
            claim = await self._take()
            if claim is None:
                break
            task = asyncio.create_task(self._carry_out(claim), name=f"task-{claim.row.id}")
            self._running.add(task)
            task.add_done_callback(self._ended)
            begun += 1
        return begun

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        # There is room for another.
        self._queue.written.set()
        if not task.cancelled() and task.exception() is not None:
            _logger.error("task_not_settled", exc_info=task.exception())

    # ------------------------------------------------------------------ claims

    async def _take(self) -> _Claim | None:
        """Claim the task whose turn it is, None when nothing is due."""
        # A look costs no lock, which on SQLite everybody else would wait for.
        for queue in self._turns.order(await self._waiting()):
            claim = await self._claim(queue)
            if claim is not None:
                self._turns.taken(queue)
                return claim
        return None

    async def _waiting(self) -> list[str]:
        table = self._queue.table
        due = sa.select(table.c.queue).where(self._is_due(self._clock())).distinct()
        async with reading(self._engine) as connection:
            return [row.queue for row in (await connection.execute(due)).all()]

    def _is_due(self, now: datetime) -> sa.ColumnElement[bool]:
        table, queues = self._queue.table, self.policy.queues
        conditions = [
            table.c.due_at <= now,
            # A version of the program that knows the others may be about to come.
            table.c.name.in_(tuple(self._queue.registry.definitions)),
        ]
        if queues is not None:
            conditions.append(table.c.queue.in_(tuple(queues)))
        return sa.and_(*conditions)

    async def _claim(self, queue: str) -> _Claim | None:
        """Take the first task of a queue, and end those whose worker has died too often."""
        table = self._queue.table
        while True:
            now = self._clock()
            lease_end = now + timedelta(seconds=self.policy.lease_s)
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
                claim = _Claim(
                    row=row,
                    definition=definition,
                    id=uuid7(),
                    attempt=row.attempts + 1,
                    lease_end=lease_end,
                )
                values = (
                    _over(TaskState.FAILED, now, _DIED)
                    if is_dead
                    else {
                        "state": TaskState.RUNNING,
                        "claim_id": claim.id,
                        "attempts": claim.attempt,
                        "started_at": now,
                        "due_at": lease_end,
                    }
                )
                await work.session.execute(
                    sa.update(table).where(table.c.id == row.id).values(**values)
                )
                await work.commit()
            if not is_dead:
                return claim
            _logger.error("task_dead", task=row.name, task_id=str(row.id), attempts=row.attempts)

    # ---------------------------------------------------------------- attempts

    async def _carry_out(self, claim: _Claim) -> None:
        """Make one attempt, and note how it ended."""
        row = claim.row
        context = ExecutionContext(
            request_id=str(row.id),
            correlation_id=row.correlation_id or str(row.id),
            causation_id=str(row.id),
            actor=SYSTEM,
            trace_parent=row.trace_parent,
            task_id=str(row.id),
        )
        with bound_context(context):
            facts = {"task": row.name, "queue": row.queue, "attempt": claim.attempt}
            _logger.info("task_begun", **facts)
            began = self._clock()
            outcome = "failed"
            try:
                outcome = await self._attempt(claim)
            finally:
                duration_s = (self._clock() - began).total_seconds()
                _logger.info("task_ended", **facts, outcome=outcome, duration_s=duration_s)

    async def _attempt(self, claim: _Claim) -> str:
        run = TaskRun(
            context=TaskContext(
                id=claim.row.id,
                attempt=claim.attempt,
                now=self._clock(),
                scheduled_for=claim.row.scheduled_for,
                actor_id=claim.row.actor_id,
            )
        )
        work = asyncio.create_task(self._do(claim, run))
        try:
            is_own = await self._watch(claim, run, work)
        except asyncio.CancelledError:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await asyncio.shield(self._give_back(claim))
            return "given_back"
        if not is_own:
            return "lost"
        if work.cancelled():
            error: BaseException | None = RuntimeError("the task has cancelled itself")
        else:
            error = work.exception()
        return await self._settle(claim, run, error)

    async def _do(self, claim: _Claim, run: TaskRun) -> None:
        """Do it, in the time that an attempt may take.

        Raises:
            OperationTimeoutError: It took longer.
            TaskRefusedError: What it was told is not what it needs to know.
        """
        name, timeout_s = claim.row.name, claim.definition.timeout_s
        try:
            task = self._queue.registry.from_json(name, claim.row.input)
        except ValidationError as error:
            # It was asked for by a version of the program with other ideas of the task.
            raise TaskRefusedError(_OUTDATED, code="input_invalid") from error
        if timeout_s is None:
            await self._runner.run(task, run)
            return
        try:
            async with asyncio.timeout(timeout_s) as limit:
                await self._runner.run(task, run)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise OperationTimeoutError(name, timeout_s) from error

    async def _watch(self, claim: _Claim, run: TaskRun, work: asyncio.Task[None]) -> bool:
        """Give signs of life until `work` is done; stop it when the task is no longer ours."""
        tick_s = min(_TICK_S, self.policy.lease_s / 4)
        shown: TaskProgress | None = None
        while not (await asyncio.wait({work}, timeout=tick_s))[0]:
            now, progress = self._clock(), run.progress.reported
            is_half_over = (claim.lease_end - now).total_seconds() < self.policy.lease_s / 2
            if progress == shown and not is_half_over:
                continue
            lease_end = now + timedelta(seconds=self.policy.lease_s)
            try:
                is_own = await self._note(claim, due_at=lease_end, **_shown(progress))
            except Exception:
                _logger.exception("task_not_noted")
                continue
            if not is_own:
                _logger.warning("task_lost")
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                return False
            shown, claim.lease_end = progress, lease_end
        return True

    def _transaction(self) -> SqlUnitOfWork:
        # Whatever the project's own level is: each statement has to see what others did.
        return SqlUnitOfWork(self._engine, isolation="READ COMMITTED")

    # -------------------------------------------------------------- settlement

    async def _settle(self, claim: _Claim, run: TaskRun, error: BaseException | None) -> str:
        now, retry = self._clock(), claim.definition.retry
        progress = _shown(run.progress.reported)
        if error is None:
            is_own = await self._note(claim, **_over(TaskState.SUCCEEDED, now, None), **progress)
            return "succeeded" if is_own else "lost"
        told, is_final = _told(error)
        if is_final or claim.attempt >= retry.attempts:
            _logger.error("task_failed", task=claim.row.name, code=told.code, exc_info=error)
            await self._note(claim, **_over(TaskState.FAILED, now, told), **progress)
            return "failed"
        wait_s = retry.wait_s(claim.attempt)
        _logger.warning("task_repeated", task=claim.row.name, retry_in_s=wait_s, exc_info=error)
        due_at = now + timedelta(seconds=wait_s)
        await self._note(
            claim,
            state=TaskState.QUEUED,
            claim_id=None,
            due_at=due_at,
            rank_at=rank(due_at, claim.row.priority),
            error_code=told.code,
            error_message=told.message,
            **progress,
        )
        return "repeated"

    async def _give_back(self, claim: _Claim) -> None:
        """Let another worker begin it at once; the attempt does not count."""
        _logger.info("task_given_back", task=claim.row.name)
        await self._note(
            claim,
            state=TaskState.QUEUED,
            claim_id=None,
            due_at=self._clock(),
            attempts=claim.attempt - 1,
        )

    # Columns of several types, hence Any.
    async def _note(self, claim: _Claim, **values: Any) -> bool:
        """Note something about a task; tell whether it was still ours."""
        table = self._queue.table
        own = sa.and_(table.c.id == claim.row.id, table.c.claim_id == claim.id)
        async with self._transaction() as work:
            noted = sa.update(table).where(own).values(**values).returning(table.c.id)
            found = (await work.session.execute(noted)).first()
            await work.commit()
        return found is not None


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


def _told(error: BaseException) -> tuple[TaskError, bool]:
    """Return what may be told of an error, and whether no further attempt is made."""
    match error:
        case TaskRefusedError():
            return TaskError(code=error.code, message=error.message), True
        case SharedModuleError():
            try:
                answer = ServiceError.of(error)
            except SharedModuleError:
                return _INTERNAL, False
            return TaskError(code=answer.code, message=answer.message), False
        case _:
            return _INTERNAL, False
