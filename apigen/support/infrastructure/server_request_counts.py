"""Counting requests on a Redis server that several processes share, with throttled-py.

Imported where a server is used: throttled-py and its client cost a tenth of a start.

Source: requirement 69.1.
"""

import math
from datetime import timedelta
from typing import Any

from pydantic import SecretStr
from throttled.asyncio import RedisStore, Throttled, per_duration
from throttled.exceptions import BaseThrottledError

from ..application.rate_limits import Rate, RateAlgorithm, RateVerdict

_TIMEOUT_S = 0.25
"""A limit must not cost more time than what it protects."""


class ServerRequestCounts:
    """Counts of requests on a server, by key."""

    def __init__(self, redis_url: SecretStr, *, prefix: str) -> None:
        """Count under keys that begin with `prefix`; nothing is connected yet."""
        self._prefix = prefix
        self._store = RedisStore(
            redis_url.get_secret_value(),
            options={"SOCKET_TIMEOUT": _TIMEOUT_S, "SOCKET_CONNECT_TIMEOUT": _TIMEOUT_S},
        )
        self._counters: dict[tuple[RateAlgorithm, Rate], Throttled] = {}

    async def count(self, key: str, rate: Rate, algorithm: RateAlgorithm) -> RateVerdict:
        """Count one request.

        Raises:
            OSError: The server does not answer.
        """
        try:
            result = await self._counter(rate, algorithm).limit(key)
        except BaseThrottledError as error:
            # Its message may hold the address with its password.
            raise ConnectionError(type(error).__name__) from error
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

    async def close(self) -> None:
        """Close the connections."""
        # The store hands out its client nowhere else, and closes nothing.
        client: Any = self._store._backend.get_client()
        await client.connection_pool.disconnect()

    def _counter(self, rate: Rate, algorithm: RateAlgorithm) -> Throttled:
        found = self._counters.get((algorithm, rate))
        if found is None:
            found = self._counters[algorithm, rate] = Throttled(
                using=algorithm.value,
                quota=per_duration(timedelta(seconds=rate.period_s), rate.limit),
                store=self._store,
                key_prefix=self._prefix,
            )
        return found
