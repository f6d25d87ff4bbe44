"""Databases of tests are emptied between tests, whatever refers to whatever."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from apigen.support.infrastructure.engine import create_engine
from apigen.support.testing.databases import BACKENDS, clear, database

METADATA = sa.MetaData()
PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("boss", sa.ForeignKey("people.id", ondelete="RESTRICT")),
    sa.Column("team", sa.ForeignKey("user.id", name="of_team", use_alter=True)),
)
TEAMS = sa.Table(
    "user",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("head", sa.ForeignKey("people.id", ondelete="RESTRICT"), nullable=False),
)


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database(request.param) as made:
        yield made


async def test_rows_that_hold_each_other_are_gone(url: str) -> None:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.execute(PEOPLE.insert(), [{"id": 1, "boss": None}, {"id": 2, "boss": 1}])
        await connection.execute(TEAMS.insert(), {"id": 1, "head": 2})
        await connection.execute(PEOPLE.update(), {"team": 1})

    await clear(engine, METADATA)

    async with engine.connect() as connection:
        for table in (PEOPLE, TEAMS):
            assert (await connection.scalars(sa.select(table.c.id))).all() == []
    await engine.dispose()
