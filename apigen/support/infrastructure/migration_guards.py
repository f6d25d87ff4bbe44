"""What a revision asks of the rows before it changes anything, and stops in words.

Revisions call these first, by way of `migration_environment`. Nothing is asked where SQL is only
written (`--sql`).
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from .overlaps import RowExclusion, overlapping

_SHOWN = 5
"""How many pairs of rows a message names."""


def refuse_values(
    table: str,
    column: str,
    values: Sequence[str],
    *,
    schema: str | None = None,
    inside: bool = False,
) -> None:
    """Stop a revision while rows hold texts that they must not hold after it.

    Args:
        table: The table, as it is called at that time.
        column: The column.
        values: What no row may hold.
        schema: Of the table.
        inside: The column holds arrays of texts, as JSON.

    Raises:
        CommandError: Rows do. Alembic's own, so that its command line says it in a sentence.
    """
    from alembic import op
    from alembic.util.exc import CommandError

    if op.get_context().as_sql:
        return
    connection = op.get_bind()
    held = sa.column(column, sa.Text())
    place_ = sa.table(table, held, schema=schema)
    found = []
    for value in sorted(values):
        holds = _element(held, connection.dialect.name, value) if inside else held == value
        number = connection.scalar(sa.select(sa.func.count()).select_from(place_).where(holds))
        found += [(value, number)] if number else []
    if not found:
        return
    place = f"{schema}.{table}" if schema else table
    told = ", ".join(f"{value!r} in {n} row{'' if n == 1 else 's'}" for value, n in found)
    first = f"'{found[0][0]}'"
    setting = f"{column} = 'NEW' WHERE {column} = {first}"
    if inside and connection.dialect.name == "postgresql":
        setting = f"{column} = {column} - {first}"
    elif inside:
        each = f"FROM json_each({column}) WHERE value <> {first}"
        setting = f"{column} = (SELECT json_group_array(value) {each})"
    setting = f"{place} SET {setting}"
    raise CommandError(
        f"{place}.{column} holds {told}, which the spec no longer has; nothing was changed. Say at "
        "the top of this revision's upgrade() what such rows get, then run it again: "
        f'op.execute("UPDATE {setting}")'
    )


def _element(held: sa.ColumnClause[str], dialect: str, value: str) -> sa.Exists:
    """Return the condition that an array of JSON has a text."""
    each = sa.func.json_each(held)
    if dialect == "postgresql":
        each = sa.func.jsonb_array_elements_text(sa.cast(held, JSONB))
    elements = each.table_valued("value")
    return sa.exists().select_from(elements).where(elements.c.value == value)


def refuse_overlaps(
    table: str,
    name: str,
    *,
    key: Sequence[str],
    equal: Sequence[str],
    overlap: tuple[str, str],
    where: sa.ColumnElement[bool] | None = None,
    schema: str | None = None,
) -> None:
    """Stop a revision while rows overlap that must not after it.

    Args:
        table: The table, as it is called at that time.
        name: Of the constraint.
        key: Columns of the table's key.
        equal: Columns: only rows with the same values there are in each other's way.
        overlap: Columns of the begin, and of the end that is not part of the range.
        where: Which rows count; None: all of them.
        schema: Of the table.

    Raises:
        CommandError: Rows do. Alembic's own, so that its command line says it in a sentence.
    """
    from alembic import op
    from alembic.util.exc import CommandError

    if op.get_context().as_sql:
        return
    connection = op.get_bind()
    begin, end = overlap
    columns = dict.fromkeys((*key, *equal, begin, end))
    place_ = sa.table(table, *(sa.column(column) for column in columns), schema=schema)
    rule = RowExclusion(name=name, equal=tuple(equal), begin=begin, end=end, where=where)
    pairs = overlapping(place_, key, rule)
    found = connection.execute(pairs.order_by(*pairs.selected_columns).limit(_SHOWN)).all()
    if not found:
        return
    number = connection.scalar(sa.select(sa.func.count()).select_from(pairs.subquery("pairs")))
    place = f"{schema}.{table}" if schema else table
    told = ", ".join(
        f"{_key(pair[: len(key)])} with {_key(pair[len(key) :])}" for pair in map(tuple, found)
    )
    more = f" and {number - len(found)} more" if number and number > len(found) else ""
    pairs_ = "1 pair of rows overlaps" if number == 1 else f"{number} pairs of rows overlap"
    raise CommandError(
        f"{place}: {pairs_} in {begin} to {end}, which {name} forbids; nothing was changed. They "
        f"are, by {', '.join(key)}: {told}{more}. Change or delete rows so that none overlap, or "
        "say so at the top of this revision's upgrade(), then run it again"
    )


# Keys are of any type, hence Any.
def _key(values: Sequence[Any]) -> str:
    return str(values[0]) if len(values) == 1 else f"({', '.join(map(str, values))})"
