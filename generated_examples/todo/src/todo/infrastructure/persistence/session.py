# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The database of this project: its engine, the base of its rows, and whether it is well."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase

from todo.core.settings import Settings
from todo.support.infrastructure.engine import create_engine, ping
from todo.support.infrastructure.migrations import require_head
from todo.support.infrastructure.rows import PlainRow

SCHEMAS: tuple[str, ...] = ()
"""Database schemas that tables are in, beside the default one."""

MIGRATIONS = Path("migrations")
"""Where the revisions are, seen from the working directory."""


class Row(PlainRow, DeclarativeBase):
    """Base of all rows; constraints that are not named in place are named by convention."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


def create_database(settings: Settings) -> AsyncEngine:
    """Make the engine; nothing is connected yet."""
    url = settings.database_url.get_secret_value()
    return create_engine(url, settings.database, schemas=SCHEMAS)


def health_checks(engine: AsyncEngine) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """Return what must hold before requests can be served, by name; each raises when it does not."""
    return {
        "database": lambda: ping(engine),
        "migrations": lambda: require_head(engine, MIGRATIONS),
    }
