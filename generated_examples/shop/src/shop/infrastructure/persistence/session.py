# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The database of this project: its engine, the base of its rows, and whether it is well."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase

from shop.core.settings import Settings
from shop.support.infrastructure.encrypted_columns import use_keys
from shop.support.infrastructure.engine import create_engine, ping
from shop.support.infrastructure.idempotency import idempotency_table
from shop.support.infrastructure.inbox import inbox_table
from shop.support.infrastructure.key_ring import KeyRing
from shop.support.infrastructure.migrations import require_head
from shop.support.infrastructure.outbox import outbox_table
from shop.support.infrastructure.rows import PlainRow
from shop.support.infrastructure.task_queue import task_table
from shop.support.infrastructure.task_schedules import schedule_table

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


OUTBOX_TABLE = outbox_table(Row.metadata)
"""Events that are to be handed on."""

INBOX_TABLE = inbox_table(Row.metadata)
"""Messages that had their effect."""

IDEMPOTENCY_TABLE = idempotency_table(Row.metadata)
"""Requests with a key, and what they were answered."""

TASKS_TABLE = task_table(Row.metadata)
"""What is to be done in the background, or was."""

SCHEDULES_TABLE = schedule_table(Row.metadata)
"""When tasks with a schedule are due next."""


def create_database(settings: Settings) -> AsyncEngine:
    """Make the engine; nothing is connected yet."""
    url = settings.database_url.get_secret_value()
    engine = create_engine(url, settings.database, schemas=SCHEMAS)
    return use_keys(engine, key_ring(settings))


def key_ring(settings: Settings) -> KeyRing:
    """Return the keys that encrypted fields are read and written with."""
    return KeyRing.of(settings.encryption_keys)


def health_checks(engine: AsyncEngine) -> Mapping[str, Callable[[], Awaitable[None]]]:
    """Return what must hold before requests can be served, by name; each raises when it does not."""
    return {
        "database": lambda: ping(engine),
        "migrations": lambda: require_head(engine, MIGRATIONS),
    }
