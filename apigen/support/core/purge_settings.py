"""When deleted rows are removed for good: what an operator may change without the spec."""

from pydantic import Field

from .settings import SettingsGroup


class PurgeSettings(SettingsGroup):
    """Rounds of removal; how long deleted rows are kept is the project's."""

    background: bool = True
    """Whether this process makes rounds; off where `db purge` is run by a schedule."""
    every_s: float = Field(default=3600.0, gt=0)
    """How long after a round the next begins, in seconds."""
    batch: int = Field(default=500, ge=1, le=10_000)
    """How many rows are removed in one transaction."""
