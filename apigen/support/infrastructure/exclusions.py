"""Rows of which no two may overlap: bookings of one room, prices of one product.

Looked for when rows are stored, in their transaction. Writers wait for each other before they
look: on SQLite there is one at a time anyway, on PostgreSQL they take a lock of the table's name
that lasts until the transaction is over. Whoever looks second sees what the first has committed,
unless their transaction is of the level REPEATABLE READ, which goes on seeing what was there
when it began.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.ext.asyncio import AsyncSession

from ..core.errors import OverlapError


@dataclass(frozen=True, slots=True, kw_only=True)
class RowExclusion:
    """No two rows with the same values in `equal` have ranges that overlap.

    A range begins with its begin and ends before its end. A row without a value in `equal` is in
    nobody's way.
    """

    name: str
    """Code of the error."""
    equal: tuple[str, ...]
    """Columns."""
    begin: str
    end: str
    where: Callable[[FromClause], ColumnElement[bool]] | None = None
    """Which rows count; None: all of them."""

    def between(self, one: FromClause, other: FromClause) -> ColumnElement[bool]:
        """Return the condition that two rows are in each other's way."""
        conditions = [one.c[name] == other.c[name] for name in self.equal]
        for row, opposite in ((one, other), (other, one)):
            conditions.append(row.c[self.begin] < opposite.c[self.end])
            # A range that ends where it begins has nothing in it.
            conditions.append(row.c[self.begin] < row.c[self.end])
            if self.where is not None:
                conditions.append(self.where(row))
        return sa.and_(*conditions)


async def refuse_overlaps(
    session: AsyncSession,
    table: sa.Table,
    exclusions: Sequence[RowExclusion],
    keys: Sequence[tuple[Any, ...]],
    *,
    resource: str,
) -> None:
    """Refuse rows that are in the way of others.

    Args:
        session: Has flushed the rows.
        table: Theirs.
        exclusions: What they must keep to.
        keys: Primary keys of the rows, in the order of the key's columns; of any type, hence Any.
        resource: What messages call a row.

    Raises:
        OverlapError: One of them is.
    """
    if not exclusions or not keys:
        return
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(sha256(table.fullname.encode()).digest()[:8], signed=True)
        await session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    mine, other = table.alias("mine"), table.alias("other")
    key = [mine.c[column.name] for column in table.primary_key]
    same = [mine.c[column.name] == other.c[column.name] for column in table.primary_key]
    wanted = (
        key[0].in_([values[0] for values in keys])
        if len(key) == 1
        else sa.tuple_(*key).in_([*keys])
    )
    apart = [wanted, sa.not_(sa.and_(*same))]
    if "is_deleted" in table.c:
        apart += [row.c["is_deleted"].is_(sa.false()) for row in (mine, other)]
    for exclusion in exclusions:
        found = (
            sa.select(sa.literal(1))
            .select_from(mine)
            .join(other, exclusion.between(mine, other))
            .where(*apart)
            .limit(1)
        )
        if (await session.execute(found)).first() is not None:
            fields = tuple(
                str(table.c[name].info.get("field", name))
                for name in (*exclusion.equal, exclusion.begin, exclusion.end)
            )
            raise OverlapError(resource, exclusion.name, fields=fields)


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What no two rows of a table may be at once: a `StoredCheck` of its repository."""

    rules: tuple[RowExclusion, ...]

    # Rows are of the project's classes, hence Any.
    async def check(self, session: AsyncSession, rows: Sequence[Any], *, resource: str) -> None:
        """Refuse rows that are in the way of others.

        Raises:
            OverlapError: One of them is.
        """
        mapper = sa.inspect(type(rows[0]))
        keys = [tuple(mapper.primary_key_from_instance(row)) for row in rows]
        await refuse_overlaps(session, mapper.local_table, self.rules, keys, resource=resource)
