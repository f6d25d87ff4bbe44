"""Keep the numbers that a database draws for keys clear of those that a client has chosen.

PostgreSQL draws from a sequence that does not notice explicit values, and stops at the largest
number of the column. SQLite always draws the largest number and one more, and does not stop.
Knows nothing of aggregates.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from ..core.errors import ConflictError
from .column_types import can_hold


async def claim_generated_keys(session: AsyncSession, rows: Sequence[DeclarativeBase]) -> None:
    """Move the sequences past the explicit keys of rows that are about to be inserted."""
    if session.get_bind().dialect.name != "postgresql":
        return
    largest: dict[sa.Table, int] = {}
    for row in rows:
        mapper = sa.inspect(type(row))
        table = mapper.local_table
        column = table.autoincrement_column if isinstance(table, sa.Table) else None
        if column is None or not isinstance(table, sa.Table):
            continue
        value = getattr(row, mapper.get_property_by_column(column).key)
        if value is not None:
            largest[table] = max(value, largest.get(table, value))
    for statement in _moves(largest.items()):
        await session.execute(statement)


def require_range(resource: str, rows: Iterable[DeclarativeBase]) -> None:
    """Check the keys that were drawn for rows that are inserted.

    Raises:
        ConflictError: A number is larger than the column is for: SQLite does not mind.
    """
    for row in rows:
        for column in sa.inspect(type(row)).primary_key:
            value = getattr(row, sa.inspect(type(row)).get_property_by_column(column).key)
            if not can_hold(column.type, value):
                raise exhausted(resource)


def exhausted(resource: str) -> ConflictError:
    """Return the error of a key that has no numbers left."""
    message = f"There is no number left to identify another {resource}."
    return ConflictError(resource, constraint="exhausted", message=message)


def _moves(largest: Iterable[tuple[sa.Table, int]]) -> Iterable[sa.Select[Any]]:
    for table, value in largest:
        column = table.autoincrement_column
        if column is None:
            continue
        name = f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'
        sequence = sa.func.pg_get_serial_sequence(name, column.name)
        # Drawing one number tells where the sequence is; it must never move backwards.
        following = sa.func.greatest(sa.func.nextval(sa.cast(sequence, sa.Text)), value)
        yield sa.select(sa.func.setval(sa.cast(sequence, sa.Text), following))
