"""Rows whose ranges overlap: the question that writers and migrations ask of a table.

A range begins with its begin and ends before its end; without one of them it has no bound on that
side. A range with nothing in it, and a row without a value in a column that has to be equal, are
in nobody's way. PostgreSQL's ranges and its `&&` say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

type Pairs = sa.Select[tuple[Any, ...]]
"""Keys of the one row and of the other, one after the other; of any type, hence Any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowExclusion:
    """No two rows with the same values in `equal` have ranges that overlap."""

    name: str
    """Code of the error."""
    equal: tuple[str, ...]
    """Columns."""
    begin: str
    end: str
    where: ColumnElement[bool] | None = None
    """Which rows count, over columns without a table; None: all of them."""


# The value of a column is SQLAlchemy's business, hence Any here too.
def is_before(begin: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a range goes on after `begin`, if it ends at `end`."""
    return (begin < end).is_not(sa.false())


def overlapping(
    table: sa.FromClause,
    key: Sequence[str],
    exclusion: RowExclusion,
    *,
    among: ColumnElement[bool] | None = None,
) -> Pairs:
    """Return the statement that finds pairs of rows that are in each other's way.

    Args:
        table: The table.
        key: Columns of its key.
        exclusion: What no two rows may be.
        among: Which rows the first of a pair may be, over columns of the table. None: all of them,
            and each pair is found once.
    """
    mine = _counting(table, key, exclusion, among).subquery("mine")
    other = _counting(table, key, exclusion, None).subquery("other")
    keys = ([mine.c[name] for name in key], [other.c[name] for name in key])
    same = [one == another for one, another in zip(*keys, strict=True)]
    apart = sa.not_(sa.and_(*same)) if among is not None else _in_order(*keys)
    return (
        sa.select(*keys[0], *keys[1])
        .select_from(mine)
        .join(
            other,
            sa.and_(
                *(mine.c[name] == other.c[name] for name in exclusion.equal),
                is_before(mine.c[exclusion.begin], other.c[exclusion.end]),
                is_before(other.c[exclusion.begin], mine.c[exclusion.end]),
                apart,
            ),
        )
    )


def _in_order(
    first: Sequence[ColumnElement[Any]], second: Sequence[ColumnElement[Any]]
) -> ColumnElement[bool]:
    if len(first) == 1:
        return first[0] < second[0]
    return sa.tuple_(*first) < sa.tuple_(*second)


def _counting(
    table: sa.FromClause,
    key: Sequence[str],
    exclusion: RowExclusion,
    among: ColumnElement[bool] | None,
) -> Pairs:
    begin, end = table.c[exclusion.begin], table.c[exclusion.end]
    names = dict.fromkeys((*key, *exclusion.equal, exclusion.begin, exclusion.end))
    rows = sa.select(*(table.c[name] for name in names)).where(is_before(begin, end))
    for condition in (exclusion.where, among):
        if condition is not None:
            rows = rows.where(condition)
    return rows
