"""Does the tasks of a queue in the background, beside requests or in a process of its own.

Which tasks are this worker's, and what is noted of them, is in `task_claims`.

Source: requirements 67.1 to 67.4, 89.2.
"""

import asyncio
from contextlib import suppress
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.results import ServiceError
from ..application.task_runner import TaskContext, TaskRefusedError, TaskRun, TaskRunner
from ..core.actor import SYSTEM
from ..core.context import ExecutionContext, bound_context
from ..core.errors import OperationTimeoutError, SharedModuleError, ValidationError
from ..core.tasks import TaskError, TaskProgress, TaskState
from .round_failures import RoundFailures
from .task_claims import TaskClaim, TaskClaims
from .task_policy import TaskPolicy
from .task_queue import SqlTaskQueue
from .task_schedules import TaskSchedules

_logger = structlog.get_logger("tasks")

_HOUSEKEEPING_S = 3600.0
_TICK_S = 1.0
"""How soon is seen what a task says of its progress."""

_INTERNAL = TaskError(code="internal_error", message="Something went wrong on our side.")
_OUTDATED = "What it was told when it was asked for is not what it needs to know today."


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
        self._queue = queue
        self._runner = runner
        self._clock = runner.clock
        self._schedules = schedules
        self._claims = TaskClaims(engine, queue, self.policy, clock=runner.clock)
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
        await self._claims.clean_up()
        if self._schedules is not None:
            await self._schedules.forget(self._clock())

    async def _run(self) -> None:
        cleaned_at: datetime | None = None
        failures = RoundFailures(_logger, "task_worker")
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
            except Exception as error:
                # A database that is away comes back, and a worker that has ended does not.
                failures.failed(error)
            else:
                failures.worked()
            if not taken and not self._is_stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._queue.written.wait(), self.policy.poll_s)

    async def _fill(self) -> int:
        """Begin what is due, as much as may be done at once; return how much that was."""
        begun = 0
        while not self._is_stopping and len(self._running) < self.policy.concurrency:
            claim = await self._claims.take()
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

    async def _carry_out(self, claim: TaskClaim) -> None:
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

    async def _attempt(self, claim: TaskClaim) -> str:
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
            await asyncio.shield(self._claims.give_back(claim))
            return "given_back"
        if not is_own:
            return "lost"
        if work.cancelled():
            error: BaseException | None = RuntimeError("the task has cancelled itself")
        else:
            error = work.exception()
        return await self._settle(claim, run, error)

    async def _do(self, claim: TaskClaim, run: TaskRun) -> None:
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

    async def _watch(self, claim: TaskClaim, run: TaskRun, work: asyncio.Task[None]) -> bool:
        """Give signs of life until `work` is done; stop it when the task is no longer ours."""
        tick_s = min(_TICK_S, self.policy.lease_s / 4)
        shown: TaskProgress | None = None
        while not (await asyncio.wait({work}, timeout=tick_s))[0]:
            now, progress = self._clock(), run.progress.reported
            is_half_over = (claim.lease_end - now).total_seconds() < self.policy.lease_s / 2
            if progress == shown and not is_half_over:
                continue
            try:
                is_own = await self._claims.renew(claim, progress)
            except Exception:
                _logger.exception("task_not_noted")
                continue
            if not is_own:
                _logger.warning("task_lost")
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                return False
            shown = progress
        return True

    async def _settle(self, claim: TaskClaim, run: TaskRun, error: BaseException | None) -> str:
        retry, progress = claim.definition.retry, run.progress.reported
        if error is None:
            is_own = await self._claims.end(claim, TaskState.SUCCEEDED, progress)
            return "succeeded" if is_own else "lost"
        told, is_final = _told(error)
        if is_final or claim.attempt >= retry.attempts:
            _logger.error("task_failed", task=claim.row.name, code=told.code, exc_info=error)
            await self._claims.end(claim, TaskState.FAILED, progress, told)
            return "failed"
        wait_s = retry.wait_s(claim.attempt)
        _logger.warning("task_repeated", task=claim.row.name, retry_in_s=wait_s, exc_info=error)
        await self._claims.repeat(claim, progress, told, wait_s=wait_s)
        return "repeated"


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
