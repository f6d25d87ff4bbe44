"""Connections of the engine to SQLite: what SQLAlchemy expects of them, with fewer errands."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.sqlite_connections import SqliteConnection
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

NUMBERS = sa.Table("numbers", sa.MetaData(), sa.Column("number", sa.Integer(), primary_key=True))
COUNTED = sa.text(
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :upto)"
    " SELECT n FROM c"
)


@pytest_asyncio.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An engine on a file with the table of numbers."""
    made = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'numbers.db'}")
    async with made.begin() as connection:
        await connection.run_sync(NUMBERS.create)
    yield made
    await made.dispose()


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the threads of connections were sent for in a test."""
    sent: list[str] = []
    errand = SqliteConnection.errand

    async def note(connection: Any, function: Callable[..., Any], *given: Any) -> Any:
        sent.append(function.__name__)
        return await errand(connection, function, *given)

    monkeypatch.setattr(SqliteConnection, "errand", note)
    return sent


async def test_a_transaction_is_an_errand_a_statement_and_one_to_commit(
    engine: AsyncEngine, errands: list[str]
) -> None:
    async with SqlUnitOfWork(engine) as work:
        await work.session.execute(sa.insert(NUMBERS).values(number=1))
        await work.session.execute(sa.select(NUMBERS))
        await work.commit()
    async with SqlUnitOfWork(engine):
        pass

    assert errands == ["carry_out", "carry_out", "commit"]


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
async def test_all_rows_come_however_they_are_fetched(engine: AsyncEngine, count: int) -> None:
    if count:
        async with engine.begin() as connection:
            rows = [{"number": number} for number in range(count)]
            await connection.execute(sa.insert(NUMBERS), rows)
    query = sa.select(NUMBERS.c.number).order_by(NUMBERS.c.number)

    async with engine.connect() as connection:
        at_once = list((await connection.scalars(query)).all())
        streamed = [number async for number in await connection.stream_scalars(query)]
        first = (await connection.stream_scalars(query)).partitions(300)
        parts = [len(part) async for part in first]

    assert at_once == streamed == list(range(count))
    assert sum(parts) == count


async def test_a_cancelled_statement_leaves_no_transaction_behind(engine: AsyncEngine) -> None:
    async def add_all() -> None:
        async with SqlUnitOfWork(engine) as work:
            many = sa.insert(NUMBERS).from_select(
                ["number"], COUNTED.bindparams(upto=500_000).columns(n=sa.Integer())
            )
            await work.session.execute(many)
            await work.commit()

    adding = asyncio.create_task(add_all())
    await asyncio.sleep(0.02)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding

    async with SqlUnitOfWork(engine) as work:
        await work.session.execute(sa.insert(NUMBERS).values(number=-1))
        await work.commit()
    async with AsyncSession(engine) as session:
        assert (await session.scalars(sa.select(NUMBERS.c.number))).all() == [-1]


async def test_what_is_rolled_back_before_anything_was_asked_begins_anew(
    engine: AsyncEngine,
) -> None:
    async with SqlUnitOfWork(engine) as work:
        await work.rollback()
        await work.session.execute(sa.insert(NUMBERS).values(number=1))
        await work.commit()
    async with SqlUnitOfWork(engine) as work:
        await work.session.execute(sa.insert(NUMBERS).values(number=2))
        await work.rollback()

    async with AsyncSession(engine) as session:
        assert (await session.scalars(sa.select(NUMBERS.c.number))).all() == [1]


async def test_another_aiosqlite_has_its_own_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "apigen.support.infrastructure.sqlite_connections.is_supported", lambda: False
    )
    made = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'numbers.db'}")
    async with made.begin() as connection:
        await connection.run_sync(NUMBERS.create)

    async with SqlUnitOfWork(made) as work:
        await work.session.execute(sa.insert(NUMBERS).values(number=1))
        await work.commit()
    async with SqlUnitOfWork(made) as undone:
        await undone.session.execute(sa.insert(NUMBERS).values(number=2))
    async with made.connect() as asked:
        driver = (await asked.get_raw_connection()).driver_connection
        found = (await asked.execute(sa.select(NUMBERS.c.number))).scalars().all()

    assert list(found) == [1]
    assert not isinstance(driver, SqliteConnection)
    await made.dispose()
