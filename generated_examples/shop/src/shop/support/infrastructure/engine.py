"""Make the database engine, and hand out connections from its pool.

Three kinds of work share one engine: queries, each statement on its own and straight on the driver
(`querying`), statements on their own (`reading`), and units of work, one transaction each. What
differs between PostgreSQL and SQLite in this is decided here. Knows nothing of tables or sessions.

Source: requirements 32, 79.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary, ref

from sqlalchemy import event, literal, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util import await_only

from ..core.errors import DatabaseConnectionError, PoolTimeoutError
from ..core.protocols import IsolationLevel
from ..core.settings import DatabaseSettings
from .pool_watch import PoolState, PoolWatch
from .row_source import TRUSTED_S, Change, ChangePool, EngineRows, RowChanger, RowPool, RowSource
from .statements import is_supported

BEGIN_OPTION = "sqlite_begin"
"""Execution option: how a transaction begins on SQLite; one of the values of `_BEGIN`."""

_BEGIN: Mapping[str, str | None] = {
    "deferred": "BEGIN",
    # Takes the write lock at once, and waits for it. A transaction that reads first and writes
    # later can not wait: SQLite refuses it with "database is locked".
    "immediate": "BEGIN IMMEDIATE",
    "none": None,
}
_SQLITE_PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    # KiB of pages a connection may keep. SQLite's own 2 MiB are too few for filters of some ten
    # thousand rows, which then read the same pages again with every query.
    "cache_size=-8192",
)
_MORE_WORDS = frozenset(
    {"collation", "concurrently", "lateral", "tablesample"}  # PostgreSQL
    | {"nothing", "returning"}  # SQLite
)
"""What a database reserves and SQLAlchemy does not quote: tables and columns may be called so."""

_WAIT_S = 30.0
_REST = "rests_since"
"""Key of a pooled connection's `info`: when it was given back."""

_turns: WeakKeyDictionary[Any, asyncio.Lock] = WeakKeyDictionary()
"""SQLite has one writer: units of work of one process queue here, first come, first served."""

_row_pools: WeakKeyDictionary[Any, RowPool] = WeakKeyDictionary()
"""Connections for queries of engines that have some."""

_change_pools: WeakKeyDictionary[Any, ChangePool] = WeakKeyDictionary()
"""Those of them that are for changes too."""

_watches: WeakKeyDictionary[Any, PoolWatch] = WeakKeyDictionary()
"""Of the pools of engines; those of queries have their own."""


def create_engine(
    url: str, settings: DatabaseSettings | None = None, *, schemas: Sequence[str] = ()
) -> AsyncEngine:
    """Make the engine for a database; nothing is connected yet.

    What every connection is to be told belongs into the settings, or the URL: queries have
    connections of their own, which listeners of the engine do not see.

    Args:
        url: `postgresql+asyncpg://…` or `sqlite+aiosqlite:///…`.
        settings: Size and timeouts of the pool.
        schemas: Database schemas the tables are in; SQLite has none and ignores them.
    """
    settings = settings or DatabaseSettings()
    options: dict[str, Any] = {"echo": settings.echo}
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    in_memory = is_sqlite and make_url(url).database in (None, "", ":memory:")
    if not in_memory:
        # A database in memory lives in the one connection that its own pool class keeps.
        options |= {
            "pool_size": settings.pool_size,
            "max_overflow": settings.max_overflow,
            "pool_timeout": settings.pool_timeout_s,
        }
    if is_sqlite:
        from . import sqlite_connections

        options["connect_args"] = {"timeout": _WAIT_S}
        if sqlite_connections.is_supported():
            options["connect_args"]["async_creator_fn"] = sqlite_connections.connect
        if schemas:
            translated = dict.fromkeys(schemas)
            options["execution_options"] = {"schema_translate_map": translated}
    else:
        from .postgresql_connections import Connection

        options |= {
            "pool_recycle": settings.pool_recycle_s,
            # The column types parse JSON themselves, or pass it on unparsed.
            "json_deserializer": str,
            "connect_args": {
                "connection_class": Connection,
                "server_settings": settings.server_settings,
            },
        }
        if "timeout" not in make_url(url).query:
            # asyncpg would wait for a minute.
            options["connect_args"]["timeout"] = settings.pool_timeout_s
        if make_url(url).query.get("prepared_statement_cache_size") == "0":
            # A pooler may give each transaction another connection: no statement has a name, which
            # another client could have there too.
            options["connect_args"] |= {
                "statement_cache_size": 0,
                "prepared_statement_name_func": str,
            }
        if settings.isolation_level is not None:
            options["isolation_level"] = settings.isolation_level
    # What statements are given is nobody's business who reads a log; `echo` is for who develops.
    options["hide_parameters"] = not settings.echo
    engine = create_async_engine(url, **options)
    preparer = engine.dialect.identifier_preparer
    preparer.reserved_words = preparer.reserved_words | _MORE_WORDS
    if is_sqlite:
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    elif settings.pool_pre_ping:
        event.listen(engine.sync_engine, "checkin", _note_rest)
        event.listen(engine.sync_engine, "checkout", _ping_after_rest)
    if not in_memory:
        _watch_pool(engine, limit=settings.pool_size + settings.max_overflow)
    if not in_memory and not (is_sqlite and schemas) and not settings.echo:
        _add_row_pool(engine, settings)
    return engine


def _watch_pool(engine: AsyncEngine, *, limit: int) -> None:
    # The watch is kept beside the engine: it must not keep it alive.
    watched = ref(engine.sync_engine)

    def state() -> PoolState:
        found = watched()
        # A disposed engine has another pool.
        if found is None or not isinstance(found.pool, QueuePool):
            return PoolState(limit=limit, used=0, idle=0)
        return PoolState(limit=limit, used=found.pool.checkedout(), idle=found.pool.checkedin())

    def lost(_connection: object, _record: object, error: BaseException | None) -> None:
        # Without an error it is one that is replaced for its age. Nor is it lost where whoever has
        # asked is gone: a client that leaves in the midst of an export costs its connection.
        if isinstance(error, Exception):
            watch.lost(error)

    watch = _watches[engine.sync_engine] = PoolWatch("transactions", state)
    event.listen(engine.sync_engine, "invalidate", lost)
    event.listen(engine.sync_engine, "engine_disposed", lambda _: watch.close())


def _add_row_pool(engine: AsyncEngine, settings: DatabaseSettings) -> None:
    if not is_supported(engine.dialect):
        return
    pool: ChangePool
    if is_sqlite(engine):
        from .sqlite_rows import SqliteRows

        pool = SqliteRows(engine.url, engine.dialect, timeout_s=_WAIT_S, prepare=_prepare_sqlite)
    else:
        from .postgresql_rows import PostgreSQLRows

        pool = PostgreSQLRows(engine.url, engine.dialect, settings)
    if settings.isolation_level is None or is_sqlite(engine):
        # Changes are made at the database's own level, which is the only one of SQLite.
        _change_pools[engine.sync_engine] = pool
    _row_pools[engine.sync_engine] = pool
    event.listen(engine.sync_engine, "engine_disposed", lambda _: await_only(pool.close()))


def is_sqlite(engine: AsyncEngine) -> bool:
    """Tell whether the engine is one of SQLite."""
    return engine.dialect.name == "sqlite"


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Lend a connection on which every statement stands alone, without BEGIN and COMMIT.

    Raises:
        PoolTimeoutError: None became free in time.
    """
    if is_sqlite(engine):
        options: dict[str, Any] = {BEGIN_OPTION: "none"}
    else:
        options = {"isolation_level": "AUTOCOMMIT"}
    with taking_connection(engine):
        connection = await engine.connect()
    try:
        yield await connection.execution_options(**options)
    finally:
        await asyncio.shield(connection.close())


def querying(engine: AsyncEngine) -> AbstractAsyncContextManager[RowSource]:
    """Lend a connection for queries, each of which stands alone.

    Raises:
        PoolTimeoutError: None became free in time.
        DatabaseConnectionError: None could be made.
    """
    pool = _row_pools.get(engine.sync_engine)
    if pool is None:
        return _on_engine(engine)
    source = pool.connection(engine)
    return source if engine.dialect.server_version_info else _introduced(engine, source)


def takes_changes(engine: AsyncEngine) -> bool:
    """Tell whether there is `changing`, which knows of no isolation level that is set."""
    return engine.sync_engine in _change_pools


def changing(engine: AsyncEngine) -> AbstractAsyncContextManager[RowChanger]:
    """Lend a connection for queries and changes, each of which stands alone.

    Raises:
        LookupError: The engine takes none, see `takes_changes`.
        PoolTimeoutError: None became free in time.
        DatabaseConnectionError: None could be made.
    """
    source = _change_pools[engine.sync_engine].connection(engine)
    return source if engine.dialect.server_version_info else _introduced(engine, source)


async def changed_alone(engine: AsyncEngine, statement: Change, values: Mapping[str, Any]) -> bool:
    """Carry out a statement about one row, in no transaction but its own, of READ COMMITTED.

    Args:
        engine: The database.
        statement: What is done.
        values: Of its `bindparam`s.

    Returns:
        Whether there was a row for it.

    Raises:
        DBAPIError: The database refuses it, or has closed the connection.
        PoolTimeoutError: No connection became free in time, or the turn did not come.
        DatabaseConnectionError: No connection could be made.
    """
    async with write_turn(engine):
        if takes_changes(engine):
            async with changing(engine) as source:
                return await source.change(statement, values)
        async with reading(engine) as connection:
            return (await connection.execute(statement, dict(values))).rowcount > 0


@asynccontextmanager
async def _on_engine(engine: AsyncEngine) -> AsyncIterator[RowSource]:
    async with reading(engine) as connection:
        yield EngineRows(connection)


@asynccontextmanager
async def _introduced[SourceT: RowSource](
    engine: AsyncEngine, lent: AbstractAsyncContextManager[SourceT]
) -> AsyncIterator[SourceT]:
    # What SQL looks like depends on what the first connection finds out about the server.
    async with reading(engine):
        pass
    async with lent as source:
        yield source


async def ping(engine: AsyncEngine) -> None:
    """Return when the database answers; raise whatever is the matter when it does not."""
    pool = _row_pools.get(engine.sync_engine)
    if pool is not None:
        pool.require_balance()
    async with reading(engine) as connection:
        await connection.execute(select(literal(1)))


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Lend a connection on which all statements see the database as the first one did.

    Raises:
        PoolTimeoutError: None became free in time.
    """
    with taking_connection(engine):
        connection = await engine.connect()
    try:
        if not is_sqlite(engine):
            await connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
    finally:
        await asyncio.shield(connection.close())


def transaction_options(
    engine: AsyncEngine, isolation: IsolationLevel | None = None
) -> dict[str, Any]:
    """Return the execution options of a connection for a transaction that writes.

    Args:
        engine: The database.
        isolation: Overrides the database's own level; SQLite has but one.
    """
    if is_sqlite(engine):
        return {BEGIN_OPTION: "immediate"}
    return {} if isolation is None else {"isolation_level": isolation}


@asynccontextmanager
async def write_turn(engine: AsyncEngine) -> AsyncIterator[None]:
    """Wait until this process has no other writer on an SQLite database; else return at once.

    Raises:
        PoolTimeoutError: The turn did not come in time.
    """
    if not is_sqlite(engine):
        yield
        return
    turn = _turns.setdefault(engine.sync_engine, asyncio.Lock())
    try:
        async with asyncio.timeout(_WAIT_S):
            await turn.acquire()
    except TimeoutError as error:
        raise PoolTimeoutError(_WAIT_S) from error
    try:
        yield
    finally:
        turn.release()


@contextmanager
def taking_connection(engine: AsyncEngine) -> Iterator[None]:
    """Take a connection; the pool's timeout, and what keeps it from connecting, become ours.

    Raises:
        PoolTimeoutError: No connection became free in time.
        DatabaseConnectionError: No connection could be made.
    """
    watch = _watches.get(engine.sync_engine)
    has_to_wait = watch is not None and watch.state().is_exhausted
    try:
        with watch.waiting() if watch is not None and has_to_wait else nullcontext():
            yield
        if watch is not None:
            watch.reached()
    except (DBAPIError, OSError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        if watch is not None and reason is not None:
            watch.unreachable(reason)
        raise DatabaseConnectionError(reason) from error
    except PoolExhausted as error:
        pool = engine.pool
        raise PoolTimeoutError(pool.timeout() if isinstance(pool, QueuePool) else 0.0) from error


def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_REST] = time.monotonic()


def _ping_after_rest(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Have a connection replaced that does not answer; one used a moment ago is trusted.

    A ping costs as many round trips as a small transaction.
    """
    rested_s = time.monotonic() - record.info.get(_REST, time.monotonic())
    if rested_s < TRUSTED_S:
        return
    try:
        connection.ping()
    except Exception as error:
        # Any: each driver has its own, and whatever it is, there is no answer.
        raise InvalidatePoolError(str(error)) from error


def _prepare_sqlite(connection: Any, _record: object = None) -> None:
    # The driver's own idea of when a transaction begins is switched off: `_begin_sqlite` says it.
    connection.isolation_level = None
    # SQLite folds the case of ASCII only; PostgreSQL that of every letter.
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.create_function("upper", 1, _upper, deterministic=True)
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    statement = _BEGIN[connection.get_execution_options().get(BEGIN_OPTION, "deferred")]
    if statement is not None:
        # Any: SQLAlchemy does not know that it is one of ours, see `sqlite_connections`.
        driver: Any = connection.connection.driver_connection
        if hasattr(driver, "begin"):
            driver.begin(statement)
        else:
            connection.exec_driver_sql(statement)


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _upper(text: object) -> object:
    return text.upper() if isinstance(text, str) else text
