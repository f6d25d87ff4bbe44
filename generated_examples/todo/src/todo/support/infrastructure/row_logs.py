"""What logs of rows share: a table beside that of the rows, with whose row, by whom and when.

`history`, `changes` and `reads` add what each of them notes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ..core.context import current_context
from .column_types import UtcDateTime

_OWNER = "owner_"
"""Begins the names of the columns that have the key of the row."""


def log_table(
    owner: sa.Table, ending: str, *noted: sa.Column[Any], goes_with_owner: bool = False
) -> sa.Table:
    """Return the table `<owner>_<ending>`, added to the metadata of `owner`.

    It has `id`, for each key column of the owner one with `owner_` before its name, the columns
    `noted`, and `actor_id`, `correlation_id` and `occurred_at`.

    Args:
        owner: Has the rows.
        ending: Of the name.
        noted: What is noted beside whose, by whom and when.
        goes_with_owner: Whether what is noted of a row is deleted with it.
    """
    keys = list(owner.primary_key.columns)
    name = f"{owner.name}_{ending}"
    columns = [f"{_OWNER}{key.name}" for key in keys]
    table = sa.Table(
        name,
        owner.metadata,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(column, key.type, nullable=False)
            for column, key in zip(columns, keys, strict=True)
        ),
        *noted,
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        schema=owner.schema,
    )
    if goes_with_owner:
        table.append_constraint(
            sa.ForeignKeyConstraint(columns, keys, ondelete="CASCADE", name=f"fk_{name}_owner")
        )
    sa.Index(f"ix_{name}_owner", *owner_columns(table))
    return table


def owner_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of a log that have the key of the row, in the order of the key."""
    return [column for column in table.columns if column.name.startswith(_OWNER)]


# A row is of one of the project's classes, hence Any.
def owner_values(row: Any) -> dict[str, object]:
    """Return what those columns hold for a row: names to values."""
    mapper = sa.inspect(type(row))
    return {
        f"{_OWNER}{key.name}": getattr(row, mapper.get_property_by_column(key).key)
        for key in mapper.primary_key
    }


def signature(now: datetime) -> dict[str, object]:
    """Return what a log holds of who is acting, and when: names of columns to values."""
    context = current_context()
    return {
        "actor_id": context.actor.id or None,
        "correlation_id": context.correlation_id or None,
        "occurred_at": now,
    }


def is_below(steps: Sequence[str], path: Sequence[str]) -> bool:
    """Tell whether the steps to a value begin with those of `path`, ids of children left out."""
    if not path:
        return True
    if not steps or steps[0] != path[0]:
        return False
    return is_below(steps[1:], path[1:]) or is_below(steps[2:], path[1:])
