"""Queries and small changes, in threads that each have a connection to an SQLite file.

Opening a cursor, executing, fetching and closing it is one task for a thread, not four; so is a
transaction whose statements are known when it begins.

Source: requirements 3.3, 32, 79.1.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.errors import DatabaseConnectionError
from .pool_watch import PoolState, PoolWatch
from .row_source import Change, NewRows, RowNote, Rows
from .statements import DriverStatement, StatementCompiler, converted

type _Addition = tuple[str, Sequence[Sequence[Any]]]
"""Adds one row, and the values of some."""

_THREADS = 4
"""As many queries at once: more would wait for the interpreter instead."""


class SqliteRows:
    """A pool of threads for queries."""

    def __init__(
        self,
        url: URL,
        dialect: Dialect,
        *,
        timeout_s: float,
        prepare: Callable[[sqlite3.Connection], None],
    ) -> None:
        """Open the file of `url` when the first query is asked.

        Args:
            url: Of a file.
            dialect: Of the engine.
            timeout_s: How long to wait for a lock.
            prepare: Called with each new connection.
        """
        self._url = url
        self._dialect = dialect
        self._timeout_s = timeout_s
        self._prepare = prepare
        self._compiler = StatementCompiler(dialect)
        self._threads: ThreadPoolExecutor | None = None
        self._own = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._asked = 0
        """Queries that run, or wait for a thread."""
        self._watch = PoolWatch("queries", self._state)

    def connection(self, engine: AsyncEngine) -> "_Connection":
        """Lend the threads, to `engine`: which of them has a statement does not matter."""
        return _Connection(engine, self)

    def require_balance(self) -> None:
        """Return: threads and their connections are one."""

    async def close(self) -> None:
        """Close all connections; the next query makes new ones."""
        threads, self._threads = self._threads, None
        if threads is None:
            return
        await asyncio.to_thread(threads.shutdown)
        self._own = threading.local()
        while self._open:
            self._open.pop().close()

    async def rows(
        self, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> Rows:
        """Return all rows of a query."""
        asked = self._compiler.compile(statement, values)

        def ask(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(asked.sql, asked.arguments).fetchall()

        found = await self._done(asked.sql, ask)
        converters = self._compiler.known_converters(asked)
        if converters is None:
            converters = self._compiler.converters(asked, statement)
        return converted(found, converters)

    async def add(
        self, rows: NewRows, *, along: NewRows | None = None, note: RowNote | None = None
    ) -> bool:
        """Add rows, and others along with them, and note it."""
        additions = [self._addition(each) for each in (rows, along) if each is not None]
        noted = self._noted(note)

        def add(connection: sqlite3.Connection) -> bool:
            if len(additions) == 1 and len(rows.values) == 1 and not noted:
                sql, records = additions[0]
                connection.execute(sql, records[0])
                return True
            return _together(connection, noted, additions)

        return await self._done(additions[0][0], add)

    async def change(
        self,
        statement: Change,
        values: Mapping[str, Any],
        *,
        along: NewRows | None = None,
        note: RowNote | None = None,
    ) -> bool:
        """Change a row, add others, and note it."""
        asked = self._compiler.kept(statement, values)
        noted = self._noted(note)
        additions = [] if along is None else [self._addition(along)]

        def change(connection: sqlite3.Connection) -> bool:
            if not noted and not additions:
                return _is_done(connection, asked)
            return _together(connection, [asked, *noted], additions)

        return await self._done(asked.sql, change)

    def _noted(self, note: RowNote | None) -> list[DriverStatement]:
        return [] if note is None else [self._compiler.kept(note.statement, note.values)]

    def _addition(self, rows: NewRows) -> _Addition:
        addition = self._compiler.addition(rows)
        return addition.sql, addition.records(rows)

    def _state(self) -> PoolState:
        used = min(self._asked, _THREADS)
        return PoolState(
            limit=_THREADS,
            used=used,
            idle=max(len(self._open) - used, 0),
            waiting=self._asked - used,
        )

    async def _done[T](self, sql: str, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have a thread do something with its connection; `sql` is what errors show."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sqlite-rows")
        loop = asyncio.get_running_loop()
        self._asked += 1
        try:
            return await loop.run_in_executor(self._threads, self._do, work)
        except (sqlite3.Error, OverflowError) as error:
            raise DBAPIError(sql, None, error) from error
        finally:
            self._asked -= 1

    def _do[T](self, work: Callable[[sqlite3.Connection], T]) -> T:
        return work(getattr(self._own, "connection", None) or self._connect())

    def _connect(self) -> sqlite3.Connection:
        names, found = self._dialect.create_connect_args(self._url)
        # Any: whatever the URL says.
        options: dict[str, Any] = {
            **found,
            "timeout": self._timeout_s,
            "check_same_thread": False,
        }
        try:
            connection: sqlite3.Connection = sqlite3.connect(names[0], **options)
            self._prepare(connection)
        except sqlite3.Error as error:
            raise DatabaseConnectionError(error) from error
        self._own.connection = connection
        self._open.append(connection)
        return connection


class _Connection:
    """The threads, on loan."""

    def __init__(self, engine: AsyncEngine, threads: SqliteRows) -> None:
        self.bind = engine
        self.rows = threads.rows
        self.add = threads.add
        self.change = threads.change

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing was taken."""


def _together(
    connection: sqlite3.Connection,
    changes: Sequence[DriverStatement],
    additions: Sequence[_Addition],
) -> bool:
    """Carry out changes of a row each, and add rows; or do nothing, if a row is missing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        is_done = all(_is_done(connection, change) for change in changes)
        if is_done:
            for sql, records in additions:
                connection.executemany(sql, records)
        connection.execute("COMMIT" if is_done else "ROLLBACK")
        return is_done
    except BaseException:
        # Some errors have undone it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _is_done(connection: sqlite3.Connection, change: DriverStatement) -> bool:
    return connection.execute(change.sql, change.arguments).rowcount > 0
