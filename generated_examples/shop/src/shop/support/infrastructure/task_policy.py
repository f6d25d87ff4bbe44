"""How the tasks of a project are done, and how long they are kept.

Source: requirements 67.1 to 67.4.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from ..core.task_settings import TaskSettings


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
