"""Tell of rounds that fail one after the other: the first time in full, then once in a while.

Rounds in the background come every second. A database that is away for a night, or that was never
migrated, would fill the log with the same traceback. What is to be done about it is the business of
who makes the rounds.
"""

import time
from collections.abc import Callable

from structlog.typing import FilteringBoundLogger

from ..core.errors import DatabaseConnectionError, PoolTimeoutError

_TELL_EVERY_S = 60.0


class RoundFailures:
    """Of one kind of rounds."""

    def __init__(
        self,
        logger: FilteringBoundLogger,
        what: str,
        *,
        tell_every_s: float = _TELL_EVERY_S,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with rounds that work.

        Args:
            logger: Is told.
            what: Begins the names of events: `<what>_failed`, `<what>_works_again`.
            tell_every_s: Of the same failure there is one line in so many seconds.
            seconds: A clock that never goes back.
        """
        self._logger = logger
        self._what = what
        self._tell_every_s = tell_every_s
        self._seconds = seconds
        self._kind: type[Exception] | None = None
        self._since = 0.0
        self._told = 0.0
        self._count = 0

    def failed(self, error: Exception) -> None:
        """Note a round that has failed."""
        now = self._seconds()
        if self._kind is None:
            self._since, self._count = now, 0
        is_known = type(error) is self._kind
        self._kind = type(error)
        self._count += 1
        if is_known and now - self._told < self._tell_every_s:
            return
        self._told = now
        # Where a pool gets no connection it says so itself, and why.
        is_plain = is_known or isinstance(error, DatabaseConnectionError | PoolTimeoutError)
        self._logger.error(
            f"{self._what}_failed",
            error=type(error).__name__,
            rounds=self._count,
            exc_info=None if is_plain else error,
        )

    def worked(self) -> None:
        """Note a round that has not failed."""
        if self._kind is None:
            return
        self._kind = None
        self._logger.warning(
            f"{self._what}_works_again",
            rounds=self._count,
            after_s=round(self._seconds() - self._since, 3),
        )
