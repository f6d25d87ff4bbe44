"""Whatever answers a query with rows: what readers ask, whichever way the rows come.

Source: requirement 3.3.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

type Rows = Sequence[Sequence[Any]]
"""Rows with the values that the types of the columns say."""

type Change = sa.Insert | sa.Update | sa.Delete
"""A statement about one row that a caller keeps."""

TRUSTED_S = 1.0
"""For how long a connection that has answered is taken to be alive."""


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows to be added to a table."""

    table: sa.Table
    values: Sequence[Mapping[str, Any]]
    """Of each row, by the keys of columns: the same ones, in the same order, for all rows."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """A change of one row that has to be there, or nothing is done."""

    statement: sa.Update
    """One that the caller keeps; the names of its `bindparam`s begin with `its_`."""
    values: Mapping[str, Any]


class RowSource(Protocol):
    """A connection for statements that each stand alone."""

    @property
    def bind(self) -> AsyncConnection | AsyncEngine:
        """What a session is bound to that sees the same rows."""
        ...

    async def rows(
        self, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> Rows:
        """Return all rows of a query.

        Args:
            statement: The query.
            values: Of its `bindparam`s, when it is one that the caller keeps.

        Raises:
            DBAPIError: The database refuses it, or has closed the connection.
        """
        ...


class RowChanger(RowSource, Protocol):
    """A connection on which rows are changed too, each change a transaction of its own."""

    async def add(
        self, rows: NewRows, *, along: NewRows | None = None, note: RowNote | None = None
    ) -> bool:
        """Add rows, and others along with them, and note it: all or nothing, and once.

        Returns:
            Whether the row of the note was there.

        Raises:
            DBAPIError: The database refuses it, or has closed the connection.
        """
        ...

    async def change(
        self,
        statement: Change,
        values: Mapping[str, Any],
        *,
        along: NewRows | None = None,
        note: RowNote | None = None,
    ) -> bool:
        """Change a row, add others, and note it: all or nothing, and once.

        Args:
            statement: What is done to the row.
            values: Of its `bindparam`s.
            along: What is added.
            note: What is noted.

        Returns:
            Whether the row was there, and that of the note.

        Raises:
            DBAPIError: The database refuses it, or has closed the connection.
        """
        ...


class ReadBook(Protocol):
    """Where is noted who was shown which rows: a `ReadLog`."""

    async def note(
        self, source: RowSource, keys: Sequence[Sequence[object]], shown: Collection[str]
    ) -> None:
        """Note that rows with these keys are shown, with values of these names."""
        ...


class RowPool(Protocol):
    """Connections on which each statement is a transaction of its own."""

    def connection(self, engine: AsyncEngine) -> AbstractAsyncContextManager[RowSource]:
        """Lend a connection to the database of `engine`.

        Raises:
            PoolTimeoutError: None became free in time.
            DatabaseConnectionError: None could be made.
        """
        ...

    def require_balance(self) -> None:
        """Check what the pool counts.

        Raises:
            PoolInvariantViolation: It does not add up.
        """
        ...

    async def close(self) -> None:
        """Close all connections; the next query makes new ones."""
        ...


class ChangePool(RowPool, Protocol):
    """A pool whose connections take changes, as those of the engine do."""

    def connection(self, engine: AsyncEngine) -> AbstractAsyncContextManager[RowChanger]:
        """Lend a connection to the database of `engine`.

        Raises:
            PoolTimeoutError: None became free in time.
            DatabaseConnectionError: None could be made.
        """
        ...


class EngineRows:
    """Queries on a connection of the engine."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Ask on `connection`, in whatever transaction it is."""
        self.bind = connection

    async def rows(
        self, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> Rows:
        """Return all rows of a query."""
        found: Rows = (await self.bind.execute(statement, values)).all()
        return found
