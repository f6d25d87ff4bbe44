"""Transactions: commit once, undo everything, undo a part, wait for a turn."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.errors import DatabaseConnectionError, PoolTimeoutError
from apigen.support.core.protocols import UnitOfWork
from apigen.support.core.settings import DatabaseSettings
from apigen.support.domain.entity import AggregateRoot
from apigen.support.infrastructure import engine as engines
from apigen.support.infrastructure.database_errors import translated
from apigen.support.infrastructure.engine import create_engine, reading
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

from .library import Author, AuthorRow, Row, SqlLibraryUnitOfWork
from .threads import settled


async def names(engine: AsyncEngine) -> list[str]:
    """Return the names of all stored authors."""
    async with reading(engine) as connection:
        return list((await connection.scalars(sa.select(AuthorRow.name))).all())


def test_it_is_the_unit_of_work_that_the_application_expects() -> None:
    assert isinstance(SqlUnitOfWork(create_engine("sqlite+aiosqlite://")), UnitOfWork)


@pytest.mark.criterion("R90.3")
async def test_nothing_is_seen_before_the_commit_and_all_of_it_after(
    library: AsyncEngine,
) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add(Author(name="a"))
        await work.authors.add(Author(name="b"))
        before = await names(library)
        await work.commit()

    assert before == []
    assert sorted(await names(library)) == ["a", "b"]


async def test_leaving_without_a_commit_undoes_everything(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add(Author(name="a"))

    assert await names(library) == []


async def test_what_was_stored_is_told_once_it_is_committed(
    library: AsyncEngine,
) -> None:
    told: list[tuple[list[object], list[str]]] = []

    async def changed(stored: Sequence[AggregateRoot[Any]]) -> None:
        told.append(([one.id for one in stored], await names(library)))

    async with SqlLibraryUnitOfWork(library, changed=changed) as work:
        await work.authors.add(Author(name="undone"))
    async with SqlLibraryUnitOfWork(library, changed=changed) as work:
        await work.commit()
    async with SqlLibraryUnitOfWork(library, changed=changed) as work:
        author = Author(name="a")
        await work.authors.add(author)
        await work.authors.save(author)
        await work.commit()
    async with SqlLibraryUnitOfWork(library, changed=changed) as work:
        await work.authors.remove(author)
        await work.commit()

    # Authors are softly deleted: the row is still there.
    assert told == [([author.id, author.id], ["a"]), ([author.id], ["a"])]


@pytest.mark.criterion("R90.2")
async def test_an_exception_undoes_everything(library: AsyncEngine) -> None:
    async def fail() -> None:
        async with SqlLibraryUnitOfWork(library) as work:
            await work.authors.add(Author(name="a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await names(library) == []


@pytest.mark.criterion("R90.1")
async def test_a_savepoint_is_undone_alone(library: AsyncEngine) -> None:
    async def fail(work: SqlLibraryUnitOfWork) -> None:
        async with work.savepoint():
            await work.authors.add(Author(name="undone"))
            raise ZeroDivisionError

    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add(Author(name="kept"))
        with pytest.raises(ZeroDivisionError):
            await fail(work)
        async with work.savepoint():
            await work.authors.add(Author(name="also kept"))
            async with work.savepoint():
                await work.authors.add(Author(name="nested"))
        await work.commit()

    assert sorted(await names(library)) == ["also kept", "kept", "nested"]


@pytest.mark.criterion("R90.4")
async def test_the_isolation_level_is_that_of_the_unit_of_work(library: AsyncEngine) -> None:
    if library.dialect.name == "sqlite":
        pytest.skip("every transaction of SQLite is serializable")
    async with SqlLibraryUnitOfWork(library, isolation="SERIALIZABLE") as work:
        inside = await work.session.scalar(sa.text("SHOW transaction_isolation"))
    async with SqlLibraryUnitOfWork(library) as work:
        outside = await work.session.scalar(sa.text("SHOW transaction_isolation"))

    assert (inside, outside) == ("serializable", "read committed")


async def test_writers_of_sqlite_wait_for_each_other(tmp_path: Path) -> None:
    """Each reads before it writes, which SQLite refuses unless the lock is taken at once."""
    engine = create_engine(
        f"sqlite+aiosqlite:///{tmp_path / 'w.db'}", DatabaseSettings(pool_size=4, max_overflow=0)
    )
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)

    async def write(number: int) -> None:
        async with SqlLibraryUnitOfWork(engine) as work:
            assert await work.authors.count() >= 0
            await work.authors.add(Author(name=f"{number}"))
            await work.commit()

    await asyncio.gather(*(write(number) for number in range(40)))

    assert len(await names(engine)) == 40
    await engine.dispose()


@pytest.mark.criterion("R32.3")
async def test_a_busy_pool_is_waited_for_and_then_given_up(tmp_path: Path) -> None:
    settings = DatabaseSettings(pool_size=1, max_overflow=0, pool_timeout_s=0.2)
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'p.db'}", settings)

    async with reading(engine):
        with pytest.raises(PoolTimeoutError) as caught:
            async with reading(engine):
                pass
        with pytest.raises(PoolTimeoutError):
            async with SqlUnitOfWork(engine):
                pass

    assert caught.value.timeout_s == 0.2
    async with reading(engine) as connection:
        assert (await connection.execute(sa.text("SELECT 1"))).scalar_one() == 1
    await engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["sqlite+aiosqlite:////nowhere/at/all.db", "postgresql+asyncpg://nobody@127.0.0.1:1/none"],
)
async def test_a_database_that_cannot_be_reached_is_unavailable(url: str) -> None:
    engine = create_engine(url)

    with settled():
        with pytest.raises(DatabaseConnectionError):
            async with reading(engine):
                pass
        with pytest.raises(DatabaseConnectionError):
            async with SqlUnitOfWork(engine):
                pass
        await engine.dispose()


async def test_a_connection_that_the_server_closes_is_unavailable(
    engine: AsyncEngine, dialect: str
) -> None:
    if dialect == "sqlite":
        pytest.skip("SQLite has no server")
    async with reading(engine) as connection:
        own = (await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar_one()
        async with reading(engine) as other:
            await other.execute(sa.text(f"SELECT pg_terminate_backend({own})"))

        with pytest.raises(DatabaseConnectionError), translated("row"):
            await connection.execute(sa.text("SELECT 1"))


@pytest.mark.criterion("R32.1")
@pytest.mark.criterion("R32.2")
async def test_connections_come_from_the_pool_and_return_to_it(engine: AsyncEngine) -> None:
    async with reading(engine):
        taken = engine.pool.status()
    async with reading(engine):
        pass

    assert "Current Checked out connections: 1" in taken
    assert "Connections in pool: 1" in engine.pool.status()


async def test_a_cancelled_writer_gives_its_turn_back(library: AsyncEngine) -> None:
    started = asyncio.Event()

    async def hang() -> None:
        async with SqlLibraryUnitOfWork(library) as work:
            await work.authors.add(Author(name="a"))
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add(Author(name="a"))
        await work.commit()
    assert await names(library) == ["a"]


@pytest.mark.criterion("R32.4")
async def test_a_connection_that_died_at_rest_is_replaced(
    postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TRUSTED_S", 0.0)
    engine = create_engine(postgresql, DatabaseSettings(pool_size=1, max_overflow=0))
    other = create_engine(postgresql)
    async with SqlUnitOfWork(engine) as work:
        own = await work.session.scalar(sa.text("SELECT pg_backend_pid()"))
    async with reading(other) as connection:
        await connection.execute(sa.text(f"SELECT pg_terminate_backend({own})"))

    async with SqlUnitOfWork(engine) as work:
        assert await work.session.scalar(sa.text("SELECT pg_backend_pid()")) != own

    await engine.dispose()
    await other.dispose()


async def test_an_error_does_not_tell_what_its_statement_was_given(engine: AsyncEngine) -> None:
    """It is logged, and what it was given may be about a person."""
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as raised:
            await connection.execute(sa.text("SELECT :name FROM nowhere"), {"name": "hunter2"})

    assert "nowhere" in str(raised.value)
    assert "hunter2" not in str(raised.value)
