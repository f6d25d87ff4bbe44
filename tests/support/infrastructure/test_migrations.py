"""Revisions: written from the rows, applied, undone, compared."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.migrations import (
    MigrationManager,
    PendingMigrationsError,
    require_head,
)
from apigen.support.testing.databases import postgresql_database

ENVIRONMENT = """
from apigen.support.infrastructure.migration_environment import run_environment
from tests.support.infrastructure.library import Row

run_environment(Row.metadata, engine=lambda: None)
"""
TEMPLATE = '''"""${message}"""

import sqlalchemy as sa
from alembic import op

${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''


@pytest.fixture
def url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of the test's own."""
    if dialect == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'migrated.db'}"
        return
    with postgresql_database(embedded=True) as made:
        yield made


@pytest.fixture
def manager(url: str, tmp_path: Path) -> MigrationManager:
    """A manager of a project without any revision."""
    directory = tmp_path / "migrations"
    (directory / "versions").mkdir(parents=True)
    (directory / "env.py").write_text(ENVIRONMENT)
    (directory / "script.py.mako").write_text(TEMPLATE)
    return MigrationManager(url, directory=directory)


@pytest.mark.criterion("R68.1")
def test_a_revision_is_written_from_the_rows(manager: MigrationManager) -> None:
    assert any("add_table" in difference for difference in manager.check())

    path = manager.revision("all tables")

    text = path.read_text()
    assert "op.create_table('books'" in text
    assert "column_types.ScaledDecimal(10, 2)" in text
    assert "sa.Column('genre', sa.String(length=7)" in text
    manager.upgrade()
    assert manager.check() == ()


@pytest.mark.criterion("R68.2")
def test_revisions_are_applied_and_undone(manager: MigrationManager, url: str) -> None:
    revision = manager.revision("all tables").name.partition("_")[0]

    assert manager.pending() == (revision,)
    manager.upgrade()
    assert (manager.current(), manager.pending()) == (revision, ())
    assert "books" in asyncio.run(_tables(url))
    manager.downgrade("base")
    assert manager.current() is None
    assert asyncio.run(_tables(url)) == {"alembic_version", "migration_history"}
    manager.upgrade()
    assert manager.current() == revision


def test_pending_revisions_are_noticed(manager: MigrationManager, url: str, tmp_path: Path) -> None:
    directory = tmp_path / "migrations"

    with pytest.raises(PendingMigrationsError, match="never migrated"):
        asyncio.run(_require_head(url, directory))
    manager.revision("all tables")
    manager.upgrade()
    asyncio.run(_require_head(url, directory))
    manager.downgrade("base")
    with pytest.raises(PendingMigrationsError, match="pending"):
        asyncio.run(_require_head(url, directory))


def written_by_hand(directory: Path, name: str, below: str, more: str = "") -> None:
    (directory / "versions" / f"{name}.py").write_text(
        f'revision = "{name}"\ndown_revision = "{below}"\n{more}\n\n'
        "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    )


@pytest.mark.parametrize(
    ("at", "ready"), [("first", False), ("expand", True), ("contract", True), ("drop", True)]
)
def test_what_waits_for_the_code_is_not_waited_for(
    manager: MigrationManager, url: str, tmp_path: Path, at: str, ready: bool
) -> None:
    """Expand, start the new version, contract: it has to be ready in between."""
    directory = tmp_path / "migrations"
    first = manager.revision("all tables").name.partition("_")[0]
    written_by_hand(directory, "expand", first)
    written_by_hand(directory, "contract", "expand", "waits_for_code = True\n")
    written_by_hand(directory, "drop", "contract", "waits_for_code = True\n")
    manager.upgrade(first if at == "first" else at)

    if ready:
        asyncio.run(_require_head(url, directory))
    else:
        with pytest.raises(PendingMigrationsError, match="pending"):
            asyncio.run(_require_head(url, directory))


def test_what_waits_for_an_earlier_version_is_waited_for(
    manager: MigrationManager, url: str, tmp_path: Path
) -> None:
    directory = tmp_path / "migrations"
    first = manager.revision("all tables").name.partition("_")[0]
    written_by_hand(directory, "contract", first, "waits_for_code = True\n")
    written_by_hand(directory, "expand", "contract")
    manager.upgrade(first)

    with pytest.raises(PendingMigrationsError, match="pending"):
        asyncio.run(_require_head(url, directory))


@pytest.mark.parametrize("zero_downtime", [True, False])
def test_a_database_ahead_of_the_version_is_enough_only_without_downtime(
    manager: MigrationManager, url: str, tmp_path: Path, zero_downtime: bool
) -> None:
    """The version before still serves when the next one's first revision is applied."""
    directory = tmp_path / "migrations"
    first = manager.revision("all tables").name.partition("_")[0]
    written_by_hand(directory, "expand", first)
    manager.upgrade()
    (directory / "versions" / "expand.py").unlink()

    if zero_downtime:
        asyncio.run(_require_head(url, directory, zero_downtime=True))
    else:
        with pytest.raises(PendingMigrationsError):
            asyncio.run(_require_head(url, directory))


def test_a_database_behind_the_version_is_never_enough(
    manager: MigrationManager, url: str, tmp_path: Path
) -> None:
    directory = tmp_path / "migrations"
    first = manager.revision("all tables").name.partition("_")[0]
    written_by_hand(directory, "expand", first)
    manager.upgrade()
    manager.downgrade(first)

    with pytest.raises(PendingMigrationsError):
        asyncio.run(_require_head(url, directory, zero_downtime=True))


async def _require_head(url: str, directory: Path, *, zero_downtime: bool = False) -> None:
    engine = create_engine(url)
    try:
        await require_head(engine, directory, zero_downtime=zero_downtime)
    finally:
        await engine.dispose()


async def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda c: set(sa.inspect(c).get_table_names()))
    await engine.dispose()
    return found
