"""Queries and small changes straight on asyncpg.

A connection that was lost while it lay in the pool is found by the first statement it is asked,
not by a ping before each: a query changes nothing, so it is asked again on a new one. A change is
one statement, sent once; many rows are copied.

Source: requirements 3.3, 32.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.errors import DatabaseConnectionError
from ..core.settings import DatabaseSettings
from .joined_statements import joined_addition, joined_change
from .postgresql_connections import Connection, PostgreSQLConnections
from .row_source import TRUSTED_S, Change, NewRows, RowNote, Rows
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
        self._connections: PostgreSQLConnections | None = None

    def connection(self, engine: AsyncEngine) -> "_LentConnection":
        """Lend a connection to the database of `engine`, to who enters what is returned.

        Raises:
            PoolTimeoutError: None became free in time.
            DatabaseConnectionError: None could be made.
        """
        if self._connections is None:
            self._connections = self._pool()
        return _LentConnection(engine, self._connections, self._compiler)

    def require_balance(self) -> None:
        """Check what the pool counts.

        Raises:
            PoolInvariantViolation: There is, or is lent, more than may be.
        """
        if self._connections is not None:
            self._connections.require_balance()

    async def close(self) -> None:
        """Close all connections; the next query makes new ones."""
        connections, self._connections = self._connections, None
        if connections is not None:
            await connections.close()

    def _pool(self) -> PostgreSQLConnections:
        _, options = self._dialect.create_connect_args(self._url)
        for name in _SQLALCHEMY_ONLY:
            options.pop(name, None)
        if "prepared_statement_cache_size" in options:
            # A pooler between here and the server may allow none.
            options["statement_cache_size"] = options.pop("prepared_statement_cache_size")
        return PostgreSQLConnections(
            lambda: asyncpg.connect(
                **options,
                connection_class=Connection,
                server_settings=self._settings.server_settings,
            ),
            limit=self._settings.pool_size,
            timeout_s=self._settings.pool_timeout_s,
            rest_s=self._settings.pool_recycle_s,
        )


class _LentConnection:
    """A connection on loan, as long as its block runs."""

    def __init__(
        self, engine: AsyncEngine, pool: PostgreSQLConnections, compiler: StatementCompiler
    ) -> None:
        self.bind = engine
        self._pool = pool
        self._compiler = compiler
        # Any: what asyncpg returns has no types.
        self._connection: Any = None
        self._used_at = 0.0
        self._is_stuck = False

    async def __aenter__(self) -> Self:
        await self._take()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if isinstance(error, Exception | None) and not self._is_stuck:
            self._pool.give_back(connection)
        else:
            # Cancelled, or not answered in time: the server may be at work on what nobody waits for
            # any more, or be gone.
            self._pool.discard(connection)

    async def _take(self) -> None:
        try:
            self._connection, self._used_at = await self._pool.take()
        except (asyncpg.PostgresError, *_LOST) as error:
            raise DatabaseConnectionError(error) from error

    def _lose(self, error: BaseException) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.lose(connection, error)

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
                self._lose(error)
            await self._take()
            return await self._ask(asked, statement)
        except (asyncpg.PostgresError, ValueError, *_LOST) as error:
            raise self._failed(asked.sql, error) from error

    async def add(
        self, rows: NewRows, *, along: NewRows | None = None, note: RowNote | None = None
    ) -> bool:
        """Add rows, and others along with them, and note it."""
        addition = self._compiler.addition(rows)
        if len(rows.values) > 1:
            is_done: bool = await self._once(
                addition.sql, lambda connection: self._copied(connection, rows, along, note)
            )
            return is_done
        if along is None and note is None:
            (record,) = addition.records(rows)
            await self._once(
                addition.sql, lambda connection: connection.execute(addition.sql, *record)
            )
            return True
        return await self._changed(*joined_addition(rows, along=along, note=note))

    async def change(
        self,
        statement: Change,
        values: Mapping[str, Any],
        *,
        along: NewRows | None = None,
        note: RowNote | None = None,
    ) -> bool:
        """Change a row, add others, and note it."""
        if along is None and note is None:
            return await self._changed(statement, values)
        return await self._changed(*joined_change(statement, values, along=along, note=note))

    async def _changed(self, statement: sa.UpdateBase, values: Mapping[str, Any]) -> bool:
        asked = self._compiler.kept(statement, values)
        done = await self._once(
            asked.sql, lambda connection: connection.execute(asked.sql, *asked.arguments)
        )
        # `INSERT 0 1`, `UPDATE 1`
        return not done.endswith(" 0")

    async def _copied(
        self, connection: Any, rows: NewRows, along: NewRows | None, note: RowNote | None
    ) -> bool:
        if along is None and note is None:
            await self._copy(connection, rows)
            return True
        async with connection.transaction():
            if note is not None:
                asked = self._compiler.kept(note.statement, note.values)
                done = await connection.execute(asked.sql, *asked.arguments)
                if done.endswith(" 0"):
                    return False
            await self._copy(connection, rows)
            if along is not None:
                await self._copy(connection, along)
            return True

    async def _copy(self, connection: Any, rows: NewRows) -> None:
        addition = self._compiler.addition(rows)
        await connection.copy_records_to_table(
            rows.table.name,
            schema_name=rows.table.schema,
            columns=addition.columns,
            records=addition.records(rows),
        )

    # Any: a connection of asyncpg, which has no types, and what it says.
    async def _once(self, sql: str, send: Callable[[Any], Awaitable[Any]]) -> Any:
        """Send a change; `sql` is what errors show."""
        if time.monotonic() - self._used_at >= TRUSTED_S:
            # A query finds out whether the connection is alive; a change must not be sent twice.
            await self.rows(_PING)
        try:
            return await send(self._connection)
        except (asyncpg.PostgresError, ValueError, OverflowError, *_LOST) as error:
            raise self._failed(sql, error) from error

    def _failed(self, sql: str, error: Exception) -> DBAPIError:
        self._is_stuck = isinstance(error, TimeoutError)
        return DBAPIError(sql, None, error, connection_invalidated=_is_lost(error))

    async def _ask(self, asked: DriverStatement, statement: sa.Select[Any]) -> Rows:
        converters = self._compiler.known_converters(asked)
        if converters is None:
            # Without a name: asyncpg would leave it on the server, beside the one of `fetch`.
            prepared = await self._connection.prepare(asked.sql, name="")
            codes = [attribute.type.oid for attribute in prepared.get_attributes()]
            converters = self._compiler.converters(asked, statement, codes)
        found: Sequence[Sequence[Any]] = await self._connection.fetch(asked.sql, *asked.arguments)
        return converted(found, converters)


def _is_lost(error: BaseException) -> bool:
    # Errors of what was asked, of an argument for one, are errors of the interface too. And what
    # takes too long on one connection would on another.
    if isinstance(error, ValueError | TimeoutError):
        return False
    return isinstance(error, _LOST) or getattr(error, "sqlstate", None) in _ENDED
