"""One statement instead of a transaction, where one will do.

Most writes store one row: an aggregate without children, made or changed by a plain operation. A
service says that its writes may wait for the commit. As long as nothing else is asked of the
database, such an aggregate is read by a query of its own, and its write is kept back; when there is
nothing else to commit, it goes to the server alone, with the version that it expects in its WHERE.
Whatever needs a transaction begins it (`begun`), and the write that was kept back comes first.

On PostgreSQL only: SQLite has one writer, who has to take its lock before reading.

Source: requirements 1, 90.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapper

from ..core.errors import NotFoundError, PreconditionFailedError
from .database_errors import translated
from .engine import changing, querying, taking_connection
from .row_keys import has_key, named_key

_WAITING = "waiting"
"""Key of a session's `info`: the `Waiting` of a unit of work whose writes may wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The statements about one row of a table, with names in place of values."""

    attributes: tuple[str, ...]
    """Of the row class; each has a column of the table."""
    version: str
    select: sa.Select[Any]
    insert: sa.Insert
    update: sa.Update

    def values(self, row: DeclarativeBase) -> dict[str, Any]:
        """Return the values of a row that is to be stored."""
        return {f"new_{name}": getattr(row, name) for name in self.attributes}


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleWrite:
    """A write that is kept back."""

    resource: str
    metadata: sa.MetaData
    table: Table
    statement: sa.Insert | sa.Update
    values: Mapping[str, Any]
    id: object
    key: Mapping[str, object]
    """The names of the key and their values; of a new row, none."""
    expected_version: int | None
    """None for a new row."""

    async def alone(self, engine: AsyncEngine) -> None:
        """Have the server carry it out, as a transaction of its own.

        Raises:
            NotFoundError, PreconditionFailedError: The row is gone, or was changed.
            SharedModuleError: What `translated` raises.
        """
        with translated(self.resource, self.metadata):
            async with changing(engine) as source:
                if await source.change(self.statement, self.values) or not self._expects:
                    return
                found = await source.rows(self.table.select, self.key)
        self._missed(found[0][self.table.attributes.index(self.table.version)] if found else None)

    async def within(self, session: AsyncSession) -> None:
        """Carry it out in the running transaction.

        Raises:
            PreconditionFailedError: The row is gone, or was changed.
            SharedModuleError: What `translated` raises.
        """
        with translated(self.resource, self.metadata):
            done = await session.execute(self.statement, dict(self.values))
        if self._expects and isinstance(done, CursorResult) and done.rowcount == 0:
            raise PreconditionFailedError(
                self.resource, expected=self.expected_version, actual=None
            )

    @property
    def _expects(self) -> bool:
        return self.expected_version is not None

    def _missed(self, actual: int | None) -> None:
        if actual is None:
            raise NotFoundError(self.resource, self.id)
        raise PreconditionFailedError(self.resource, expected=self.expected_version, actual=actual)


@dataclass(slots=True)
class Waiting:
    """What a unit of work keeps back: one write, or none yet."""

    engine: AsyncEngine
    write: SingleWrite | None = field(default=None)

    async def row(self, table: Table, key: object, resource: str) -> SimpleNamespace | None:
        """Read one row, in no transaction; its attributes are those of the row class."""
        with translated(resource):
            async with querying(self.engine) as source:
                found = await source.rows(table.select, named_key(key))
        if not found:
            return None
        return SimpleNamespace(**dict(zip(table.attributes, found[0], strict=True)))


def wait(session: AsyncSession, engine: AsyncEngine) -> None:
    """Let the first write of a session wait for the commit."""
    session.info[_WAITING] = Waiting(engine)


def waiting(session: AsyncSession) -> Waiting | None:
    """Return where a write may be kept back, or None: the transaction runs, or has one already."""
    found: Waiting | None = session.info.get(_WAITING)
    if found is None or found.write is not None or session.in_transaction():
        return None
    return found


def kept_back(session: AsyncSession) -> SingleWrite | None:
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
            await session.connection()
    # Whoever has the session itself may have begun without it.
    write = kept_back(session)
    if write is not None:
        await write.within(session)


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
    values: dict[Any, Any] = {
        column: sa.bindparam(f"new_{name}") for name, column in attributes.items()
    }
    same = has_key(mapper.primary_key)
    changed = {
        column: value for column, value in values.items() if column not in mapper.primary_key
    }
    return Table(
        attributes=tuple(attributes),
        version=mapper.get_property_by_column(version).key,
        select=sa.select(*attributes.values()).where(*same),
        insert=sa.insert(table).values(values),
        update=sa.update(table).where(*same, version == sa.bindparam("expected")).values(changed),
    )
