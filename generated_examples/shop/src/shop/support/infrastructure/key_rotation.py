"""Encrypt stored values again with the key that encrypts new ones, a batch at a time.

Each batch is a transaction of its own, and a value that has the right key already is left alone:
whatever stops a run, the next one goes on where it was. A value that somebody has changed in the
meantime is left as it is. Digests of blind indexes are made again where the key of indexes is
another than the one they were made with.

Source: requirement 15.3.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from .encrypted_columns import BlindIndex, Ciphertext, keys_of
from .field_encryption import Digest, EncryptedField, Sealed
from .key_ring import KeyRing
from .unit_of_work import SqlUnitOfWork

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What was found, and done, in one column."""

    column: str
    """`customers.phone`."""
    rows: int = 0
    """That have a value."""
    stale: int = 0
    """Of those, whose value, or its digest, is of another key than new ones."""
    renewed: int = 0
    """Of those, that were written again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One encrypted column, with its blind index if it has one."""

    table: sa.Table
    column: sa.Column[Any]
    index: sa.Column[Any] | None
    field: EncryptedField[Any]

    @property
    def key(self) -> tuple[sa.Column[Any], ...]:
        return tuple(self.table.primary_key.columns)


async def rotate_keys(
    engine: AsyncEngine, metadata: sa.MetaData, *, batch: int = _BATCH, dry_run: bool = False
) -> AsyncIterator[Rotated]:
    """Renew the values of every encrypted column, and yield what was done in each.

    Args:
        engine: The database, with its keys: the old ones too.
        metadata: The tables.
        batch: How many rows a transaction renews.
        dry_run: Only count.

    Raises:
        EncryptionError: A value does not decrypt.
    """
    for column in _encrypted(metadata):
        done = Rotated(column=column.field.column)
        last: tuple[Any, ...] | None = None
        while True:
            counted, last = await _one_batch(engine, column, last, batch, dry_run=dry_run)
            done = replace(
                done,
                rows=done.rows + counted.rows,
                stale=done.stale + counted.stale,
                renewed=done.renewed + counted.renewed,
            )
            if last is None:
                break
        yield done


def _encrypted(metadata: sa.MetaData) -> Iterator[_Column]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Ciphertext):
                field = column.type.field
                index = next(
                    (
                        other
                        for other in table.columns
                        if isinstance(other.type, BlindIndex) and other.type.field is field
                    ),
                    None,
                )
                yield _Column(table=table, column=column, index=index, field=field)


async def _one_batch(
    engine: AsyncEngine,
    column: _Column,
    after: tuple[Any, ...] | None,
    batch: int,
    *,
    dry_run: bool,
) -> tuple[Rotated, tuple[Any, ...] | None]:
    """Renew the next rows; return what was done, and the key of the last one, None at the end."""
    ring = keys_of(engine.dialect)
    async with SqlUnitOfWork(engine) as work:
        rows = (await work.session.execute(_next(column, after, batch))).all()
        stale = [found for row in rows if (found := _stale(column, row, ring)) is not None]
        renewed = 0
        if not dry_run:
            for found in stale:
                renewed += await _renew(work.session, column, found)
            await work.commit()
    size = len(column.key)
    counted = Rotated(column=column.field.column, rows=len(rows), stale=len(stale), renewed=renewed)
    return counted, tuple(rows[-1][:size]) if len(rows) == batch else None


def _next(column: _Column, after: tuple[Any, ...] | None, batch: int) -> sa.Select[Any]:
    index = () if column.index is None else (column.index,)
    statement = (
        sa.select(*column.key, column.column, *index)
        .where(column.column.is_not(None))
        .order_by(*column.key)
        .limit(batch)
    )
    if after is None:
        return statement
    if len(column.key) == 1:
        return statement.where(column.key[0] > after[0])
    values = (sa.literal(value, key.type) for value, key in zip(after, column.key, strict=True))
    return statement.where(sa.tuple_(*column.key) > sa.tuple_(*values))


type _Renewal = tuple[Sequence[Any], Sealed[Any], Digest | None]
"""The key of a row, what it has, and the digest that it should have."""


def _stale(column: _Column, row: Sequence[Any], ring: KeyRing) -> _Renewal | None:
    size = len(column.key)
    key, kept = row[:size], row[size]
    stored = kept.ciphertext(ring)
    if column.index is None:
        return None if ring.is_current(stored) else (key, kept, None)
    wanted = column.field.redigested(kept, row_key(key))
    if ring.is_current(stored) and wanted == row[size + 1]:
        return None
    return key, kept, wanted


def row_key(key: Sequence[Any]) -> Any:
    """Return the key of a row as repositories know it."""
    return key[0] if len(key) == 1 else tuple(key)


async def _renew(session: AsyncSession, column: _Column, found: _Renewal) -> int:
    key, kept, digest = found
    bound = row_key(key)
    fresh = column.field.sealed(column.field.opened(kept, bound), bound)
    values: dict[Any, Any] = {column.column: fresh}
    if column.index is not None:
        values[column.index] = digest
    same = (one == value for one, value in zip(column.key, key, strict=True))
    done = await session.execute(
        sa.update(column.table).where(*same, column.column == kept).values(values)
    )
    return done.rowcount if isinstance(done, CursorResult) else 0
