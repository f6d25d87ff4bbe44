"""One round trip instead of a transaction, where one will do.

Most writes are of one row, or of several new ones of a table: aggregates without children, made,
changed or deleted by a plain operation. A service says that its writes may wait for the commit. As
long as nothing else is asked of the database, such an aggregate is read by a query of its own, and
its write is kept back; when there is nothing else to commit but its events and a note of it, all
goes to the database at once, with the version that is expected in the WHERE. Whatever needs a
transaction begins it (`begun`), and the write that was kept back comes first; there, several rows
are changed by two statements (`change_all`).

Source: requirements 1, 30, 90.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple, NoReturn, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapper

from ..core.errors import NotFoundError, PreconditionFailedError
from .broken_references import naming_references
from .database_errors import translated
from .engine import changing, querying, taking_connection, transaction_options
from .row_keys import among, has_key, named_key
from .row_source import NewRows, RowNote, Rows

_WAITING = "waiting"
"""Key of a session's `info`: the `Waiting` of a unit of work whose writes may wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose aggregates are one row each, and the statements about one, named by key."""

    table: sa.Table
    attributes: Mapping[str, str]
    """Those of the row class, and the key of the column that each has."""
    changing: tuple[str, ...]
    """The attributes that are no part of the key."""
    version: str
    """The attribute that has it."""
    all: sa.Select[Any]
    """Of all rows, with the columns in the order of the attributes."""
    select: sa.Select[Any]
    update: sa.Update
    delete: sa.Delete
    key: tuple[sa.ColumnElement[Any], ...]

    def added(self, rows: Sequence[DeclarativeBase]) -> NewRows:
        """Return what adds rows."""
        columns = self.attributes.items()
        # A column without a value is NULL.
        held = [vars(row) for row in rows]
        return NewRows(self.table, [{key: row.get(name) for name, key in columns} for row in held])

    def named(self, rows: Rows) -> list[SimpleNamespace]:
        """Return rows that `all` has given, with the attributes of the row class."""
        return [SimpleNamespace(**dict(zip(self.attributes, row, strict=True))) for row in rows]

    def changed(self, row: DeclarativeBase, version: int) -> dict[str, Any]:
        """Return what `update` makes of a row of that version."""
        held = vars(row)
        values = {f"new_{name}": held.get(name) for name in self.changing}
        return {**values, f"new_{self.version}": version + 1}


class Expected(NamedTuple):
    """What is expected of a stored row."""

    resource: str
    id: object
    key: tuple[object, ...]
    """The values of its key."""
    version: int

    def refuse(self, actual: int | None) -> NoReturn:
        """Tell that the row has another version, or that there is none."""
        if actual is None:
            raise NotFoundError(self.resource, self.id)
        raise PreconditionFailedError(self.resource, expected=self.version, actual=actual)


class KeptWrite(Protocol):
    """A write that is kept back."""

    async def alone(
        self, engine: AsyncEngine, *, along: NewRows | None, note: RowNote | None
    ) -> bool:
        """Have the database carry it out as a transaction of its own, with what belongs to it.

        Args:
            engine: The database.
            along: Other rows that are added.
            note: What is noted of it.

        Returns:
            Whether it is carried out: not if the row of the note is missing.

        Raises:
            NotFoundError, PreconditionFailedError: The row is gone, or was changed.
            SharedModuleError: What `translated` raises.
        """
        ...

    async def within(self, session: AsyncSession) -> None:
        """Carry it out in the running transaction.

        Raises:
            NotFoundError, PreconditionFailedError: The row is gone, or was changed.
            SharedModuleError: What `translated` raises.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAddition:
    """New rows of one table."""

    resource: str
    table: Table
    rows: Sequence[DeclarativeBase]

    async def alone(
        self, engine: AsyncEngine, *, along: NewRows | None, note: RowNote | None
    ) -> bool:
        """Add them, as a transaction of its own."""
        async with naming_references(engine, lambda: self.rows):
            with translated(self.resource, self.table.table.metadata):
                async with changing(engine) as source:
                    return await source.add(self.table.added(self.rows), along=along, note=note)

    async def within(self, session: AsyncSession) -> None:
        """Add them in the running transaction."""
        async with naming_references(session.bind, lambda: self.rows):
            with translated(self.resource, self.table.table.metadata):
                await add(session, self.table.added(self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChange:
    """One row as it is to be, or that it is to be gone."""

    table: Table
    stored: Expected
    row: DeclarativeBase | None
    """None: it is deleted."""

    async def alone(
        self, engine: AsyncEngine, *, along: NewRows | None, note: RowNote | None
    ) -> bool:
        """Change or delete it, as a transaction of its own."""
        async with naming_references(engine, lambda: self.rows):
            with self.translated():
                async with changing(engine) as source:
                    if await source.change(self.statement, self.values, along=along, note=note):
                        return True
                    found = await source.rows(self.table.select, named_key(self.stored.key))
        actual = self._version(found)
        if note is None or actual != self.stored.version:
            self.stored.refuse(actual)
        return False

    async def within(self, session: AsyncSession) -> None:
        """Change or delete it in the running transaction."""
        async with naming_references(session.bind, lambda: self.rows):
            with self.translated():
                done = await session.execute(self.statement, self.values)
                if not isinstance(done, CursorResult) or done.rowcount > 0:
                    return
                key = named_key(self.stored.key)
                found = (await session.execute(self.table.select, key)).all()
        self.stored.refuse(self._version(found))

    @property
    def rows(self) -> Sequence[DeclarativeBase]:
        """What is stored."""
        return () if self.row is None else (self.row,)

    @property
    def values(self) -> dict[str, Any]:
        """Of the statement."""
        changed = {} if self.row is None else self.table.changed(self.row, self.stored.version)
        return {**changed, "expected": self.stored.version, **named_key(self.stored.key)}

    @property
    def statement(self) -> sa.Update | sa.Delete:
        """What changes or deletes a row of the table."""
        return self.table.delete if self.row is None else self.table.update

    def translated(self) -> AbstractContextManager[None]:
        """Return a block in which errors are about the row."""
        metadata = self.table.table.metadata
        return translated(self.stored.resource, metadata, is_removal=self.row is None)

    def _version(self, found: Rows) -> int | None:
        place = list(self.table.attributes).index(self.table.version)
        return found[0][place] if found else None


async def change_all(session: AsyncSession, changes: Sequence[KeptChange]) -> None:
    """Change or delete rows of one table in the running transaction, in their order.

    Two statements, however many rows there are: the versions are compared first, under a lock.

    Raises:
        NotFoundError, PreconditionFailedError: One of the rows is gone, or was changed.
        SharedModuleError: What `translated` raises.
    """
    first = changes[0]
    rows = [row for change in changes for row in change.rows]
    async with naming_references(session.bind, lambda: rows):
        with first.translated():
            await _lock(session, first.table, [change.stored for change in changes])
            await session.execute(first.statement, [change.values for change in changes])


async def _lock(session: AsyncSession, table: Table, rows: Sequence[Expected]) -> None:
    """Keep others from changing rows until the transaction is over, if all are as expected."""
    versions: dict[tuple[object, ...], int] = {}
    version = table.table.c[table.attributes[table.version]]
    for chunk in among(table.key, [row.key for row in rows]):
        # In one order, so that two who lock the same rows do not wait for each other.
        locked = sa.select(*table.key, version).where(chunk).order_by(*table.key)
        for *key, value in await session.execute(locked.with_for_update(key_share=True)):
            versions[tuple(key)] = value
    for row in rows:
        actual = versions.get(row.key)
        if actual != row.version:
            row.refuse(actual)


@dataclass(slots=True)
class Waiting:
    """What a unit of work keeps back: one write, or none yet."""

    engine: AsyncEngine
    write: KeptWrite | None = field(default=None)

    async def row(self, table: Table, key: object, resource: str) -> SimpleNamespace | None:
        """Read one row, in no transaction; its attributes are those of the row class."""
        found = await self.rows(table, table.select, resource, named_key(key))
        return found[0] if found else None

    async def rows(
        self,
        table: Table,
        statement: sa.Select[Any],
        resource: str,
        values: Mapping[str, Any] | None = None,
    ) -> list[SimpleNamespace]:
        """Read the rows of a statement, in no transaction."""
        with translated(resource):
            async with querying(self.engine) as source:
                return table.named(await source.rows(statement, values))


def wait(session: AsyncSession, engine: AsyncEngine) -> None:
    """Let the first write of a session wait for the commit."""
    session.info[_WAITING] = Waiting(engine)


def waiting(session: AsyncSession) -> Waiting | None:
    """Return where a write may be kept back, or None: the transaction runs, or has one already."""
    found: Waiting | None = session.info.get(_WAITING)
    if found is None or found.write is not None or session.in_transaction():
        return None
    return found


def kept_back(session: AsyncSession) -> KeptWrite | None:
    """Return the write that waits, and forget it."""
    found: Waiting | None = session.info.get(_WAITING)
    if found is None:
        return None
    write, found.write = found.write, None
    return write


async def begun(session: AsyncSession) -> None:
    """Begin the transaction of a session, unless it runs; a write that waits comes first.

    Raises:
        PoolTimeoutError, DatabaseConnectionError: There is no connection to be had.
        SharedModuleError: The write fails.
    """
    found: Waiting | None = session.info.get(_WAITING)
    if found is None:
        return
    if not session.in_transaction():
        with taking_connection(found.engine), translated("transaction"):
            await session.connection(execution_options=transaction_options(found.engine))
    # Whoever has the session itself may have begun without it.
    write = kept_back(session)
    if write is not None:
        await write.within(session)


async def add(session: AsyncSession, rows: NewRows) -> None:
    """Add rows in the running transaction, without the books that a session keeps of objects.

    Raises:
        DBAPIError: The database refuses them.
    """
    await session.execute(sa.insert(rows.table), [dict(row) for row in rows.values])


@cache
def table_of(row_type: type[DeclarativeBase]) -> Table | None:
    """Return the statements for rows of a class; None when its aggregates are more than a row.

    So are those whose rows get values from the database.
    """
    mapper: Mapper[Any] = sa.inspect(row_type)
    table = mapper.local_table
    version = mapper.version_id_col
    if not isinstance(table, sa.Table) or version is None or mapper.relationships:
        return None
    if table.autoincrement_column is not None or any(
        column.server_default is not None or column.default is not None or column.onupdate
        for column in table.columns
    ):
        return None
    attributes = {
        mapper.get_property_by_column(column).key: column
        for column in table.columns
        if column in mapper.columns.values()
    }
    if len(attributes) != len(table.columns):
        return None
    same = has_key(mapper.primary_key)
    changing = {
        name: column for name, column in attributes.items() if column not in mapper.primary_key
    }
    changed: dict[Any, Any] = {
        column: sa.bindparam(f"new_{name}") for name, column in changing.items()
    }
    return Table(
        table=table,
        attributes={name: column.key for name, column in attributes.items()},
        changing=tuple(changing),
        version=mapper.get_property_by_column(version).key,
        all=sa.select(*attributes.values()),
        select=sa.select(*attributes.values()).where(*same),
        key=tuple(mapper.primary_key),
        delete=sa.delete(table).where(*same, version == sa.bindparam("expected")),
        update=sa.update(table).where(*same, version == sa.bindparam("expected")).values(changed),
    )
