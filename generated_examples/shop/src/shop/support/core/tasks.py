"""Work that is done later: what it is, and what can be known of it.

Knows nothing of where it waits, nor of who does it.

Source: requirement 67.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class BackgroundTask:
    """Something to be done later, with what it needs to know: `class ExpireCarts(BackgroundTask)`.

    Its fields are its input. It waits as JSON, and may be read by a later version of the program.
    """

    task_name: ClassVar[str]
    """What it is found by: `shop.expire_carts`."""


class TaskState(StrEnum):
    """How far a task is."""

    QUEUED = "queued"
    """It waits for its turn, for its time, or for another attempt."""
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """No attempt is left; it stays for somebody to look at."""
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self not in {TaskState.QUEUED, TaskState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress:
    """How much of a task is done, as it says itself."""

    done: int
    total: int | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskError:
    """Why the last attempt failed, as it may be told: never an internal message."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStatus:
    """What is known of a task."""

    id: UUID
    name: str
    queue: str
    priority: int
    state: TaskState
    attempts: int
    """How often it was begun."""
    created_at: datetime
    due_at: datetime | None
    """When it is begun at the earliest; None when it is over."""
    started_at: datetime | None
    """When the last attempt began."""
    finished_at: datetime | None
    scheduled_for: datetime | None
    """The time of its schedule that it is for."""
    progress: TaskProgress | None
    error: TaskError | None
    actor_id: str | None
    """Who has asked for it; None: the program itself."""
    correlation_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks are asked for; None: any."""

    actor_id: str | None = None
    name: str | None = None
    queue: str | None = None
    state: TaskState | None = None


class TaskQueue(Protocol):
    """Where work waits for its turn; nothing that was taken in is lost.

    Each task is begun at least once: one whose worker dies is begun again.
    """

    async def enqueue(
        self, task: BackgroundTask, *, key: str | None = None, delay: timedelta | None = None
    ) -> UUID:
        """Take a task in, in a transaction of its own; `UnitOfWork.enqueue` has that of a write.

        Args:
            task: What is to be done.
            key: As long as a task of this kind with this key is not over, it stands for the new
                one as well: its id is returned.
            delay: How long it waits at least.

        Raises:
            LookupError: Nobody carries out tasks of this class: a mistake of the program.
        """
        ...

    async def status(self, id: UUID) -> TaskStatus | None:
        """Return what is known of a task; None of one that there is not, or no more."""
        ...

    async def listed(
        self, wanted: TaskFilter, *, limit: int, offset: int = 0
    ) -> tuple[Sequence[TaskStatus], int]:
        """Return the tasks that are asked for, the newest first, and how many there are."""
        ...

    async def cancel(self, id: UUID) -> bool:
        """Have a task not be done, or not be done to its end; tell whether there was time.

        One that is running is stopped at the next heartbeat of its worker.
        """
        ...
