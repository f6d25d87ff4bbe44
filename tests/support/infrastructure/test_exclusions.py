"""No two rows overlap where the specification says so, however many writers there are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from apigen.support.core.errors import ConflictError, OverlapError
from apigen.support.core.protocols import IsolationLevel
from apigen.support.infrastructure.database_errors import translated
from apigen.support.infrastructure.engine import is_sqlite
from apigen.support.infrastructure.exclusions import Exclusions, no_overlap
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork


class Row(DeclarativeBase):
    """The rows of this module."""


class Stay(Row):
    """A row of the table stays."""

    __tablename__ = "stays"
    __table_args__ = (
        no_overlap(
            "one_guest",
            name="ex_stays_one_guest",
            equal=("room",),
            overlap=("arrival", "departure"),
            kind="daterange",
            where=sa.and_(
                sa.text("NOT is_deleted"), sa.column("status", sa.String(10)) == "booked"
            ),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    room: Mapped[int | None]
    arrival: Mapped[date | None] = mapped_column(info={"field": "arrivesOn"})
    departure: Mapped[date | None]
    status: Mapped[str] = mapped_column(sa.String(10), default="booked")
    is_deleted: Mapped[bool] = mapped_column(default=False)


@pytest_asyncio.fixture
async def hotel(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """A database with the table."""
    async with engine.begin() as connection:
        if not is_sqlite(engine):
            await connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
        await connection.run_sync(Row.metadata.create_all)
    yield engine


def stay(id: int, first: int | None, last: int | None, **changes: Any) -> Stay:
    """Return a stay from one day of January to another; None: no bound."""
    arrival, departure = (day and date(2026, 1, day) for day in (first, last))
    return Stay(id=id, **{"room": 1, "arrival": arrival, "departure": departure} | changes)


async def stored(
    hotel: AsyncEngine, *rows: Stay, isolation: IsolationLevel | None = None, pause_s: float = 0.0
) -> None:
    """Store rows as a repository does, and commit after a pause."""
    exclusions = Exclusions()
    async with SqlUnitOfWork(hotel, isolation=isolation) as work:
        with translated("stay", Row.metadata):
            if isolation is not None:
                # What is seen from now on is how it was now.
                await work.session.execute(sa.select(sa.func.count()).select_from(Stay))
            await exclusions.prepare(work.session, rows)
            for row in rows:
                await work.session.merge(row)
            await work.session.flush()
            await exclusions.check(work.session, rows, resource="stay")
        await asyncio.sleep(pause_s)
        await work.commit()


async def count(hotel: AsyncEngine) -> int | None:
    """Return how many stays there are."""
    async with hotel.connect() as connection:
        return await connection.scalar(sa.select(sa.func.count()).select_from(Stay))


async def test_rows_that_overlap_are_refused_by_the_name_of_the_rule(hotel: AsyncEngine) -> None:
    await stored(hotel, stay(1, 3, 6))

    with pytest.raises(OverlapError) as refused:
        await stored(hotel, stay(2, 5, 8))

    assert refused.value.code == "one_guest"
    assert refused.value.fields == ("room", "arrivesOn", "departure")
    assert await count(hotel) == 1


async def test_rows_of_one_transaction_are_held_against_each_other(hotel: AsyncEngine) -> None:
    with pytest.raises(OverlapError):
        await stored(hotel, stay(1, 3, 6), stay(2, 4, 5))

    assert await count(hotel) == 0


async def test_a_row_that_moves_is_refused_too(hotel: AsyncEngine) -> None:
    await stored(hotel, stay(1, 3, 6), stay(2, 6, 8), stay(3, 3, 6, status="cancelled"))

    with pytest.raises(OverlapError):
        await stored(hotel, stay(2, 5, 8))
    with pytest.raises(OverlapError):
        await stored(hotel, stay(3, 3, 6, status="booked"))
    await stored(hotel, stay(2, 7, 8))


@pytest.mark.parametrize(
    ("first", "last", "changes"),
    [
        (6, 8, {}),
        (1, 3, {}),
        (4, 4, {}),
        (5, 4, {}),
        (None, 3, {}),
        (6, None, {}),
        (4, 5, {"room": 2}),
        (4, 5, {"room": None}),
        (4, 5, {"status": "cancelled"}),
        (4, 5, {"is_deleted": True}),
    ],
)
async def test_rows_beside_each_other_are_not(
    hotel: AsyncEngine, first: int | None, last: int | None, changes: dict[str, Any]
) -> None:
    await stored(hotel, stay(1, 3, 6))

    await stored(hotel, stay(2, first, last, **changes))

    assert await count(hotel) == 2


@pytest.mark.parametrize(
    ("first", "last"),
    [(5, 6), (2, 4), (1, 9), (3, 6), (None, 4), (5, None), (None, None)],
)
async def test_what_touches_a_day_overlaps(
    hotel: AsyncEngine, first: int | None, last: int | None
) -> None:
    await stored(hotel, stay(1, 3, 6))

    with pytest.raises(OverlapError):
        await stored(hotel, stay(2, first, last))


async def test_a_range_without_bounds_is_in_the_way_of_all(hotel: AsyncEngine) -> None:
    await stored(hotel, stay(1, None, None))

    for first, last in ((1, 2), (None, 2), (30, None), (None, None)):
        with pytest.raises(OverlapError):
            await stored(hotel, stay(2, first, last))
    await stored(hotel, stay(2, 4, 4))


async def test_of_many_at_once_one_gets_the_room(hotel: AsyncEngine) -> None:
    attempts = [stored(hotel, stay(number, 3, 6)) for number in range(12)]

    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert [outcome for outcome in outcomes if not isinstance(outcome, OverlapError)] == [None]


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
async def test_writers_who_do_not_see_each_other_are_refused_too(
    hotel: AsyncEngine, isolation: IsolationLevel
) -> None:
    attempts = [
        stored(hotel, stay(number, 3, 6), isolation=isolation, pause_s=0.05) for number in range(6)
    ]

    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, ConflictError)]
    assert len(refused) == 5
    assert await count(hotel) == 1


async def test_writers_of_several_rooms_do_not_stop_each_other(hotel: AsyncEngine) -> None:
    """Whatever the order in which each names them."""
    rooms = range(20)
    attempts = [
        stored(
            hotel,
            *(
                stay(100 * turn + room, turn, turn + 1, room=room)
                for room in (rooms if turn % 2 else reversed(rooms))
            ),
        )
        for turn in range(1, 9)
    ]

    await asyncio.gather(*attempts)

    assert await count(hotel) == 160


async def test_a_constraint_that_is_not_of_a_row_class_keeps_its_name(hotel: AsyncEngine) -> None:
    if is_sqlite(hotel):
        pytest.skip("SQLite has no EXCLUDE")
    await stored(hotel, stay(1, 3, 6))

    async with SqlUnitOfWork(hotel) as work:
        work.session.add(stay(2, 3, 6))
        with pytest.raises(ConflictError) as refused, translated("stay"):
            await work.session.flush()

    assert refused.value.constraint == "ex_stays_one_guest"
