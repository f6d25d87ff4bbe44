"""The log of changes of one kind of aggregate: who changed which fields, from what to what.

A repository notes a change in the transaction that makes it. The log outlives the rows that it is
about: it has no foreign key. Personal, secret and hidden values are never written to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, RelationshipProperty

from ..core.clock import Clock, utc_now
from ..core.context import current_context
from ..core.identifiers import uuid7
from ..core.json import in_order
from ..domain.audited import Audited
from .change_notes import ChangeNote
from .column_types import Json
from .row_logs import is_below, log_table, owner_columns, owner_values, signature

MASK = "***"
"""What stands for a value that may not be in the log."""

_OWN = frozenset(
    {
        *("created_at", "updated_at", "created_by", "updated_by", "version"),
        *("is_deleted", "deleted_at"),
    }
)
"""Columns of the root that every change changes, or that the operation speaks of."""

_CHUNK = 500
"""How many rows of the log are overwritten before the next are read."""


def changes_table(owner: sa.Table) -> sa.Table:
    """Return the table `<owner>_changes`, added to the metadata of `owner`.

    It has a row for each change, with `operation` and `changes`
    (`{path: {"from": …, "to": …}}`).
    """
    return log_table(
        owner,
        "changes",
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("changes", Json(nullable=False), nullable=False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLog:
    """Where the changes of one kind of aggregate are noted."""

    table: sa.Table
    """What `changes_table` has made."""
    masked: tuple[str, ...] = ()
    """Paths of values that are not written down: `email`, `lines.note`."""
    fields: tuple[str, ...] | None = None
    """Names that paths begin with; None: everything is noted."""
    ignored: tuple[str, ...] = ()
    """Paths that are no fields: the places of children in their lists."""
    clock: Clock = utc_now

    def sign(self, entities: Sequence[Audited], *, is_new: bool) -> None:
        """Write the acting person into aggregates that are about to be stored."""
        actor = current_context().actor.id or None
        for entity in entities:
            entity.updated_by = actor
            if is_new:
                entity.created_by = actor

    # Rows are of the project's classes, hence Any here and below.
    def values(self, row: Any) -> Mapping[str, object]:
        """Return what a row and those below it hold, by path: `price.amount`, `lines.<id>.note`.

        What is null is left out.
        """
        return dict(self._values(row, "", is_root=True))

    async def note(self, session: AsyncSession, changes: Sequence[ChangeNote]) -> None:
        """Note changes in the running transaction; an update that changed nothing is none."""
        noted: list[dict[str, object]] = []
        for change in changes:
            difference = self._difference(change.before, change.after)
            if not difference and change.operation == "update":
                continue
            noted.append(
                {
                    "id": change.id,
                    **owner_values(change.row),
                    "operation": change.operation,
                    "changes": difference,
                    **signature(self.clock()),
                }
            )
        if noted:
            await session.execute(sa.insert(self.table), noted)

    async def settle(self, session: AsyncSession, entity: Audited, row: Any) -> None:
        """Overwrite what the log has of an aggregate whose personal data was erased.

        What was personal when it was written down is masked already; a field may have become it.
        """
        if entity.collect_erasure():
            owner = owner_values(row)
            await self.mask(session, *(self.table.c[name] == owner[name] for name in owner))

    async def settle_removed(self, session: AsyncSession, keys: Sequence[tuple[Any, ...]]) -> None:
        """Note that rows are removed for good, and overwrite what is personal in their past."""
        owner = owner_columns(self.table)
        signed = signature(self.clock())
        wanted = keys if len(owner) > 1 else [key[0] for key in keys]
        await self.mask(session, (owner[0] if len(owner) == 1 else sa.tuple_(*owner)).in_(wanted))
        await session.execute(
            sa.insert(self.table),
            [
                {
                    "id": uuid7(),
                    **dict(zip((column.name for column in owner), key, strict=True)),
                    "operation": "purge",
                    "changes": {},
                    **signed,
                }
                for key in keys
            ],
        )

    async def mask(self, session: AsyncSession, *conditions: sa.ColumnElement[bool]) -> None:
        """Overwrite personal values in the rows of the log that meet the conditions."""
        table, last = self.table, None
        while True:
            page = sa.select(table.c.id, table.c.changes).where(*conditions).order_by(table.c.id)
            if last is not None:
                page = page.where(table.c.id > last)
            rows = (await session.execute(page.limit(_CHUNK))).all()
            for id, changes in rows:
                last = id
                masked = {
                    path: {side: self._shown(path, value) for side, value in sides.items()}
                    for path, sides in changes.items()
                }
                if masked != changes:
                    await session.execute(
                        sa.update(table).where(table.c.id == id).values(changes=masked)
                    )
            if len(rows) < _CHUNK:
                return

    def _difference(
        self, before: Mapping[str, object], after: Mapping[str, object]
    ) -> dict[str, dict[str, object]]:
        return {
            path: {
                "from": self._shown(path, before.get(path)),
                "to": self._shown(path, after.get(path)),
            }
            for path in dict.fromkeys((*before, *after))
            if before.get(path) != after.get(path)
        }

    def _shown(self, path: str, value: object) -> object:
        if value is None or not self.masked:
            return value
        steps = path.split(".")
        return MASK if any(is_below(steps, one.split(".")) for one in self.masked) else value

    def _values(
        self, row: Any, start: str, *, is_root: bool, above: str = ""
    ) -> Iterator[tuple[str, object]]:
        mapper: Mapper[Any] = sa.inspect(type(row))
        for attribute in mapper.column_attrs:
            column = attribute.columns[0]
            if (is_root and column.name in _OWN) or column.primary_key or column.info.get("parent"):
                continue
            name: str = column.info.get("field", column.name)
            value = getattr(row, attribute.key)
            if value is not None and self._is_noted(f"{above}{name}"):
                yield f"{start}{name}", value
        for relationship in mapper.relationships:
            yield from self._below(row, relationship, start, above)

    def _below(
        self, row: Any, relationship: RelationshipProperty[Any], start: str, above: str
    ) -> Iterator[tuple[str, object]]:
        value = getattr(row, relationship.key)
        name: str = relationship.info.get("field", relationship.key)
        joined = _target(relationship)
        if joined is not None:
            name = joined.info.get("field", name)
            key = relationship.mapper.get_property_by_column(joined).key
            if value and self._is_noted(f"{above}{name}"):
                yield f"{start}{name}", in_order({getattr(one, key) for one in value})
        elif not relationship.uselist:
            if value is not None:
                yield from self._values(
                    value, f"{start}{name}.", is_root=False, above=f"{above}{name}."
                )
        else:
            keys = [
                relationship.mapper.get_property_by_column(column).key
                for column in relationship.mapper.primary_key
                if column not in relationship.remote_side
            ]
            for child in value:
                id = "/".join(str(getattr(child, key)) for key in keys)
                yield from self._values(
                    child, f"{start}{name}.{id}.", is_root=False, above=f"{above}{name}."
                )

    def _is_noted(self, path: str) -> bool:
        """Tell whether a path, without the ids of children, is of a field that is logged."""
        if path in self.ignored:
            return False
        return self.fields is None or path.partition(".")[0] in self.fields


def _target(relationship: RelationshipProperty[Any]) -> sa.Column[Any] | None:
    """Return the column of the other side when the rows are those of a join table."""
    columns = list(relationship.mapper.columns)
    if not all(column.primary_key for column in columns):
        return None
    others = [column for column in columns if column not in relationship.remote_side]
    return others[0] if len(others) == 1 and len(columns) == 2 else None
