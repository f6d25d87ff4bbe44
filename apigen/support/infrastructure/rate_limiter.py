"""Counting requests: in the memory of this process, or on a server that several processes share.

On the server the counting is throttled-py's. While it is away each process counts by itself, so
that nobody is refused for it and nobody goes without a limit; the log says so once.

Source: requirement 69.1.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, time
from typing import Any

import structlog
from pydantic import SecretStr
from throttled.asyncio import RedisStore, Throttled, per_duration
from throttled.exceptions import BaseThrottledError

from ..application.rate_limits import Rate, RateAlgorithm, RateVerdict
from .request_counts import RequestCounts

_logger = structlog.get_logger("rate_limits")

_MOST_CALLERS = 100_000
"""Of whom a process remembers; beyond, those that were not seen for longest are forgotten."""
_TIMEOUT_S = 0.25
"""A limit must not cost more time than what it protects."""
_AWAY_S = 5.0
"""How long a server that did not answer is left alone."""


class ThrottledRateLimiter:
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
        self._prefix = f"{prefix}:rate_limits"
        self._memory = RequestCounts(most=_MOST_CALLERS, now=now)
        self._server: RedisStore | None = None
        if redis_url is not None:
            self._server = RedisStore(
                redis_url.get_secret_value(),
                options={"SOCKET_TIMEOUT": _TIMEOUT_S, "SOCKET_CONNECT_TIMEOUT": _TIMEOUT_S},
            )
        self._seconds = seconds
        self._away_until = 0.0
        self._is_away = False
        self._counters: dict[tuple[RateAlgorithm, Rate], Throttled] = {}

    async def count(self, key: str, rate: Rate, algorithm: RateAlgorithm) -> RateVerdict:
        """Count one request."""
        if self._server is not None and self._seconds() >= self._away_until:
            try:
                verdict = await self._count(self._server, key, rate, algorithm)
            except (BaseThrottledError, OSError, TimeoutError) as error:
                self._lose(error)
            else:
                self._find()
                return verdict
        return self._memory.count(key, rate, algorithm)

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._server is not None:
            # The store hands out its client nowhere else, and closes nothing.
            client: Any = self._server._backend.get_client()
            await client.connection_pool.disconnect()

    async def _count(
        self, store: RedisStore, key: str, rate: Rate, algorithm: RateAlgorithm
    ) -> RateVerdict:
        result = await self._counter(store, rate, algorithm).limit(key)
        state = result.state
        retry_s = 0
        if result.limited:
            pause = state.retry_after
            if algorithm is RateAlgorithm.SLIDING_WINDOW:
                # At the end of a window all of it still counts: one request later there is room.
                pause += rate.period_s / rate.limit
            retry_s = max(1, math.ceil(pause))
        return RateVerdict(
            is_limited=result.limited,
            remaining=state.remaining,
            reset_s=math.ceil(state.reset_after),
            retry_s=retry_s,
        )

    def _counter(self, store: RedisStore, rate: Rate, algorithm: RateAlgorithm) -> Throttled:
        found = self._counters.get((algorithm, rate))
        if found is None:
            found = self._counters[algorithm, rate] = Throttled(
                using=algorithm.value,
                quota=per_duration(timedelta(seconds=rate.period_s), rate.limit),
                store=store,
                key_prefix=self._prefix,
            )
        return found

    def _lose(self, error: Exception) -> None:
        self._away_until = self._seconds() + _AWAY_S
        if not self._is_away:
            self._is_away = True
            # Its message may hold the address with its password.
            _logger.warning("rate_limits_in_memory", reason=type(error).__name__)

    def _find(self) -> None:
        if self._is_away:
            self._is_away = False
            _logger.info("rate_limits_shared_again")
