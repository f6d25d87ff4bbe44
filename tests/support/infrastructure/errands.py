"""Tasks as the generator writes them, and a worker that does them: errands that are run."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase

from apigen.support.application.task_registry import TaskDefinition, TaskRegistry
from apigen.support.application.task_runner import TaskRun, TaskRunner
from apigen.support.core.clock import Clock
from apigen.support.core.cron import CronSchedule
from apigen.support.core.retry import RetryPolicy
from apigen.support.core.tasks import BackgroundTask
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.task_policy import TaskPolicy
from apigen.support.infrastructure.task_queue import SqlTaskQueue, task_table
from apigen.support.infrastructure.task_schedules import TaskSchedules, schedule_table
from apigen.support.infrastructure.task_worker import TaskWorker


class Row(DeclarativeBase):
    """Base of the rows."""


TASKS_TABLE = task_table(Row.metadata)
SCHEDULES_TABLE = schedule_table(Row.metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand(BackgroundTask):
    """Something to be fetched."""

    task_name = "home.errand"

    what: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore(BackgroundTask):
    """Something of which there is one at a time."""

    task_name = "home.chore"

    room: str = "kitchen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep(BackgroundTask):
    """Something that is done each night."""

    task_name = "home.sweep"


RETRY = RetryPolicy(attempts=3, delay_s=10, max_delay_s=60, jitter=False)
ERRAND = TaskDefinition(kind=Errand, retry=RETRY)
CHORE = TaskDefinition(kind=Chore, queue="low", retry=RETRY, unique=("room",), timeout_s=0.2)
SWEEP = TaskDefinition(
    kind=Sweep, queue="low", retry=RETRY, schedule=CronSchedule.parse("0 3 * * *")
)
REGISTRY = TaskRegistry((ERRAND, CHORE, SWEEP))


class SetTime:
    """A time that is set."""

    def __init__(self, now: datetime | None = None) -> None:
        """Begin at some time."""
        self.now = now or datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def passes(self, **amount: float) -> None:
        """Let time pass."""
        self.now += timedelta(**amount)


class Home:
    """A queue with a worker, and what was done."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Clock,
        *,
        policy: TaskPolicy | None = None,
        definitions: tuple[TaskDefinition, ...] = (ERRAND, CHORE, SWEEP),
    ) -> None:
        """Do tasks of these classes."""
        self.engine = engine
        self.done: list[BackgroundTask] = []
        self.runs: list[TaskRun] = []
        self.fails: Callable[[TaskRun], Exception | None] = lambda run: None
        self.gate: asyncio.Event | None = None
        self.queue = SqlTaskQueue(engine, TASKS_TABLE, TaskRegistry(definitions), clock=clock)
        self.runner = TaskRunner(clock=clock)
        for definition in definitions:
            self.runner.register(definition.kind, self.carry_out)
        self.worker = TaskWorker(
            engine,
            self.queue,
            self.runner,
            schedules=TaskSchedules(engine, SCHEDULES_TABLE, self.queue),
            policy=policy or TaskPolicy(poll_s=0.05),
        )

    async def carry_out(self, task: BackgroundTask, run: TaskRun, /) -> None:
        """Do it, once the gate is open."""
        self.runs.append(run)
        if self.gate is not None:
            await self.gate.wait()
        error = self.fails(run)
        if error is not None:
            raise error
        self.done.append(task)

    async def create_tables(self) -> None:
        """Make the tables."""
        async with self.engine.begin() as connection:
            await connection.run_sync(Row.metadata.create_all)


async def run_errands(url: str, file: str, told: int) -> None:
    """Ask for one errand after the other and do them, noting both, until the process is killed."""
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    engine = create_engine(url)
    quick = replace(ERRAND, retry=RetryPolicy(attempts=1000))
    queue = SqlTaskQueue(engine, TASKS_TABLE, TaskRegistry((quick,)))
    runner = TaskRunner()

    async def carry_out(errand: Errand, run: TaskRun, /) -> None:
        os.write(log, f"{run.context.id}\n".encode())

    runner.register(Errand, carry_out)
    TaskWorker(engine, queue, runner, policy=TaskPolicy(poll_s=0.02)).start()
    while True:
        await queue.enqueue(Errand(what="milk"))
        os.write(told, b"\n")


async def drop_tables(engine: AsyncEngine) -> None:
    """Remove the tables."""
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.drop_all)


def all_rows() -> sa.Select[tuple[object, ...]]:
    """Return the statement that reads the table."""
    return sa.select(TASKS_TABLE).order_by(TASKS_TABLE.c.id)
