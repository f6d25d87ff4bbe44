"""Store and load aggregates: rows on one side, domain objects on the other.

A project's repository says how a row is made from an aggregate and back; everything else is here:
children, soft deletion, optimistic versions, and errors that name fields. Everything is flushed
at once, so that an error belongs to the call that caused it, and committed by the unit of work.

Source: requirement 1.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from ..core.actor import Actor
from ..core.errors import NotFoundError, PreconditionFailedError
from ..core.identifiers import uuid7
from ..core.protocols import Criterion, QueryOptions
from ..domain.entity import AggregateRoot
from ..domain.specification import Specification
from .broken_references import naming_references
from .change_notes import ChangeBook, ChangeNote
from .database_errors import translated
from .generated_keys import claim_generated_keys, require_range
from .query_builder import QueryBuilder
from .row_access import RowRules, allowed
from .row_keys import among, key_values
from .row_tree import copy_into, drop_missing, walk
from .single_writes import (
    Expected,
    KeptAddition,
    KeptChange,
    Table,
    add,
    begun,
    change_all,
    table_of,
    waiting,
)
from .unit_of_work import STORED

_VERSION, _DELETED = "version", "is_deleted"
"""Attributes that rows of versioned and of softly deleted aggregates have."""


class MoveLog(Protocol):
    """Where moves of a lifecycle are noted: a `LifecycleHistory`."""

    @property
    def state(self) -> str:
        """Attribute of rows that has the state."""
        ...

    # Rows are of the project's classes, hence Any.
    async def note(
        self, session: AsyncSession, moves: Sequence[tuple[UUID, Any, StrEnum | None]]
    ) -> None:
        """Note moves of rows that are flushed: an id, the row, and the state it was in before."""
        ...


class StoredCheck(Protocol):
    """What rows are held against that are in the database already: `Exclusions`."""

    # Rows are of the project's classes, hence Any.
    async def prepare(self, session: AsyncSession, rows: Sequence[Any]) -> None:
        """Wait for those who write what the rows could not be beside, before they are flushed."""
        ...

    async def check(self, session: AsyncSession, rows: Sequence[Any], *, resource: str) -> None:
        """Refuse flushed rows that can not be beside others; messages call one `resource`."""
        ...


class _Past(NamedTuple):
    """What logs tell of a row as it was."""

    values: Mapping[str, object]
    state: StrEnum | None
    is_deleted: bool


class SqlRepository[EntityT: AggregateRoot[Any], IdT, RowT: DeclarativeBase](ABC):
    """A repository over one table and its child tables."""

    row_type: type[RowT]
    resource: str
    """What messages call the aggregate."""
    row_rules: RowRules = MappingProxyType({})
    """The row rules of its access, by name."""
    stored_check: StoredCheck | None = None
    """What rows must be beside each other, if anything."""
    history: MoveLog | None = None
    """Where its moves are noted, if they are."""
    changes: ChangeBook | None = None
    """Where its changes are noted with who made them, if they are."""

    def __init__(self, session: AsyncSession) -> None:
        """Work inside the transaction of `session`."""
        self._session = session
        self._mapper = sa.inspect(self.row_type)
        self._has_version = self._mapper.version_id_col is not None
        self._is_soft = _DELETED in self._mapper.column_attrs

    @abstractmethod
    def to_row(self, entity: EntityT) -> RowT:
        """Return the rows that the aggregate should have, children included."""

    @abstractmethod
    def to_aggregate(self, row: RowT) -> EntityT:
        """Return the aggregate that the rows hold."""

    def key(self, id: IdT) -> Any:
        """Return the primary key of an identifier, in the order of its columns."""
        return tuple(id) if isinstance(id, tuple) else id

    def assign_ids(self, entity: EntityT, row: RowT) -> None:
        """Give the aggregate what storing has decided: drawn numbers, the order of children."""
        return

    async def add(self, entity: EntityT) -> None:
        """Store a new aggregate."""
        await self.add_many((entity,))

    async def add_many(self, entities: Sequence[EntityT]) -> None:
        """Store several new aggregates."""
        if self.changes is not None:
            self.changes.sign(entities, is_new=True)
        rows = [self.to_row(entity) for entity in entities]
        table = self._table()
        back = waiting(self._session)
        if back is not None and table is not None and rows:
            back.write = KeptAddition(resource=self.resource, table=table, rows=rows)
            self._stored_now(entities)
            return
        await begun(self._session)
        if self.stored_check is None and self.history is None:
            # What is logged is read off the rows, whoever stores them.
            table = table_of(self.row_type)
        if table is not None:
            # A session would keep books of each row, and tell what it has changed by itself.
            await self._storing(add(self._session, table.added(rows)), entities)
            self._stored_now(entities)
            await self._log([(row, "create", {}, None) for row in rows])
            return
        added = [part for row in rows for part in walk(row)]
        with translated(self.resource):
            await claim_generated_keys(self._session, added)
        await self._prepare(rows)
        self._session.add_all(rows)
        await self._flush(entities)
        require_range(self.resource, added)
        self._keep(rows)
        for entity, row in zip(entities, rows, strict=True):
            self.assign_ids(entity, row)
        await self._settled()
        await self._check_stored(rows)
        self._stored_now(entities)
        await self._log([(row, "create", {}, None) for row in rows])

    async def get(
        self, id: IdT, *, include_deleted: bool = False, lock: bool = False
    ) -> EntityT | None:
        """Return the aggregate with this identifier, or None.

        With `lock`, others who ask for a lock wait until the transaction is over; SQLite has one
        writer at a time anyway.
        """
        table = self._table()
        back = waiting(self._session)
        if back is not None and table is not None and not lock:
            # A row of the class would be of no use but to a session.
            row: Any = await back.row(table, self.key(id), self.resource)
        else:
            row = await self._row(id, lock=lock)
        if row is None or (self._is_deleted(row) and not include_deleted):
            return None
        return self.to_aggregate(row)

    async def get_many(self, ids: Iterable[IdT]) -> list[EntityT]:
        """Return those of the aggregates that exist, in the order of `ids`."""
        wanted = list(ids)
        table = self._table()
        if table is None:
            # The rows stay in the session, where `get` finds them without asking again.
            await self._read(wanted)
            found = [await self.get(id) for id in wanted]
            return [entity for entity in found if entity is not None]
        back = waiting(self._session)
        if back is None:
            await begun(self._session)
        rows: list[Any] = []
        for chunk in self._among(wanted):
            statement = table.all.where(chunk)
            if back is not None:
                rows += await back.rows(table, statement, self.resource)
                continue
            with translated(self.resource):
                rows += table.named((await self._session.execute(statement)).all())
        entities = [self.to_aggregate(row) for row in rows if not self._is_deleted(row)]
        by_id = {entity.id: entity for entity in entities}
        return [by_id[id] for id in wanted if id in by_id]

    async def _read(self, ids: Sequence[IdT]) -> None:
        """Have the session read rows at once that it is going to be asked for."""
        await begun(self._session)
        for chunk in self._among(ids):
            with translated(self.resource):
                rows = sa.select(self.row_type).where(chunk)
                self._keep((await self._session.scalars(rows)).all())

    def _among(self, ids: Sequence[IdT]) -> Iterator[ColumnElement[bool]]:
        return among(self._mapper.primary_key, [key_values(self.key(id)) for id in ids])

    async def existing(self, ids: Sequence[IdT]) -> set[IdT]:
        """Return those of the identifiers that are taken, by deleted aggregates too."""
        return await self._matching(ids)

    async def permitted(self, ids: Sequence[IdT], rules: Sequence[str], actor: Actor) -> set[IdT]:
        """Return those of the identifiers whose stored row any of the rules allows."""
        return await self._matching(ids, *allowed(self.row_rules, rules, actor))

    async def _matching(self, ids: Sequence[IdT], *conditions: ColumnElement[bool]) -> set[IdT]:
        """Return those of the identifiers whose row, deleted or not, meets the conditions."""
        await begun(self._session)
        keys = self._mapper.primary_key
        by_key = {key_values(self.key(id)): id for id in ids}
        found: set[IdT] = set()
        for chunk in among(keys, list(by_key)):
            for row in await self._session.execute(sa.select(*keys).where(chunk, *conditions)):
                found.add(by_key[tuple(row)])
        return found

    async def any_stored(self) -> bool:
        """Tell whether there is any aggregate, deleted ones counted."""
        await begun(self._session)
        statement = sa.select(sa.literal(1)).select_from(self.row_type).limit(1)
        return (await self._session.execute(statement)).first() is not None

    async def save(self, entity: EntityT) -> None:
        """Store what was changed, and raise the version of the aggregate by one.

        Raises:
            NotFoundError: It is not stored.
            PreconditionFailedError: It was changed by somebody else since it was read.
        """
        table = self._table()
        if table is not None and self._held(entity.id) is None:
            # Without asking for the row again.
            await self._write(self._change(table, entity))
            entity.version += 1
            self._stored_now((entity,))
            return
        stored = await self._stored(entity)
        past = self._past(stored)
        if self.changes is not None:
            self.changes.sign((entity,), is_new=False)
        wanted = self.to_row(entity)
        if drop_missing(stored, wanted):
            await self._flush(())
        copy_into(stored, wanted)
        if self._has_version:
            # Set even when only children changed: the version is that of the whole aggregate.
            self._set_version(stored, entity.version + 1)
        added = [part for part in walk(stored) if not sa.inspect(part).persistent]
        with translated(self.resource):
            await claim_generated_keys(self._session, added)
        await self._prepare((stored,))
        await self._flush((entity,))
        require_range(self.resource, added)
        self.assign_ids(entity, stored)
        await self._settled()
        await self._check_stored((stored,))
        if self._has_version:
            entity.version += 1
        self._stored_now((entity,))
        await self._log_saved((entity,), (stored,), (past,))

    async def save_many(self, entities: Sequence[EntityT]) -> None:
        """Store what was changed in several aggregates."""
        table = table_of(self.row_type) if self.stored_check is None else None
        if table is None or not self._are_many(entities):
            for entity in entities:
                await self.save(entity)
            return
        await begun(self._session)
        is_logged = not (self.history is None and self.changes is None)
        pasts = [self._past(await self._stored(entity)) for entity in entities if is_logged]
        if self.changes is not None:
            self.changes.sign(entities, is_new=False)
        changes = [self._change(table, entity) for entity in entities]
        await change_all(self._session, changes)
        for entity in entities:
            # What the session may have of the row is no longer so.
            self._forget(entity.id)
            entity.version += 1
        self._stored_now(entities)
        if is_logged:
            await self._log_saved(entities, [change.row for change in changes], pasts)

    async def remove(self, entity: EntityT) -> None:
        """Delete the aggregate, or mark it as deleted where it has soft deletion."""
        if self._is_soft:
            self._mark(entity)
            await self.save(entity)
            return
        table = self._table()
        if table is not None and self._held(entity.id) is None:
            await self._write(KeptChange(table=table, stored=self._expected(entity), row=None))
            self._stored_now((entity,))
            return
        stored = await self._stored(entity)
        before = self.changes.values(stored) if self.changes is not None else {}
        await self._session.delete(stored)
        await self._flush((), is_removal=True)
        self._stored_now((entity,))
        if self.changes is not None:
            note = ChangeNote(uuid7(), stored, "delete", before, {})
            await self.changes.note(self._session, (note,))

    def _are_many(self, entities: Sequence[EntityT]) -> bool:
        """Tell whether they are several, each of them once."""
        return len({entity.id for entity in entities}) == len(entities) > 1

    def _mark(self, entity: EntityT) -> None:
        if not entity.is_deleted:
            entity.mark_deleted()

    async def remove_many(self, entities: Sequence[EntityT]) -> None:
        """Delete several aggregates."""
        if self._is_soft:
            for entity in entities:
                self._mark(entity)
            await self.save_many(entities)
            return
        table = table_of(self.row_type)
        if table is None or not self._are_many(entities):
            for entity in entities:
                await self.remove(entity)
            return
        await begun(self._session)
        changes, notes = self.changes, []
        if changes is not None:
            for entity in entities:
                stored = await self._stored(entity)
                notes.append(ChangeNote(uuid7(), stored, "delete", changes.values(stored), {}))
        removals = [
            KeptChange(table=table, stored=self._expected(entity), row=None) for entity in entities
        ]
        await change_all(self._session, removals)
        for entity in entities:
            self._forget(entity.id)
        self._stored_now(entities)
        if changes is not None:
            await changes.note(self._session, notes)

    async def find(self, options: QueryOptions[EntityT]) -> Sequence[EntityT]:
        """Return the aggregates that the options ask for.

        Raises:
            ValidationError: The options name an attribute that does not exist.
            TypeError: The condition is one that only Python can work out.
        """
        await begun(self._session)
        query = (
            self._query(options.where, include_deleted=options.include_deleted)
            .order_by(*options.order_by)
            .offset(options.offset)
            .limit(options.limit)
        )
        with translated(self.resource):
            rows = await query.all()
        self._keep(rows)
        return [self.to_aggregate(row) for row in rows]

    async def count(self, where: Criterion[EntityT] | None = None) -> int:
        """Return how many aggregates there are."""
        await begun(self._session)
        with translated(self.resource):
            return await self._query(where).count()

    def _query(
        self, where: Criterion[EntityT] | None, *, include_deleted: bool = False
    ) -> QueryBuilder[RowT]:
        query = QueryBuilder(row_type=self.row_type, session=self._session)
        if self._is_soft and not include_deleted:
            live = self._mapper.columns[_DELETED].is_(sa.false())
            query = QueryBuilder(row_type=self.row_type, session=self._session, conditions=(live,))
        if where is None:
            return query
        if not isinstance(where, Specification):
            raise TypeError("a database is asked with a Specification")
        return query.matching(where)

    def _table(self) -> Table | None:
        """Return the statements for aggregates of one row; None for those that are more."""
        if not (self.stored_check is None and self.history is None and self.changes is None):
            return None
        return table_of(self.row_type)

    # Rows are of the project's classes, hence Any.
    def _held(self, id: IdT) -> Any:
        """Return the row that the session has, if any: it has to know of every change then."""
        key = self._mapper.identity_key_from_primary_key(key_values(self.key(id)))
        return self._session.sync_session.identity_map.get(key)

    def _forget(self, id: IdT) -> None:
        row = self._held(id)
        if row is not None:
            self._session.expunge(row)

    def _change(self, table: Table, entity: EntityT) -> KeptChange:
        return KeptChange(table=table, stored=self._expected(entity), row=self.to_row(entity))

    def _expected(self, entity: EntityT) -> Expected:
        key = key_values(self.key(entity.id))
        return Expected(self.resource, entity.id, key, entity.version)

    async def _write(self, write: KeptChange) -> None:
        """Carry out a change of a row, now or with the commit."""
        back = waiting(self._session)
        if back is not None:
            back.write = write
        else:
            await begun(self._session)
            await write.within(self._session)

    async def _stored(self, entity: EntityT) -> RowT:
        row = await self._row(entity.id)
        if row is None:
            raise NotFoundError(self.resource, entity.id)
        if self._has_version and self._version(row) != entity.version:
            raise PreconditionFailedError(
                self.resource, expected=entity.version, actual=self._version(row)
            )
        return row

    async def _row(self, id: IdT, *, lock: bool = False) -> RowT | None:
        await begun(self._session)
        held = None if lock else self._held(id)
        if held is not None and not sa.inspect(held).expired:
            found: RowT = held
            return found
        with translated(self.resource):
            row = await self._session.get(
                self.row_type, self.key(id), with_for_update={"of": self.row_type} if lock else None
            )
        if row is not None:
            self._keep((row,))
        return row

    async def _settled(self) -> None:
        """Store what could only be made once a number was drawn: what is bound to it."""
        if self._session.dirty:
            await self._flush(())

    async def _prepare(self, rows: Sequence[RowT]) -> None:
        if self.stored_check is not None and rows:
            with translated(self.resource):
                await self.stored_check.prepare(self._session, rows)

    async def _check_stored(self, rows: Sequence[RowT]) -> None:
        if self.stored_check is not None and rows:
            with translated(self.resource):
                await self.stored_check.check(self._session, rows, resource=self.resource)

    def _past(self, row: RowT) -> _Past:
        return _Past(
            values=self.changes.values(row) if self.changes is not None else {},
            state=getattr(row, self.history.state) if self.history is not None else None,
            is_deleted=self._is_deleted(row),
        )

    # Rows are of the project's classes, hence Any.
    async def _log_saved(
        self, entities: Sequence[EntityT], rows: Sequence[Any], pasts: Sequence[_Past]
    ) -> None:
        """Note what was saved: the rows as they are, and what they were."""
        changed = []
        for row, past in zip(rows, pasts, strict=True):
            operation = "update"
            if past.is_deleted != self._is_deleted(row):
                operation = "restore" if past.is_deleted else "delete"
            changed.append((row, operation, past.values, past.state))
        await self._log(changed)
        if self.changes is not None:
            for entity, row in zip(entities, rows, strict=True):
                await self.changes.settle(self._session, entity, row)

    async def _log(
        self, changed: Sequence[tuple[RowT, str, Mapping[str, object], StrEnum | None]]
    ) -> None:
        """Note what was done: the row, the operation, and its values and its state before."""
        if self.history is None and self.changes is None:
            return
        ids = [uuid7() for _ in changed]
        if self.history is not None:
            moves = [(id, row, state) for id, (row, *_, state) in zip(ids, changed, strict=True)]
            await self.history.note(self._session, moves)
        if self.changes is not None:
            notes = [
                ChangeNote(id, row, operation, before, self.changes.values(row))
                for id, (row, operation, before, _) in zip(ids, changed, strict=True)
            ]
            await self.changes.note(self._session, notes)

    def _stored_now(self, entities: Sequence[EntityT]) -> None:
        """Note whose events the unit of work has to hand on."""
        self._session.info.setdefault(STORED, []).extend(entities)

    def _keep(self, rows: Iterable[RowT]) -> None:
        """Hold the rows as long as the session: it would forget them, and read them again."""
        self._session.info.setdefault("rows", set()).update(rows)

    def _version(self, row: RowT) -> int:
        version: int = getattr(row, _VERSION)
        return version

    def _set_version(self, row: RowT, version: int) -> None:
        setattr(row, _VERSION, version)

    def _is_deleted(self, row: RowT) -> bool:
        return self._is_soft and bool(getattr(row, _DELETED))

    async def _flush(self, entities: Sequence[EntityT], *, is_removal: bool = False) -> None:
        await self._storing(self._session.flush(), entities, is_removal=is_removal)

    async def _storing(
        self, change: Awaitable[object], entities: Sequence[EntityT], *, is_removal: bool = False
    ) -> None:
        """Have rows of these aggregates stored; what the database refuses becomes our error."""
        # Rows that were stored before lose their values with the transaction, so they are made
        # again for whoever looks at them.
        async with naming_references(
            self._session.bind, lambda: [self.to_row(entity) for entity in entities]
        ):
            with translated(self.resource, self.row_type.metadata, is_removal=is_removal):
                await change
