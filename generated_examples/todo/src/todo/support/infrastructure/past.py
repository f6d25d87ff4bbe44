"""What became of one row: the moves of its lifecycle and its changes, as one list.

A move and the change that it was part of have one id, and are one entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from ..application.queries import Hidden
from .hidden_parts import without_parts
from .row_logs import is_below, owner_columns
from .row_source import RowSource

_MOVE = ("from_state", "to_state", "actor_id", "occurred_at")
_CHANGE = ("operation", "changes", "actor_id", "occurred_at")
"""What is told of each."""

type Entry = dict[str, Any]
"""A JSON object: what is told of a move, of a change, or of both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Where the past of one kind of row is, in one table or in two."""

    moves: sa.Table | None
    """What `history_table` has made."""
    changes: sa.Table | None
    """What `changes_table` has made."""

    async def of(self, source: RowSource, key: Sequence[object], hidden: Hidden) -> list[Entry]:
        """Return what became of the row with this key, oldest first.

        Args:
            source: Where to read.
            key: Values of the key, in its order.
            hidden: Paths that are not shown to clients of the version.
        """
        entries: dict[str, Entry] = {}
        if self.changes is not None:
            for id, *row in await source.rows(self._changes(self.changes, key)):
                entries[str(id)] = entry = dict(zip(_CHANGE, row, strict=True))
                entry["changes"] = _shown(entry["changes"], hidden)
                if self.moves is not None:
                    entry |= {"from_state": None, "to_state": None}
        if self.moves is not None:
            for id, *row in await source.rows(self._moves(self.moves, key)):
                move = dict(zip(_MOVE, row, strict=True))
                if self.changes is not None and str(id) not in entries:
                    # It was made before changes were logged.
                    is_first = move["from_state"] is None
                    entries[str(id)] = {
                        "operation": "create" if is_first else "update",
                        "changes": {},
                    }
                entries[str(id)] = {**entries.get(str(id), {}), **move}
        return sorted(entries.values(), key=lambda entry: entry["occurred_at"])

    def _moves(self, table: sa.Table, key: Sequence[object]) -> sa.Select[Any]:
        return self._rows(table, _MOVE, key)

    def _changes(self, table: sa.Table, key: Sequence[object]) -> sa.Select[Any]:
        # Somebody else's row may have had the key before: what became of that is not told.
        beginning = (
            sa.select(table.c.id)
            .where(*self._owned(table, key), table.c.operation == "create")
            .order_by(table.c.occurred_at.desc(), table.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        return self._rows(table, _CHANGE, key).where(
            sa.or_(beginning.is_(None), table.c.id >= beginning)
        )

    def _rows(
        self, table: sa.Table, columns: Sequence[str], key: Sequence[object]
    ) -> sa.Select[Any]:
        return (
            sa.select(table.c.id, *(table.c[name] for name in columns))
            .where(*self._owned(table, key))
            .order_by(table.c.occurred_at, table.c.id)
        )

    def _owned(self, table: sa.Table, key: Sequence[object]) -> list[ColumnElement[bool]]:
        return [owner == value for owner, value in zip(owner_columns(table), key, strict=True)]


def _shown(changes: dict[str, Any], hidden: Hidden) -> dict[str, Any]:
    if not hidden:
        return changes
    return {
        path: {
            side: without_parts(value, _inside(path.split("."), hidden))
            for side, value in sides.items()
        }
        for path, sides in changes.items()
        if not any(is_below(path.split("."), one) for one in hidden)
    }


def _inside(steps: Sequence[str], hidden: Hidden) -> Hidden:
    """Return what is hidden in the value that steps lead to, as paths that begin there."""
    return tuple(
        path[length:]
        for path in hidden
        for length in range(1, len(path))
        if is_below(steps, path[:length]) and not is_below(steps[:-1], path[:length])
    )
