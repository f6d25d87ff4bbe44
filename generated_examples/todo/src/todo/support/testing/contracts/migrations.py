"""Migrations: the whole way up, down and up again ends where the models are."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

type Migrate = Callable[[str, str], None]
"""Bring the database of a URL to a revision: `head` or `base`."""

type Compare = Callable[[str], tuple[str, ...]]
"""Return what the tables of the database of a URL lack."""


class MigrationContract:
    """Up, down, up, and no difference to the models."""

    metadata: ClassVar[MetaData]

    async def test_revisions_go_up_down_and_up(self, migrated_database: "MigratedDatabase") -> None:
        """After `base` no table is left; after `head` the tables are those of the models."""
        await migrated_database.to("base")
        assert await migrated_database.run(_tables) - {"alembic_version"} == set()

        await migrated_database.to("head")

        wanted = {table.name for table in self.metadata.sorted_tables}
        assert await migrated_database.run(_all_tables) >= wanted
        assert await migrated_database.differences() == ()


class MigratedDatabase:
    """A database whose revision a test may move."""

    def __init__(self, url: str, migrate: Migrate, compare: Compare) -> None:
        """Move the database of `url` by `migrate`; `compare` tells what its tables lack."""
        self.url = url
        self._migrate = migrate
        self._compare = compare

    async def differences(self) -> tuple[str, ...]:
        """Return what a revision would have to change to make the tables those of the rows."""
        return await asyncio.to_thread(self._compare, self.url)

    async def to(self, revision: str) -> None:
        """Bring the database to a revision."""
        # Alembic's environment runs an event loop of its own.
        await asyncio.to_thread(self._migrate, self.url, revision)

    async def run[T](self, work: Callable[[Connection], T]) -> T:
        """Run a function on a connection."""
        engine: AsyncEngine = create_async_engine(self.url)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _all_tables(connection: Connection) -> set[str]:
    """Return the tables of every schema."""
    inspector = inspect(connection)
    return {
        table
        for schema in inspector.get_schema_names()
        for table in inspector.get_table_names(schema)
    }
