"""Files that no row names: left by uploads that were cut off, and by rows that are gone.

Source: requirement 35.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import InstrumentedAttribute

from ..application.files import StorageBackend, StoredFile
from ..core.clock import Clock, utc_now
from .engine import is_sqlite


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What was found."""

    files: int
    """How many are stored."""
    orphans: tuple[StoredFile, ...]
    """Those that no row names, and that are too old to be on their way to one."""


async def orphans(
    engine: AsyncEngine,
    storage: StorageBackend,
    columns: Sequence[InstrumentedAttribute[Any]],
    *,
    older_than: timedelta,
    clock: Clock = utc_now,
) -> Sweep:
    """Find what no row names.

    What is stored is looked at before the rows are, so that a file which a row comes to name in
    between is not taken for an orphan. Holds the keys of all files in memory, some 100 bytes each.

    Args:
        engine: Has the rows.
        storage: Has the files; no others are in it.
        columns: All columns that describe a file.
        older_than: Younger ones may be named soon.
        clock: Tells how old one is.
    """
    count = 0
    latest = clock() - older_than
    old: dict[str, StoredFile] = {}
    async for found in storage.stored():
        count += len(found)
        old.update((one.key, one) for one in found if one.stored_at < latest)
    # In a transaction: only there can PostgreSQL give rows a few at a time.
    async with engine.connect() as connection:
        for column in columns:
            keys = sa.select(_key(column, engine)).where(column.is_not(None))
            async for (key,) in await connection.stream(keys):
                old.pop(key, None)
    return Sweep(files=count, orphans=tuple(old.values()))


def _key(column: InstrumentedAttribute[Any], engine: AsyncEngine) -> sa.ColumnElement[str]:
    if is_sqlite(engine):
        return sa.func.json_extract(column, "$.key", type_=sa.String())
    return column.op("->>", return_type=sa.String())(sa.literal_column("'key'"))
