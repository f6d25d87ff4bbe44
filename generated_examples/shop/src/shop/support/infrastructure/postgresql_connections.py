"""A pool of asyncpg connections for statements that are transactions of their own.

Such statements leave nothing behind that had to be reset, so that to take a connection and to give
it back is to take an item from a list. asyncpg's own pool makes a proxy, a task and a timer each
time, which together cost as much as the query of a row.

Source: requirement 32.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import asyncpg

from ..core.errors import PoolInvariantViolation, PoolTimeoutError

type Connect = Callable[[], Awaitable[asyncpg.Connection]]


class PostgreSQLConnections:
    """At most so many connections; who comes when all are lent waits, first come, first served."""

    def __init__(self, connect: Connect, *, limit: int, timeout_s: float, rest_s: float) -> None:
        """Connect when somebody asks.

        Args:
            connect: Makes a connection.
            limit: How many there are at most.
            timeout_s: How long to wait for one, and for it to connect.
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

    async def take(self) -> tuple[asyncpg.Connection, float]:
        """Lend a connection, and tell when it was used last.

        Raises:
            PoolTimeoutError: None became free, or was made, in time.
            OSError, asyncpg.PostgresError, asyncpg.InterfaceError: None can be made.
        """
        now = time.monotonic()
        while self._resting:
            connection, since = self._resting.pop()
            if not connection.is_closed() and now - since < self._rest_s:
                self._lent += 1
                return connection, since
            connection.terminate()
            self._size -= 1
        try:
            # A clock is set only for those who have to wait, or to connect.
            async with asyncio.timeout(self._timeout_s):
                connection = await self._awaited()
        except TimeoutError as error:
            raise PoolTimeoutError(self._timeout_s) from error
        self._lent += 1
        return connection, time.monotonic()

    def give_back(self, connection: asyncpg.Connection) -> None:
        """Take a connection back that has answered."""
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

    def expire(self) -> None:
        """Drop all connections that rest: what has happened to one has happened to them."""
        resting, self._resting = self._resting, []
        for connection, _ in resting:
            connection.terminate()
            self._free_place()

    async def close(self) -> None:
        """Close what rests, and later whatever is given back."""
        self._is_closed = True
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

    async def _awaited(self) -> asyncpg.Connection:
        if self._size < self._limit:
            self._size += 1
        else:
            connection = await self._turn()
            if connection is not None:
                return connection
        try:
            return await self._connect()
        except BaseException:
            self._free_place()
            raise

    async def _turn(self) -> asyncpg.Connection | None:
        turn: asyncio.Future[asyncpg.Connection | None]
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
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
