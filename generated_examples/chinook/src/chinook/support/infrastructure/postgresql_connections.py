"""A pool of asyncpg connections for statements that are transactions of their own.

Such statements leave nothing behind that had to be reset, so that to take a connection and to give
it back is to take an item from a list. asyncpg's own pool makes a proxy, a task and a timer each
time, which together cost as much as the query of a row.

Source: requirements 32, 79.
"""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import asyncpg

from ..core.errors import PoolInvariantViolation, PoolTimeoutError
from .pool_watch import PoolState, PoolWatch

_KEPT_ALIVE = (
    ("TCP_KEEPIDLE", 30),
    ("TCP_KEEPINTVL", 10),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 60_000),
)
"""Options of sockets, as far as a platform has them: a server that says nothing for half a minute
is asked three times whether it is there; the last one is in milliseconds, for what was sent."""


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that is lost when its server has gone without a word.

    The machine or the network of a server can fail while it works: asyncpg would wait for its
    answer for ever, and the pool for the connection.
    """

    # Any: what asyncpg hands over is its own.
    def __init__(
        self, protocol: Any, transport: asyncio.Transport, *others: Any, **named: Any
    ) -> None:
        """Take over what has been connected."""
        super().__init__(protocol, transport, *others, **named)
        _keep_alive(transport.get_extra_info("socket"))


def _keep_alive(connected: socket.socket) -> None:
    if connected.family not in (socket.AF_INET, socket.AF_INET6):
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEPT_ALIVE:
        option: int | None = getattr(socket, name, None)
        if option is not None:
            connected.setsockopt(socket.IPPROTO_TCP, option, value)


type Connect = Callable[[], Awaitable[asyncpg.Connection]]


class PostgreSQLConnections:
    """At most so many connections; who comes when all are lent waits, first come, first served."""

    def __init__(self, connect: Connect, *, limit: int, timeout_s: float, rest_s: float) -> None:
        """Connect when somebody asks.

        Args:
            connect: Makes a connection.
            limit: How many there are at most.
            timeout_s: How long to wait for one, and how long for it to connect.
            rest_s: One that was not used for so long is replaced.
        """
        self._connect = connect
        self._limit = limit
        self._timeout_s = timeout_s
        self._rest_s = rest_s
        self._resting: list[tuple[asyncpg.Connection, float]] = []
        """Each with the moment when it was given back; the last one is lent first."""
        self._waiting: deque[asyncio.Future[asyncpg.Connection | None]] = deque()
        """Get a connection, or None: the place of one, to be filled."""
        self._size = 0
        """Connections and those that are being made."""
        self._lent = 0
        self._is_closed = False
        self._watch = PoolWatch("queries", self._state)

    async def take(self) -> tuple[asyncpg.Connection, float]:
        """Lend a connection, and tell when it was used last.

        Raises:
            PoolTimeoutError: None became free, or was made, in time.
            OSError, asyncpg.PostgresError, asyncpg.InterfaceError: None can be made.
        """
        now = time.monotonic()
        lost = 0
        while self._resting:
            connection, since = self._resting.pop()
            is_lost = connection.is_closed()
            if not is_lost and now - since < self._rest_s:
                self._lent += 1
                return connection, since
            connection.terminate()
            self._size -= 1
            lost += is_lost
        if lost:
            self._watch.lost(None, connections=lost)
        connection = await self._awaited()
        self._lent += 1
        return connection, time.monotonic()

    def give_back(self, connection: asyncpg.Connection) -> None:
        """Take a connection back that has answered."""
        if connection.is_closed() and not self._is_closed:
            self._watch.lost(None)
        if self._is_closed or connection.is_closed():
            self.discard(connection)
            return
        self._lent -= 1
        self._hand_on(connection)

    def discard(self, connection: asyncpg.Connection) -> None:
        """Take a connection back that can not be used any more."""
        self._lent -= 1
        with suppress(asyncpg.InterfaceError):
            # Unless it has noticed by itself.
            connection.terminate()
        self._free_place()

    def lose(self, connection: asyncpg.Connection, error: BaseException) -> None:
        """Take a connection back that turned out to be lost, and drop all that rest."""
        self._watch.lost(error, connections=1 + len(self._resting))
        self.discard(connection)
        self.expire()

    def expire(self) -> None:
        """Drop all connections that rest: what has happened to one has happened to them."""
        resting, self._resting = self._resting, []
        for connection, _ in resting:
            connection.terminate()
            self._free_place()

    async def close(self) -> None:
        """Close what rests, and later whatever is given back."""
        self._is_closed = True
        self._watch.close()
        resting, self._resting = self._resting, []
        self._size -= len(resting)
        for connection, _ in resting:
            await connection.close()

    def require_balance(self) -> None:
        """Check what the pool counts.

        Raises:
            PoolInvariantViolation: There is, or is lent, more than may be.
        """
        counters = self.counters
        rules = {
            "lent + idle <= size": self._lent + len(self._resting) <= self._size,
            "size <= limit": self._size <= self._limit,
            "0 <= lent": self._lent >= 0,
        }
        for rule, holds in rules.items():
            if not holds:
                raise PoolInvariantViolation("queries", rule, counters)

    @property
    def counters(self) -> Mapping[str, int]:
        """How many there may be, are, rest, are lent and are waited for."""
        return {
            "limit": self._limit,
            "size": self._size,
            "idle": len(self._resting),
            "lent": self._lent,
        }

    def _state(self) -> PoolState:
        idle = len(self._resting)
        return PoolState(limit=self._limit, used=self._size - idle, idle=idle)

    async def _awaited(self) -> asyncpg.Connection:
        if self._size < self._limit:
            self._size += 1
        else:
            with self._watch.waiting():
                connection = await self._turn()
            if connection is not None:
                return connection
        try:
            async with asyncio.timeout(self._timeout_s):
                made = await self._connect()
        except BaseException as error:
            self._free_place()
            if isinstance(error, Exception):
                self._watch.unreachable(error)
            raise
        self._watch.reached()
        return made

    async def _turn(self) -> asyncpg.Connection | None:
        turn: asyncio.Future[asyncpg.Connection | None]
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._come(turn)
        except TimeoutError as error:
            raise PoolTimeoutError(self._timeout_s) from error

    async def _come(
        self, turn: "asyncio.Future[asyncpg.Connection | None]"
    ) -> asyncpg.Connection | None:
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                # Its turn came in the same moment.
                connection = turn.result()
                if connection is None:
                    self._free_place()
                else:
                    self._hand_on(connection)
            raise

    def _free_place(self) -> None:
        """Let another connection be made."""
        turn = self._next_turn()
        if turn is None:
            self._size -= 1
        else:
            turn.set_result(None)

    def _hand_on(self, connection: asyncpg.Connection) -> None:
        turn = self._next_turn()
        if turn is None:
            self._resting.append((connection, time.monotonic()))
        else:
            turn.set_result(connection)

    def _next_turn(self) -> "asyncio.Future[asyncpg.Connection | None] | None":
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                return turn
        return None
