"""Several changes in one statement of PostgreSQL: of a row, of its note, and of what goes along.

One round trip instead of one each, and BEGIN and COMMIT. Each shape of statement is made once, so
that it is compiled once.

Source: requirements 1, 30, 59, 90.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from .row_source import Change, NewRows, RowNote

type _Shape = tuple[sa.Table, tuple[str, ...]]
"""Of rows: where they go, and the names of what they have values for."""

type Joined = tuple[sa.UpdateBase, dict[str, Any]]
"""A statement and its values."""

_ONE: sa.Label[int] = sa.literal_column("1").label("one")


def joined_addition(rows: NewRows, *, along: NewRows | None, note: RowNote | None) -> Joined:
    """Return what adds a row, others along with it, and notes it if the note's row is there."""
    (row,) = rows.values
    statement = _added(_shape(rows), _shape(along), None if note is None else note.statement)
    return statement, {
        **{f"new_{name}": value for name, value in row.items()},
        **_values(along, note),
    }


def joined_change(
    statement: Change,
    values: Mapping[str, Any],
    *,
    along: NewRows | None,
    note: RowNote | None,
) -> Joined:
    """Return what changes a row, adds others, and notes it: nothing unless both rows are there."""
    joined = _changed(statement, _shape(along), None if note is None else note.statement)
    return joined, {**values, **_values(along, note)}


@cache
def _added(shape: _Shape, along: _Shape | None, note: sa.Update | None) -> sa.UpdateBase:
    table, names = shape
    columns = [table.c[name] for name in names]
    row = sa.select(*(sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names))
    if note is not None:
        row = row.where(_any_of(note.returning(_ONE).cte("noted")))
    return _followed(sa.insert(table).from_select(columns, row), along)


@cache
def _changed(statement: Change, along: _Shape | None, note: sa.Update | None) -> sa.UpdateBase:
    if note is not None:
        if isinstance(statement, sa.Insert) or statement.whereclause is None:
            raise TypeError("what is changed along with a note is one row")
        # Locked, so that what is noted is done as well: nobody changes the row in between.
        found = (
            sa.select(_ONE)
            .where(statement.whereclause)
            .with_for_update(key_share=True)
            .cte("found")
        )
        noted = note.where(_any_of(found)).returning(_ONE).cte("noted")
        statement = statement.where(_any_of(noted))
    return _followed(statement, along)


def _followed(statement: sa.UpdateBase, along: _Shape | None) -> sa.UpdateBase:
    """Return what does the same, and adds rows if it has done anything."""
    if along is None:
        return statement
    table, names = along
    lists = [
        sa.bindparam(_joined(name), type_=postgresql.ARRAY(table.c[name].type)) for name in names
    ]
    rows = sa.func.unnest(*lists).table_valued(*names).render_derived(name="joined")
    done = statement.returning(_ONE).cte("done")
    chosen = sa.select(*(rows.c[name] for name in names)).where(_any_of(done))
    return sa.insert(table).from_select([table.c[name] for name in names], chosen)


def _any_of(rows: sa.CTE) -> sa.Exists:
    return sa.exists(sa.select(rows.c.one))


def _shape(rows: NewRows | None) -> _Shape | None:
    return None if rows is None else (rows.table, tuple(rows.values[0]))


def _values(along: NewRows | None, note: RowNote | None) -> dict[str, Any]:
    noted = {} if note is None else note.values
    if along is None:
        return {**noted}
    names = along.values[0]
    return {**noted, **{_joined(name): [row[name] for row in along.values] for name in names}}


def _joined(name: str) -> str:
    # Other than all names of the row that these stand beside.
    return f"joined_{name}"
