"""Rows of which no two may overlap: bookings of one room, prices of one product.

On PostgreSQL a constraint of the table sees to it, at every level of isolation. Writers of the
same values wait for each other before they write, because two that met in the index would each
wait for the other, and one of them would be stopped as a deadlock instead of being told why.

SQLite has no such constraint. It has one writer at a time, who looks when the rows are stored, in
their transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.ext.asyncio import AsyncSession

from ..core.errors import OverlapError
from .database_errors import EXCLUSION, fields_of
from .overlaps import RowExclusion, is_before, overlapping

_LOCKS = 64
"""How many locks one rule has at most: what a transaction can hold is limited."""


def no_overlap(
    rule: str,
    *,
    name: str,
    equal: tuple[str, ...],
    overlap: tuple[str, str],
    kind: str,
    where: ColumnElement[bool] | None = None,
) -> ExcludeConstraint:
    """Return the constraint that no two rows overlap; SQLite's tables are made without it.

    Args:
        rule: Code of the error.
        name: Of the constraint.
        equal: Columns: only rows with the same values there are in each other's way.
        overlap: Columns of the begin, and of the end that is not part of the range.
        kind: PostgreSQL's function that makes a range of both.
        where: Which rows count, over columns without a table; None: all of them.
    """
    begin: ColumnElement[Any] = sa.column(overlap[0])
    end: ColumnElement[Any] = sa.column(overlap[1])
    filled = is_before(begin, end)
    constraint = ExcludeConstraint(
        *((column, "=") for column in equal),
        (getattr(sa.func, kind)(begin, end), "&&"),
        name=name,
        using="gist",
        where=filled if where is None else sa.and_(filled, where),
    )
    constraint.info[EXCLUSION] = RowExclusion(
        name=rule, equal=equal, begin=overlap[0], end=overlap[1], where=where
    )
    return constraint.ddl_if(dialect="postgresql")


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What the constraints of a table's row class say: a `StoredCheck` of its repository."""

    # Rows are of the project's classes, hence Any.
    async def prepare(self, session: AsyncSession, rows: Sequence[Any]) -> None:
        """Wait for those who are writing rows that these may be in the way of."""
        if session.get_bind().dialect.name != "postgresql":
            return
        table = _table(rows)
        numbers = {_lock(table, rule, row) for rule in _rules(table) for row in rows}
        wanted = sorted(number for number in numbers if number is not None)
        if wanted:
            # In one order, so that two who want several of them do not wait for each other.
            each = sa.func.unnest(sa.cast(wanted, ARRAY(sa.BigInteger))).column_valued("number")
            await session.execute(sa.select(sa.func.pg_advisory_xact_lock(each)))

    async def check(self, session: AsyncSession, rows: Sequence[Any], *, resource: str) -> None:
        """Refuse rows that are in the way of others, where the database does not.

        Args:
            session: Has flushed the rows.
            rows: Of one class, at least one.
            resource: What messages call a row.

        Raises:
            OverlapError: One of them is.
        """
        if session.get_bind().dialect.name == "postgresql":
            return
        table = _table(rows)
        mapper = sa.inspect(type(rows[0]))
        key = list(table.primary_key.columns)
        keys = [tuple(mapper.primary_key_from_instance(row)) for row in rows]
        among = (
            key[0].in_([values[0] for values in keys])
            if len(key) == 1
            else sa.tuple_(*key).in_(keys)
        )
        for rule in _rules(table):
            found = overlapping(table, [column.name for column in key], rule, among=among)
            if (await session.execute(found.limit(1))).first() is not None:
                raise OverlapError(resource, rule.name, fields=fields_of(table, rule))


def _table(rows: Sequence[Any]) -> sa.Table:
    table: sa.Table = sa.inspect(type(rows[0])).local_table
    return table


def _rules(table: sa.Table) -> Iterator[RowExclusion]:
    named = sorted(table.constraints, key=lambda one: str(one.name))
    return (one.info[EXCLUSION] for one in named if EXCLUSION in one.info)


def _lock(table: sa.Table, rule: RowExclusion, row: Any) -> int | None:
    """Return the lock of the values that a row has; None where it is in nobody's way."""
    mapper = sa.inspect(type(row))
    columns = [table.c[name] for name in rule.equal]
    values = [getattr(row, mapper.get_property_by_column(column).key) for column in columns]
    if None in values:
        return None
    place = int.from_bytes(sha256(repr(values).encode()).digest()[:8]) % _LOCKS
    text = f"{table.fullname} {rule.name} {place}"
    return int.from_bytes(sha256(text.encode()).digest()[:8], signed=True)
