"""The moves of a lifecycle, each a row beside the table of the aggregate.

A repository notes a move whenever it stores an aggregate in another state than it was stored in,
so that no way of changing it can be forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from ..core.clock import Clock, utc_now
from ..core.context import current_context
from .column_types import UtcDateTime


def history_table(owner: sa.Table) -> sa.Table:
    """Return the table `<owner>_history`, added to the metadata of `owner`.

    It has `id`, for each key column of the owner one with `owner_` before its name, `from_state`
    (null for the first row), `to_state`, `actor_id`, `correlation_id` and `occurred_at`. Rows go
    with their owner.
    """
    keys = list(owner.primary_key.columns)
    name = f"{owner.name}_history"
    columns = [f"owner_{key.name}" for key in keys]
    table = sa.Table(
        name,
        owner.metadata,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(column, key.type, nullable=False)
            for column, key in zip(columns, keys, strict=True)
        ),
        sa.Column("from_state", sa.String(64), nullable=True),
        sa.Column("to_state", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(columns, keys, ondelete="CASCADE", name=f"fk_{name}_owner"),
        schema=owner.schema,
    )
    sa.Index(f"ix_{name}_owner", *(table.c[column] for column in columns))
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleHistory:
    """Where the moves of one kind of aggregate are noted."""

    table: sa.Table
    """What `history_table` has made."""
    state: str
    """Attribute of rows that has the state."""
    clock: Clock = utc_now

    # Rows are of the project's classes, hence Any.
    async def note(
        self, session: AsyncSession, moves: Sequence[tuple[UUID, Any, StrEnum | None]]
    ) -> None:
        """Note moves of rows that are flushed: an id, the row, and the state it was in before."""
        context = current_context()
        values: list[dict[str, object]] = []
        for id, row, before in moves:
            state: StrEnum = getattr(row, self.state)
            if state == before:
                continue
            mapper = sa.inspect(type(row))
            values.append(
                {
                    "id": id,
                    **{
                        f"owner_{key.name}": getattr(row, mapper.get_property_by_column(key).key)
                        for key in mapper.primary_key
                    },
                    "from_state": None if before is None else before.value,
                    "to_state": state.value,
                    "actor_id": context.actor.id or None,
                    "correlation_id": context.correlation_id or None,
                    "occurred_at": self.clock(),
                }
            )
        if values:
            await session.execute(sa.insert(self.table), values)
