"""What a database reserves may be the name of a column: it is quoted."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select
from sqlalchemy.ext.asyncio import AsyncEngine


@pytest.mark.parametrize(
    "word",
    ["nothing", "returning", "collation", "concurrently", "lateral", "tablesample", "order", "end"],
)
async def test_a_column_has_a_reserved_name(engine: AsyncEngine, word: str) -> None:
    metadata = MetaData()
    table = Table("words", metadata, Column(word, Integer))

    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(table.insert().values({word: 1}))
        await connection.execute(table.update().values({word: 2}))
        found = await connection.scalar(select(table.c[word]).where(table.c[word] == 2))
        await connection.run_sync(metadata.drop_all)

    assert found == 2
