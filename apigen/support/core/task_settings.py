"""Settings of background tasks.

Source: requirement 67.
"""

from typing import Annotated

from pydantic import Field

from .settings import SettingsGroup


class TaskSettings(SettingsGroup):
    """How background tasks are done; durations in seconds."""

    worker: bool = True
    """Whether this process does tasks; at least one process of a project has to."""
    concurrency: int = Field(default=4, ge=1, le=1000)
    """How many tasks a process does at once."""
    queues: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(
        default_factory=dict
    )
    """How often each queue has a turn beside the others: `{"high": 4, "default": 2, "low": 1}`."""
    serves: tuple[str, ...] = ()
    """Queues that this process serves; none: all."""
    poll_s: float = Field(default=1.0, gt=0)
    """How often is looked for tasks that other processes have asked for."""
    lease_s: float = Field(default=60.0, ge=1)
    """How long after the last sign of life of its worker a task is begun again."""
    retention_s: float = Field(default=604_800.0, gt=0)
    """How long tasks are kept that have succeeded."""
    dead_retention_s: float = Field(default=2_592_000.0, gt=0)
    """How long tasks are kept that have failed or were cancelled."""
