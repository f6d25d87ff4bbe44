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
from .row_logs import log_table, owner_values, signature


def history_table(owner: sa.Table) -> sa.Table:
    """Return the table `<owner>_history`, added to the metadata of `owner`.

    It has a row for each move, with `from_state` (null for the first) and `to_state`. Rows go with
    their owner.
    """
    return log_table(
        owner,
        "history",
        sa.Column("from_state", sa.String(64), nullable=True),
        sa.Column("to_state", sa.String(64), nullable=False),
        goes_with_owner=True,
    )


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
        values: list[dict[str, object]] = []
        for id, row, before in moves:
            state: StrEnum = getattr(row, self.state)
            if state == before:
                continue
            values.append(
                {
                    "id": id,
                    **owner_values(row),
                    "from_state": None if before is None else before.value,
                    "to_state": state.value,
                    **signature(self.clock()),
                }
            )
        if values:
            await session.execute(sa.insert(self.table), values)
