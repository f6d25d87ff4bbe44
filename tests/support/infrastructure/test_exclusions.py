"""No two rows overlap where the specification says so, however many writers there are."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.errors import OverlapError
from apigen.support.infrastructure.exclusions import RowExclusion, refuse_overlaps
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

METADATA = sa.MetaData()
STAYS = sa.Table(
    "stays",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("room", sa.Integer),
    sa.Column("arrival", sa.Date, nullable=False, info={"field": "arrivesOn"}),
    sa.Column("departure", sa.Date, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("is_deleted", sa.Boolean, nullable=False),
)
ONE_GUEST = RowExclusion(
    name="one_guest",
    equal=("room",),
    begin="arrival",
    end="departure",
    where=lambda row: row.c.status == "booked",
)


@pytest_asyncio.fixture
async def hotel(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """A database with the table."""
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield engine


# Columns of several types, hence Any.
async def stay(hotel: AsyncEngine, id: int, first: int, last: int, **changes: Any) -> None:
    """Store a stay from one day of January to another."""
    values = {"room": 1, "status": "booked", "is_deleted": False} | changes
    async with SqlUnitOfWork(hotel) as work:
        await work.session.execute(
            sa.insert(STAYS).values(
                id=id, arrival=date(2026, 1, first), departure=date(2026, 1, last), **values
            )
        )
        await refuse_overlaps(work.session, STAYS, (ONE_GUEST,), [(id,)], resource="stay")
        await work.commit()


async def test_rows_that_overlap_are_refused_by_the_name_of_the_rule(hotel: AsyncEngine) -> None:
    await stay(hotel, 1, 3, 6)

    with pytest.raises(OverlapError) as refused:
        await stay(hotel, 2, 5, 8)

    assert refused.value.code == "one_guest"
    assert refused.value.fields == ("room", "arrivesOn", "departure")


@pytest.mark.parametrize(
    ("first", "last", "changes"),
    [
        (6, 8, {}),
        (1, 3, {}),
        (4, 4, {}),
        (4, 5, {"room": 2}),
        (4, 5, {"room": None}),
        (4, 5, {"status": "cancelled"}),
        (4, 5, {"is_deleted": True}),
    ],
)
async def test_rows_beside_each_other_are_not(
    hotel: AsyncEngine, first: int, last: int, changes: dict[str, Any]
) -> None:
    await stay(hotel, 1, 3, 6)

    await stay(hotel, 2, first, last, **changes)

    async with hotel.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(STAYS)) == 2


async def test_of_many_at_once_one_gets_the_room(hotel: AsyncEngine) -> None:
    attempts = [stay(hotel, number, 3, 6) for number in range(12)]

    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert [outcome for outcome in outcomes if not isinstance(outcome, OverlapError)] == [None]
