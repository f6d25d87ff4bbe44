"""Which reference leads to nothing, where the database does not say it.

Source: requirement 12.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import DeclarativeBase

from ..core.errors import ReferenceConflictError
from .engine import is_sqlite, reading
from .row_tree import walk


@asynccontextmanager
async def naming_references(
    bind: AsyncEngine | AsyncConnection | None, rows: Callable[[], Sequence[DeclarativeBase]]
) -> AsyncIterator[None]:
    """Run a block that stores rows; an error about a missing reference names its fields.

    SQLite does not say which foreign key was broken. The transaction that has failed is over, so
    another connection is asked.

    Args:
        bind: The database.
        rows: Makes the rows as they were to be stored.

    Raises:
        ReferenceConflictError: What the block raises, with fields.
    """
    try:
        yield
    except ReferenceConflictError as error:
        if not error.is_missing or error.fields or not isinstance(bind, AsyncEngine):
            raise
        fields = await _broken(bind, rows()) if is_sqlite(bind) else ()
        raise ReferenceConflictError(error.resource, fields=fields, is_missing=True) from error


async def _broken(engine: AsyncEngine, rows: Sequence[DeclarativeBase]) -> tuple[str, ...]:
    """Return the fields of `rows` whose foreign key leads to nothing."""
    broken: dict[str, None] = {}
    async with reading(engine) as connection:
        for row in (part for root in rows for part in walk(root)):
            mapper = sa.inspect(type(row))
            for column in mapper.columns:
                value = getattr(row, mapper.get_property_by_column(column).key)
                if value is None or column.info.get("parent"):
                    continue
                for reference in column.foreign_keys:
                    found = sa.select(sa.literal(1)).where(reference.column == value)
                    if (await connection.execute(found)).first() is None:
                        broken[column.info.get("field", column.name)] = None
    return tuple(broken)
