"""Watch a pool of database connections: how full it is, who waits for it, what fails.

All of it is told as metrics of OpenTelemetry, by the names of its conventions for databases, which
costs nothing until somebody collects them; what an operator should know of is logged as well. What
a pool does about it is the pool's business.

Source: requirement 79; OpenTelemetry semantic conventions, "Database client metrics".
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakSet

import structlog
from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from sqlalchemy.exc import TimeoutError as PoolExhausted

from ..core.errors import PoolTimeoutError

_TELL_EVERY_S = 5.0
"""Of waiting one line in so many seconds."""
_NOTICED_S = 0.1
"""Who waits longer for a connection may notice it."""
_POOL = "db.client.connection.pool.name"
_STATE = "db.client.connection.state"

_logger = structlog.get_logger("database")


@dataclass(frozen=True, slots=True)
class PoolState:
    """What a pool holds at a moment."""

    limit: int
    """Connections that there may be."""
    used: int
    idle: int
    waiting: int = 0
    """Those of whom the watch is not told, see `PoolWatch.waiting`."""

    @property
    def is_exhausted(self) -> bool:
        """Tell whether the next one has to wait."""
        return self.used >= self.limit


@dataclass(slots=True)
class _Waits:
    """What has been waited for since the last line about it."""

    count: int = 0
    timeouts: int = 0
    deepest: int = 0
    total_s: float = 0.0
    longest_s: float = 0.0


class PoolWatch:
    """Counts for one pool, and tells of it."""

    def __init__(
        self,
        name: str,
        state: Callable[[], PoolState],
        *,
        tell_every_s: float = _TELL_EVERY_S,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to watch.

        Args:
            name: What the pool is for; pools of one name are one in metrics.
            state: Returns what it holds.
            tell_every_s: There is at most one line about waiting in so many seconds.
            seconds: A clock that never goes back.
        """
        self.name = name
        self.state = state
        self._tell_every_s = tell_every_s
        self._seconds = seconds
        self._waiting = 0
        self._waits = _Waits()
        self._telling: asyncio.TimerHandle | None = None
        self._down_since: float | None = None
        self._attempts = 0
        self._labels = {_POOL: name}
        _watches.add(self)

    @property
    def queue_depth(self) -> int:
        """How many wait for a connection."""
        return self._waiting + self.state().waiting

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count somebody who has to wait, as long as the block runs; a timeout may end it."""
        began = self._seconds()
        self._waiting += 1
        self._waits.deepest = max(self._waits.deepest, self._waiting)
        if self._telling is None:
            loop = asyncio.get_running_loop()
            self._telling = loop.call_later(self._tell_every_s, self._tell)
        try:
            yield
        except (PoolTimeoutError, PoolExhausted):
            self._waits.timeouts += 1
            _timeouts.add(1, self._labels)
            raise
        finally:
            self._waiting -= 1
            waited_s = self._seconds() - began
            self._waits.count += 1
            self._waits.total_s += waited_s
            self._waits.longest_s = max(self._waits.longest_s, waited_s)
            _wait_time.record(waited_s, self._labels)

    def lost(self, error: BaseException | None, *, connections: int = 1) -> None:
        """Tell of connections that the server has ended; others are made when they are needed."""
        _failures.add(connections, self._labels | {"reason": "lost"})
        _logger.warning(
            "database_connections_lost",
            pool=self.name,
            connections=connections,
            # What a driver says can name hosts and users.
            reason=type(error).__name__ if error is not None else "closed by the server",
        )

    def unreachable(self, error: BaseException) -> None:
        """Tell that no connection could be made; one line, until there is one again."""
        _failures.add(1, self._labels | {"reason": "unreachable"})
        self._attempts += 1
        if self._down_since is None:
            self._down_since = self._seconds()
            _logger.error("database_unreachable", pool=self.name, reason=type(error).__name__)

    def reached(self) -> None:
        """Note that a connection could be made."""
        if self._down_since is not None:
            _logger.warning(
                "database_reached_again",
                pool=self.name,
                after_s=round(self._seconds() - self._down_since, 3),
                attempts=self._attempts,
            )
            self._down_since = None
            self._attempts = 0

    def close(self) -> None:
        """Tell what there is to be told; the pool is closed."""
        if self._telling is not None:
            self._telling.cancel()
            self._tell()

    def _tell(self) -> None:
        self._telling = None
        waits, self._waits = self._waits, _Waits(deepest=self._waiting)
        if not waits.count and not self._waiting:
            return
        level = "info"
        if waits.timeouts:
            level = "error"
        elif waits.longest_s >= _NOTICED_S or self._waiting:
            level = "warning"
        state = self.state()
        getattr(_logger, level)(
            "database_pool_exhausted",
            pool=self.name,
            limit=state.limit,
            used=state.used,
            waiting=self._waiting,
            most_waiting=waits.deepest,
            waited=waits.count,
            timeouts=waits.timeouts,
            mean_wait_ms=round(waits.total_s / max(waits.count, 1) * 1000, 3),
            longest_wait_ms=round(waits.longest_s * 1000, 3),
        )


_watches: WeakSet[PoolWatch] = WeakSet()

type _Counts = Callable[[PoolWatch], Mapping[str | None, int]]
"""Returns numbers of a pool, by the state of what is counted when there are several."""


def _observed(counts: _Counts) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        found: Counter[tuple[str, str | None]] = Counter()
        for watch in tuple(_watches):
            for state, count in counts(watch).items():
                found[watch.name, state] += count
        for (name, state), count in found.items():
            yield Observation(count, {_POOL: name} | ({_STATE: state} if state else {}))

    return observe


def _connections(watch: PoolWatch) -> Mapping[str | None, int]:
    state = watch.state()
    return {"used": state.used, "idle": state.idle}


_meter = metrics.get_meter("api.database")
_meter.create_observable_up_down_counter(
    "db.client.connection.count",
    [_observed(_connections)],
    unit="{connection}",
    description="Connections that are in use, and that lie idle.",
)
_meter.create_observable_up_down_counter(
    "db.client.connection.max",
    [_observed(lambda watch: {None: watch.state().limit})],
    unit="{connection}",
    description="Connections that there may be.",
)
_meter.create_observable_up_down_counter(
    "db.client.connection.pending_requests",
    [_observed(lambda watch: {None: watch.queue_depth})],
    unit="{request}",
    description="Those who wait for a connection.",
)
_timeouts = _meter.create_counter(
    "db.client.connection.timeouts",
    unit="{timeout}",
    description="Those who have waited for a connection in vain.",
)
_wait_time = _meter.create_histogram(
    "db.client.connection.wait_time",
    unit="s",
    description="How long those who had to wait did.",
    explicit_bucket_boundaries_advisory=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30),
)
_failures = _meter.create_counter(
    "api.database.connection_failures",
    unit="{connection}",
    description="Connections that were lost, or could not be made.",
)
