# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Every migration goes up, down and up on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.infrastructure.persistence.session import Row
from shop.support.infrastructure.migrations import MigrationManager
from shop.support.testing.contracts.migrations import (
    MigratedDatabase,
    MigrationContract,
)
from shop.support.testing.databases import BACKENDS, database

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate(url: str, revision: str) -> None:
    """Bring a database to a revision."""
    manager = MigrationManager(url, directory=MIGRATIONS)
    if revision in ("base", "-1"):
        manager.downgrade(revision)
    else:
        manager.upgrade(revision)


def compare(url: str) -> tuple[str, ...]:
    """Return what the tables lack to be those of the rows."""
    return MigrationManager(url, directory=MIGRATIONS).check()


def verify(url: str) -> tuple[str, ...]:
    """Return which revisions are not what was applied."""
    return MigrationManager(url, directory=MIGRATIONS).verify()


def pending(url: str) -> tuple[str, ...]:
    """Return the revisions that a database has yet to go through."""
    return MigrationManager(url, directory=MIGRATIONS).pending()


@pytest.fixture(params=BACKENDS)
def migrated_database(request: pytest.FixtureRequest) -> Iterator[MigratedDatabase]:
    """Lend an empty database whose revision the test moves."""
    with database(request.param) as url:
        yield MigratedDatabase(url, migrate, compare, verify, pending)


class TestMigrations(MigrationContract):
    """The revisions make the tables of the models."""

    metadata = Row.metadata
