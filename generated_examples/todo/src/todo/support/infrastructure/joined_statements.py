"""Two changes in one statement of PostgreSQL: a row, and what is added to another table with it.

One round trip instead of one each, and BEGIN and COMMIT. Both are kept by who asks for them, so
that each is compiled once.

Source: requirements 1, 59, 90.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from .row_source import NewRows


@cache
def added_along(
    table: sa.Table, names: tuple[str, ...], along: sa.Table, others: tuple[str, ...]
) -> sa.Insert:
    """Return what adds a row to `table` and several to `along`.

    Its values are `new_values` and `joined_values`.
    """
    added = sa.insert(table).values(
        {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    )
    return _insert(along, others).add_cte(added.cte("added"))


@cache
def changed_along(statement: sa.Update, along: sa.Table, names: tuple[str, ...]) -> sa.Insert:
    """Return what changes the row of `statement` and, if it is there, adds several to `along`.

    Its values are those of the statement and `joined_values`; it adds none where there is no row.
    """
    changed = statement.returning(sa.literal_column("1").label("one")).cte("changed")
    return _insert(along, names, sa.exists(sa.select(changed.c.one)))


def named(rows: NewRows) -> tuple[str, ...]:
    """Return the names of what the rows have values for."""
    return tuple(rows.values[0])


def new_values(rows: NewRows) -> dict[str, Any]:
    """Return the values of `added_along` that are those of the row itself."""
    return {f"new_{name}": value for name, value in rows.values[0].items()}


def joined_values(rows: NewRows) -> dict[str, Any]:
    """Return the values of the statements above that are those of the rows added along."""
    return {_joined(name): [row[name] for row in rows.values] for name in rows.values[0]}


def _insert(
    table: sa.Table, names: tuple[str, ...], *conditions: sa.ColumnElement[bool]
) -> sa.Insert:
    lists = [
        sa.bindparam(_joined(name), type_=postgresql.ARRAY(table.c[name].type)) for name in names
    ]
    rows = sa.func.unnest(*lists).table_valued(*names).render_derived(name="joined")
    chosen = sa.select(*(rows.c[name] for name in names)).where(*conditions)
    return sa.insert(table).from_select([table.c[name] for name in names], chosen)


def _joined(name: str) -> str:
    # Other than all names of the row that these stand beside.
    return f"joined_{name}"
