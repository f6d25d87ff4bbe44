"""The steps of a migration. Data only; H4 completes this module."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute:
    """A statement, by dialect; None: nothing to do there."""

    postgresql: str | None
    sqlite: str | None


type Operation = Execute
