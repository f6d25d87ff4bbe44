"""Queries on connections of asyncpg's own pool.

A connection that was lost while it lay in the pool is found by the first statement it is asked,
not by a ping before each: a query changes nothing, so it is asked again on a new one.

Source: requirements 3.3, 32.
"""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.errors import DatabaseConnectionError, PoolInvariantViolation, PoolTimeoutError
from ..core.settings import DatabaseSettings
from .row_source import TRUSTED_S, Rows
from .statements import DriverStatement, StatementCompiler, converted

_SQLALCHEMY_ONLY = ("async_creator_fn", "async_fallback", "prepared_statement_name_func")
"""What a URL may say to SQLAlchemy's adapter, and asyncpg does not know."""
_LOST = (
    asyncpg.InterfaceError,
    # What asyncpg says when the server's last word came between two statements.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    OSError,
)
_PING = sa.select(sa.literal(1))
_ENDED = frozenset({"57P01", "57P02", "57P03"})
"""The server was shut down, crashed, or is not ready."""


class PostgreSQLRows:
    """A pool of connections for queries."""

    def __init__(self, url: URL, dialect: Dialect, settings: DatabaseSettings) -> None:
        """Connect to `url` when the first query is asked; `dialect` knows the server by then."""
        self._url = url
        self._dialect = dialect
        self._settings = settings
        self._compiler = StatementCompiler(dialect)
        self._pool: asyncpg.Pool | None = None
        self._used_at = 0.0
        self._lent = 0

    @asynccontextmanager
    async def connection(self, engine: AsyncEngine) -> AsyncIterator["_LentConnection"]:
        """Lend a connection to the database of `engine`.

        Raises:
            PoolTimeoutError: None became free in time.
            DatabaseConnectionError: None could be made.
        """
        pool = self._pool or await self._open()
        lent = _LentConnection(engine, pool, self._compiler, self._settings.pool_timeout_s)
        await lent.take()
        self._lent += 1
        lent.is_fresh = time.monotonic() - self._used_at < TRUSTED_S
        try:
            yield lent
        finally:
            self._lent -= 1
            await lent.give_back()
            self._used_at = time.monotonic()

    def require_balance(self) -> None:
        """Check what the pool counts.

        Raises:
            PoolInvariantViolation: There is, or is lent, more than may be.
        """
        if self._pool is None:
            return
        counters = {
            "limit": self._pool.get_max_size(),
            "size": self._pool.get_size(),
            "idle": self._pool.get_idle_size(),
            "lent": self._lent,
        }
        rules = {
            # Not of its size: a connection that the server has closed may still be lent.
            "lent + idle <= limit": self._lent + counters["idle"] <= counters["limit"],
            "size <= limit": counters["size"] <= counters["limit"],
            "0 <= lent": self._lent >= 0,
        }
        for rule, holds in rules.items():
            if not holds:
                raise PoolInvariantViolation("queries", rule, counters)

    async def close(self) -> None:
        """Close all connections; the next query makes new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    async def _open(self) -> asyncpg.Pool:
        _, options = self._dialect.create_connect_args(self._url)
        for name in _SQLALCHEMY_ONLY:
            options.pop(name, None)
        if "prepared_statement_cache_size" in options:
            # A pooler between here and the server may allow none.
            options["statement_cache_size"] = options.pop("prepared_statement_cache_size")
        pool = asyncpg.create_pool(
            **options,
            server_settings=self._settings.server_settings,
            min_size=0,
            max_size=self._settings.pool_size,
            max_inactive_connection_lifetime=self._settings.pool_recycle_s,
            # Queries leave nothing behind that had to be reset, which would cost a round trip.
            reset=_as_it_is,
        )
        opened: asyncpg.Pool = await pool
        if self._pool is None:
            self._pool = opened
        return self._pool


class _LentConnection:
    """A connection on loan."""

    def __init__(
        self,
        engine: AsyncEngine,
        pool: asyncpg.Pool,
        compiler: StatementCompiler,
        timeout_s: float,
    ) -> None:
        self.bind = engine
        self.is_fresh = False
        """Whether connections of the pool answered a moment ago."""
        self._pool = pool
        self._compiler = compiler
        self._timeout_s = timeout_s
        # Any: what asyncpg lends is a proxy of a connection, without types.
        self._connection: Any = None

    async def take(self) -> None:
        """Wait for a connection."""
        # A clock is set only for those who have to wait, or to connect.
        timeout_s = None if self._pool.get_idle_size() else self._timeout_s
        try:
            self._connection = await self._pool.acquire(timeout=timeout_s)
        except TimeoutError as error:
            raise PoolTimeoutError(self._timeout_s) from error
        except (asyncpg.PostgresError, *_LOST) as error:
            raise DatabaseConnectionError(error) from error

    async def give_back(self) -> None:
        """Give the connection back to the pool."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.release(connection)

    async def rows(
        self, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> Rows:
        """Return all rows of a query."""
        asked = self._compiler.compile(statement, values)
        try:
            try:
                return await self._ask(asked, statement)
            except (asyncpg.PostgresError, *_LOST) as error:
                if not _is_lost(error):
                    raise
            # All others in the pool are as old.
            with suppress(asyncpg.InterfaceError):
                # Unless the pool has noticed by itself.
                self._connection.terminate()
            await self.give_back()
            await self._pool.expire_connections()
            await self.take()
            return await self._ask(asked, statement)
        except (asyncpg.PostgresError, ValueError, *_LOST) as error:
            raise DBAPIError(
                asked.sql, None, error, connection_invalidated=_is_lost(error)
            ) from error

    async def change(self, statement: sa.Insert | sa.Update, values: Mapping[str, Any]) -> int:
        """Carry out a change, once, and return how many rows it has changed."""
        if not self.is_fresh:
            # A query finds out whether the connection is alive; a change must not be sent twice.
            await self.rows(_PING)
        asked = self._compiler.kept(statement, values)
        try:
            done: str = await self._connection.execute(asked.sql, *asked.arguments)
        except (asyncpg.PostgresError, ValueError, *_LOST) as error:
            raise DBAPIError(
                asked.sql, None, error, connection_invalidated=_is_lost(error)
            ) from error
        # `INSERT 0 1`, `UPDATE 1`
        return int(done.rpartition(" ")[2])

    async def _ask(self, asked: DriverStatement, statement: sa.Select[Any]) -> Rows:
        converters = self._compiler.known_converters(asked)
        if converters is None:
            prepared = await self._connection.prepare(asked.sql)
            codes = [attribute.type.oid for attribute in prepared.get_attributes()]
            converters = self._compiler.converters(asked, statement, codes)
        found: Sequence[Sequence[Any]] = await self._connection.fetch(asked.sql, *asked.arguments)
        return converted(found, converters)


def _is_lost(error: BaseException) -> bool:
    # Errors of what was asked, of an argument for one, are errors of the interface too.
    if isinstance(error, ValueError):
        return False
    return isinstance(error, _LOST) or getattr(error, "sqlstate", None) in _ENDED


async def _as_it_is(_connection: object) -> None:
    pass
