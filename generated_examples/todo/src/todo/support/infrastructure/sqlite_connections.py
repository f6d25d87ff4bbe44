"""What the engine runs transactions on SQLite with: one errand to the driver's thread a statement.

aiosqlite sends its thread four: for a cursor, to execute, to fetch, to close the cursor; and each
costs more than a small statement does. A transaction begins along with its first statement, and
what there is nothing of is neither committed nor undone.

Stands where SQLAlchemy's adapter expects a connection of aiosqlite. `_conn` and `_execute` of that
are private: without them, the engine has aiosqlite's own connections.

Source: requirement 32.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Self

import aiosqlite

_AT_ONCE = 1000
"""How many rows come with the answer; whatever is more is fetched when it is asked for."""

type Row = tuple[Any, ...]


def is_supported() -> bool:
    """Tell whether this aiosqlite has the private parts that are used here."""
    return all(hasattr(aiosqlite.Connection, name) for name in ("_conn", "_execute"))


# Any: options of the driver, as the URL and the engine say them.
def connect(*arguments: Any, **options: Any) -> "SqliteConnection":
    """Return a connection that is made when it is awaited; arguments are those of `sqlite3`."""
    connection = SqliteConnection(
        lambda: sqlite3.connect(*arguments, **options), iter_chunk_size=_AT_ONCE
    )
    # Its thread, which it was itself before aiosqlite 0.22, must not keep a process alive.
    thread: Any = getattr(connection, "_thread", connection)
    thread.daemon = True
    return connection


class SqliteConnection(aiosqlite.Connection):
    """A connection whose cursors need no errands of their own."""

    _begin: str | None = None
    """What begins the transaction that was asked for and has no statement yet."""
    _is_idle = True
    """Whether all errands are back: those of a cancelled task may be under way still."""

    def begin(self, statement: str) -> None:
        """Begin a transaction with the next statement."""
        self._begin = statement

    # The adapter enters what it gets, and aiosqlite's own can be awaited besides.
    def cursor(self) -> "Cursor":  # type: ignore[override]
        """Return a cursor."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit the transaction, if there is one."""
        if self._has_transaction():
            await self.errand(self._conn.commit)

    async def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        if self._has_transaction():
            await self.errand(self._conn.rollback)

    async def errand[**P, T](
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Have the thread call a function."""
        self._is_idle = False
        try:
            # aiosqlite does not say what it takes and returns.
            found: T = await self._execute(  # type: ignore[no-untyped-call]
                function, *args, **kwargs
            )
        except Exception:
            self._is_idle = True
            raise
        self._is_idle = True
        return found

    def _has_transaction(self) -> bool:
        self._begin = None
        return not self._is_idle or self.in_transaction

    async def ask(
        self, sql: str, values: Sequence[Any], *, is_many: bool
    ) -> tuple[sqlite3.Cursor, list[Row]]:
        """Have a statement carried out, once or for several rows; return the first of its rows.

        A cursor that has no more is closed.
        """
        begin, self._begin = self._begin, None
        connection = self._conn

        def carry_out() -> tuple[sqlite3.Cursor, list[Row]]:
            if begin is not None:
                connection.execute(begin)
            run = connection.executemany if is_many else connection.execute
            cursor = run(sql, values)
            rows = cursor.fetchmany(_AT_ONCE) if cursor.description is not None else []
            if len(rows) < _AT_ONCE:
                cursor.close()
            return cursor, rows

        return await self.errand(carry_out)


class Cursor:
    """What the adapter knows of a cursor."""

    def __init__(self, connection: SqliteConnection) -> None:
        """Carry out statements on a connection."""
        self.arraysize = 1
        # As the DBAPI describes it: of each column a tuple of seven things.
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        """Where more rows are, if there are more."""
        self._rows: list[Row] = []

    async def __aenter__(self) -> Self:
        """Return it."""
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Carry out a statement."""
        self._take(await self._connection.ask(sql, parameters, is_many=False))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Carry out a statement for each of several rows."""
        self._take(await self._connection.ask(sql, parameters, is_many=True))

    async def fetchone(self) -> Row | None:
        """Return the next row."""
        found = await self.fetchmany(1)
        return found[0] if found else None

    async def fetchmany(self, size: int | None = None) -> list[Row]:
        """Return the next rows, `size` of them unless there are less."""
        wanted = self.arraysize if size is None else size
        missing = wanted - len(self._rows)
        if self._cursor is not None and missing > 0:
            self._rows += await self._connection.errand(
                self._cursor.fetchmany, max(missing, _AT_ONCE)
            )
        found, self._rows = self._rows[:wanted], self._rows[wanted:]
        return found

    async def fetchall(self) -> list[Row]:
        """Return all rows that are left."""
        found, self._rows = self._rows, []
        if self._cursor is not None:
            found += await self._connection.errand(self._cursor.fetchall)
        return found

    async def __aiter__(self) -> AsyncIterator[Row]:
        """Yield the rows that are left."""
        while (row := await self.fetchone()) is not None:
            yield row

    async def close(self) -> None:
        """Forget the rows that are left."""
        self._rows = []
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            await self._connection.errand(cursor.close)

    def _take(self, found: tuple[sqlite3.Cursor, list[Row]]) -> None:
        cursor, self._rows = found
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        self._cursor = cursor if len(self._rows) == _AT_ONCE else None
