"""Migrations: every revision up, down and up again, and the last where the models are."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, column, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ...infrastructure.migration_history import TABLE

_OWN_TABLES = frozenset({"alembic_version", TABLE})

type Migrate = Callable[[str, str], None]
"""Bring the database of a URL to a revision: its id, `head`, `base`, or `-1` for one step back."""

type Pending = Callable[[str], tuple[str, ...]]
"""Return the revisions that the database of a URL has yet to go through."""

type Compare = Callable[[str], tuple[str, ...]]
"""Return what the tables of the database of a URL lack."""

type Verify = Callable[[str], tuple[str, ...]]
"""Return how the revisions of the database of a URL differ from their files."""


class MigrationContract:
    """Up, down, up, and no difference to the models."""

    metadata: ClassVar[MetaData]

    async def test_revisions_go_up_down_and_up(self, migrated_database: "MigratedDatabase") -> None:
        """After `base` no table is left; after `head` the tables are those of the models."""
        await migrated_database.to("base")
        assert await migrated_database.run(_tables) - _OWN_TABLES == set()

        await migrated_database.to("head")

        wanted = {table.name for table in self.metadata.sorted_tables}
        assert await migrated_database.run(_all_tables) >= wanted
        assert await migrated_database.differences() == ()

    async def test_the_history_has_every_step(self, migrated_database: "MigratedDatabase") -> None:
        """Each revision that went up and came down is there twice, and is as it was applied."""
        await migrated_database.to("head")
        applied = await migrated_database.run(_steps)
        deviations = await migrated_database.deviations()
        await migrated_database.to("base")

        undone = (await migrated_database.run(_steps))[len(applied) :]
        assert applied
        assert {direction for _, direction in applied} == {"up"}
        assert undone == [(revision, "down") for revision, _ in reversed(applied)]
        assert deviations == ()

    async def test_each_revision_can_be_undone(self, migrated_database: "MigratedDatabase") -> None:
        """One step up, down and up brings the same tables, all the way to the newest revision."""
        await migrated_database.to("base")
        for revision in await migrated_database.revisions():
            await migrated_database.to(revision)
            made = await migrated_database.run(_columns)
            try:
                await migrated_database.to("-1")
            except CommandError:
                # Beside another branch, and where two join, there is no one step back.
                continue

            await migrated_database.to(revision)

            assert await migrated_database.run(_columns) == made
        assert await migrated_database.differences() == ()


class MigratedDatabase:
    """A database whose revision a test may move."""

    def __init__(
        self,
        url: str,
        migrate: Migrate,
        compare: Compare,
        verify: Verify = lambda _: (),
        pending: Pending = lambda _: (),
    ) -> None:
        """Move the database of `url` by `migrate`.

        Args:
            url: The database.
            migrate: Brings it to a revision.
            compare: Tells what its tables lack.
            verify: Tells how its revisions differ from their files.
            pending: Tells which revisions it has yet to go through.
        """
        self.url = url
        self._migrate = migrate
        self._compare = compare
        self._verify = verify
        self._pending = pending

    async def deviations(self) -> tuple[str, ...]:
        """Return how the revisions of the database differ from their files."""
        return await asyncio.to_thread(self._verify, self.url)

    async def revisions(self) -> tuple[str, ...]:
        """Return the revisions the database has yet to go through, the next one first."""
        return await asyncio.to_thread(self._pending, self.url)

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


def _steps(connection: Connection) -> list[tuple[str, str]]:
    steps = table(TABLE, column("id"), column("revision"), column("direction"))
    found = connection.execute(select(steps.c.revision, steps.c.direction).order_by(steps.c.id))
    return [(str(revision), str(direction)) for revision, direction in found]


def _columns(connection: Connection) -> dict[str, list[str]]:
    """Return the columns of each table of every schema, by name."""
    inspector = inspect(connection)
    return {
        f"{schema}.{table}": sorted(
            f"{column['name']} {column['type']} {column['nullable']}"
            for column in inspector.get_columns(table, schema)
        )
        for schema in inspector.get_schema_names()
        if schema != "information_schema"
        for table in inspector.get_table_names(schema)
    }


def _all_tables(connection: Connection) -> set[str]:
    """Return the tables of every schema."""
    inspector = inspect(connection)
    return {
        table
        for schema in inspector.get_schema_names()
        for table in inspector.get_table_names(schema)
    }
