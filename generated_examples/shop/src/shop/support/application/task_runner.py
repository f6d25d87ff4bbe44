"""Who carries out tasks: functions written by hand, and commands.

A task is begun at least once: one whose worker dies is begun again. What it does must bear that.

Source: requirements 67.1, 67.3, 89.2.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from ..core.clock import Clock, utc_now
from ..core.errors import DuplicateError, SharedModuleError
from ..core.result import Err
from ..core.tasks import BackgroundTask, TaskProgress
from .buses import CommandBus
from .command_handlers import WorkFactory
from .commands import Command, Delivery


class TaskRefusedError(SharedModuleError):
    """A task can not succeed, however often it is tried: no further attempt is made.

    Code and message are shown to whoever may see the task.
    """

    code = "task_refused"


class Progress:
    """What a task says of how far it is; whoever may see the task sees it within a second."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.reported: TaskProgress | None = None

    def report(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Say how far it is.

        Args:
            done: How much is done, in whatever is counted.
            total: How much there is to do, when that is known.
            message: What is being done, for people; it is shown to whoever may see the task.

        Raises:
            ValueError: There is no such amount.
        """
        if done < 0 or (total is not None and done > total):
            raise ValueError(f"{done} of {total} can not be done")
        self.reported = TaskProgress(done=done, total=total, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskContext:
    """What surrounds one attempt at a task."""

    id: UUID
    """The same for every attempt."""
    attempt: int
    """The first is 1."""
    now: datetime
    scheduled_for: datetime | None = None
    """The time of its schedule that it is for."""
    actor_id: str | None = None
    """Who has asked for it. It is done on the program's own behalf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun:
    """One attempt at a task, as the worker begins it."""

    context: TaskContext
    progress: Progress = field(default_factory=Progress)


class CarriesOut[TaskT: BackgroundTask](Protocol):
    """Carries out tasks of one class."""

    async def __call__(self, task: TaskT, run: TaskRun, /) -> None:
        """Do it; raising is a failed attempt."""
        ...


class TaskRunner:
    """Takes tasks to whoever carries them out."""

    def __init__(self, *, clock: Clock = utc_now) -> None:
        """Know nobody yet; `clock` tells tasks the time."""
        self.clock = clock
        # Tasks of any class, hence Any.
        self._routes: dict[type[BackgroundTask], CarriesOut[Any]] = {}

    def register[TaskT: BackgroundTask](
        self, kind: type[TaskT], carries_out: CarriesOut[TaskT]
    ) -> None:
        """Have the tasks of a class carried out.

        Raises:
            ValueError: Somebody does so already.
        """
        if kind in self._routes:
            raise ValueError(f"{kind.__name__} is carried out already")
        self._routes[kind] = carries_out

    def knows(self, kind: type[BackgroundTask]) -> bool:
        """Tell whether somebody carries out the tasks of a class."""
        return kind in self._routes

    async def run(self, task: BackgroundTask, run: TaskRun) -> None:
        """Carry a task out.

        Raises:
            LookupError: Nobody carries out tasks of its class: a mistake of the program.
        """
        try:
            route = self._routes[type(task)]
        except KeyError:
            raise LookupError(f"nothing carries out {type(task).__name__}") from None
        await route(task, run)


class CustomTask[TaskT: BackgroundTask, WorkT]:
    """Carries tasks out by a function written by hand, which opens its own transactions."""

    def __init__(
        self,
        handle: Callable[[TaskT, WorkFactory[WorkT], TaskContext], Awaitable[None]],
        unit_of_work: WorkFactory[WorkT],
    ) -> None:
        """Call `handle` with what opens transactions."""
        self._handle = handle
        self._unit_of_work = unit_of_work

    async def __call__(self, task: TaskT, run: TaskRun, /) -> None:
        """Do it."""
        await self._handle(task, self._unit_of_work, run.context)


class ReportingTask[TaskT: BackgroundTask, WorkT]:
    """As `CustomTask`, for a function that says how far it is."""

    def __init__(
        self,
        handle: Callable[[TaskT, WorkFactory[WorkT], TaskContext, Progress], Awaitable[None]],
        unit_of_work: WorkFactory[WorkT],
    ) -> None:
        """Call `handle` with what opens transactions, and what it reports to."""
        self._handle = handle
        self._unit_of_work = unit_of_work

    async def __call__(self, task: TaskT, run: TaskRun, /) -> None:
        """Do it."""
        await self._handle(task, self._unit_of_work, run.context, run.progress)


class CommandTask[TaskT: BackgroundTask]:
    """Carries tasks out by sending a command each, once however often the task is begun."""

    def __init__(
        self,
        commands: CommandBus,
        # A command of any result, hence Any.
        command: Callable[[TaskT, Delivery], Command[Any]],
    ) -> None:
        """Send the command that `command` makes of a task; the delivery is its `delivery`."""
        self._commands = commands
        self._command = command

    async def __call__(self, task: TaskT, run: TaskRun, /) -> None:
        """Send it.

        Raises:
            TaskRefusedError: It was refused, and would be again.
        """
        delivery = Delivery(consumer=task.task_name, key=str(run.context.id))
        result = await self._commands.dispatch(self._command(task, delivery))
        if isinstance(result, Err) and result.error.code != DuplicateError.code:
            raise TaskRefusedError(result.error.message, code=result.error.code)
