"""Counting requests: in the memory of this process, or on a server that several processes share.

While the server is away each process counts by itself, so that nobody is refused for it and
nobody goes without a limit; the log says so once.

Source: requirement 69.1.
"""

from collections.abc import Callable
from time import monotonic, time
from typing import TYPE_CHECKING

import structlog
from pydantic import SecretStr

from ..application.rate_limits import Rate, RateAlgorithm, RateVerdict
from .request_counts import RequestCounts

if TYPE_CHECKING:
    from .server_request_counts import ServerRequestCounts

_logger = structlog.get_logger("rate_limits")

_MOST_CALLERS = 100_000
"""Of whom a process remembers; beyond, those that were not seen for longest are forgotten."""
_AWAY_S = 5.0
"""How long a server that did not answer is left alone."""


class CountingRateLimiter:
    """A `RateLimiter` of one process, or of all that use the same server."""

    def __init__(
        self,
        *,
        prefix: str,
        redis_url: SecretStr | None = None,
        seconds: Callable[[], float] = monotonic,
        now: Callable[[], float] = time,
    ) -> None:
        """Count under `prefix`; nothing is connected yet.

        Args:
            prefix: Of the keys on the server: the project's name.
            redis_url: Of the server; None: in memory.
            seconds: A clock that never goes back.
            now: The time of day, for what is counted in memory.
        """
        self._memory = RequestCounts(most=_MOST_CALLERS, now=now)
        self._server = None if redis_url is None else _server_counts(redis_url, prefix)
        self._seconds = seconds
        self._away_until = 0.0
        self._is_away = False

    async def count(self, key: str, rate: Rate, algorithm: RateAlgorithm) -> RateVerdict:
        """Count one request."""
        if self._server is not None and self._seconds() >= self._away_until:
            try:
                verdict = await self._server.count(key, rate, algorithm)
            except OSError as error:
                self._lose(error)
            else:
                self._find()
                return verdict
        return self._memory.count(key, rate, algorithm)

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._server is not None:
            await self._server.close()

    def _lose(self, error: OSError) -> None:
        self._away_until = self._seconds() + _AWAY_S
        if not self._is_away:
            self._is_away = True
            reason = type(error.__cause__ or error).__name__
            _logger.warning("rate_limits_in_memory", reason=reason)

    def _find(self) -> None:
        if self._is_away:
            self._is_away = False
            _logger.info("rate_limits_shared_again")


def _server_counts(redis_url: SecretStr, prefix: str) -> "ServerRequestCounts":
    # A start without a server goes without what talks to it.
    from .server_request_counts import ServerRequestCounts

    return ServerRequestCounts(redis_url, prefix=f"{prefix}:rate_limits")
