"""One transaction on a database session, as the application's `UnitOfWork`.

Repositories of one unit of work share its session, so that what they do is committed together or
not at all. Knows nothing of any repository: a project's subclass offers those.

Source: requirement 90.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, Self, TypedDict, Unpack

from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ..core.protocols import IsolationLevel
from ..domain.entity import AggregateRoot
from ..domain.events import AnyEvent
from .database_errors import translated
from .engine import is_sqlite, takes_changes, taking_connection, transaction_options, write_turn
from .row_source import NewRows, RowNote
from .single_writes import KeptWrite, add, begun, kept_back, wait

STORED = "stored_aggregates"
"""Key of a session's `info`: the aggregates that repositories have stored in it, in order."""


# Any: aggregates of any class.
type Changed = Callable[[Sequence[AggregateRoot[Any]]], Awaitable[None]]
"""Takes notice of aggregates that were stored."""


class EventLog(Protocol):
    """Where events go with the transaction that they happened in: an `Outbox`."""

    def rows(self, events: Sequence[AnyEvent]) -> NewRows:
        """Return the rows that events are on their way."""
        ...

    def committed(self) -> None:
        """Take notice that a transaction with events is committed."""
        ...


class MessageLog(Protocol):
    """Where is noted which messages had their effect: an `Inbox`."""

    async def once(self, session: AsyncSession, consumer: str, key: str) -> bool:
        """Tell whether the message is here for the first time, and note it."""
        ...


class CommitNote(Protocol):
    """Something that is noted in the transaction whose effect it is about."""

    @property
    def change(self) -> RowNote | None:
        """What is noted in which row; None when it was noted before."""
        ...

    def missed(self) -> Exception:
        """Return what is raised when the row is not there, and everything is undone."""
        ...

    def committed(self) -> None:
        """Take notice that the transaction is committed."""
        ...


class WorkParts(TypedDict, total=False):
    """What a unit of work may be made with."""

    isolation: IsolationLevel | None
    """Overrides the database's own level."""
    outbox: EventLog | None
    """Takes the events of the aggregates that are stored; needed when there are any."""
    inbox: MessageLog | None
    """Tells messages that come twice; needed by `once`."""
    changed: Changed | None
    """Told the aggregates that were stored, once that is committed."""


_note: ContextVar[CommitNote | None] = ContextVar("commit_note", default=None)


@contextmanager
def noting_commit(note: CommitNote) -> Iterator[None]:
    """Run a block whose commits have `note` written into their transactions."""
    token = _note.set(note)
    try:
        yield
    finally:
        _note.reset(token)


class SqlUnitOfWork:
    """A transaction that begins with the block and ends with it.

    A connection is taken when the block is entered, so that a busy pool is noticed before
    anything is done. On SQLite the write lock is taken as well: writers wait for each other, and
    every isolation level is `SERIALIZABLE`.
    """

    def __init__(self, engine: AsyncEngine, **parts: Unpack[WorkParts]) -> None:
        """Prepare a transaction on a database."""
        self._engine = engine
        self._isolation = parts.get("isolation")
        self._outbox = parts.get("outbox")
        self._inbox = parts.get("inbox")
        self._changed = parts.get("changed")
        self._has_events = False
        self._defers = False
        self._session: AsyncSession | None = None
        self._resources = AsyncExitStack()

    @property
    def session(self) -> AsyncSession:
        """The session of the running transaction.

        Raises:
            RuntimeError: The block was not entered, or is over.
        """
        if self._session is None:
            raise RuntimeError("a unit of work is used inside `async with`")
        return self._session

    def deferring(self, *, reads_others: bool = False) -> Self:
        """Let writes wait for the commit, where the database takes one without a transaction."""
        self._defers = (
            self._isolation is None
            and takes_changes(self._engine)
            # What is read on SQLite stays as it is until the commit: its level is SERIALIZABLE.
            and not (reads_others and is_sqlite(self._engine))
        )
        return self

    async def __aenter__(self) -> Self:
        """Begin.

        Raises:
            PoolTimeoutError: No connection became free in time.
            DatabaseConnectionError: No connection could be made.
        """
        if self._session is not None:
            raise RuntimeError("this unit of work has begun already")
        async with AsyncExitStack() as resources:
            await resources.enter_async_context(write_turn(self._engine))
            session = AsyncSession(self._engine, expire_on_commit=False, autoflush=False)
            if self._defers:
                wait(session, self._engine)
                resources.push_async_callback(_close_begun, session)
            else:
                resources.push_async_callback(session.close)
                options = transaction_options(self._engine, self._isolation)
                with taking_connection(self._engine), translated("transaction"):
                    await session.connection(execution_options=options)
            self._resources = resources.pop_all()
        self._session = session
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Undo what was not committed, and give the connection back."""
        session, self._session = self._session, None
        closing = self._resources.aclose()
        if session is None or not session.in_transaction():
            # Nothing is left to undo: nothing in this waits, so nothing can be cancelled in it.
            await closing
            return
        # A cancelled request must not leave its transaction open.
        await asyncio.shield(closing)

    async def commit(self) -> None:
        """Store everything, the events of what was stored included.

        Raises:
            ConflictError: Another transaction was in the way (isolation `SERIALIZABLE`).
        """
        stored: list[AggregateRoot[Any]] = self.session.info.pop(STORED, [])
        events = [event for entity in stored for event in entity.collect_events()]
        note = _note.get()
        if not self.session.in_transaction():
            write = kept_back(self.session)
            if write is not None:
                await self._commit_alone(write, stored, events, note)
                return
            if not events and note is None:
                return
        await begun(self.session)
        await self.publish(events)
        if note is not None:
            await self._add_note(note)
        try:
            with translated("transaction"):
                await self.session.commit()
        except BaseException:
            # Nobody knows whether it is stored: the connection is lost, or this task is cancelled.
            await self._tell_changed(stored)
            raise
        if note is not None:
            note.committed()
        self._tell_outbox()
        await self._tell_changed(stored)

    async def _commit_alone(
        self,
        write: KeptWrite,
        stored: Sequence[AggregateRoot[Any]],
        events: Sequence[AnyEvent],
        note: CommitNote | None,
    ) -> None:
        along = self._rows(events) if events else None
        change = None if note is None else note.change
        try:
            is_done = await write.alone(self._engine, along=along, note=change)
        finally:
            # Also when it fails: a connection that is lost says nothing of the write.
            await self._tell_changed(stored)
        if note is not None:
            if not is_done:
                raise note.missed()
            note.committed()
        self._tell_outbox()

    async def _add_note(self, note: CommitNote) -> None:
        change = note.change
        if change is None:
            return
        with translated("transaction"):
            done = await self.session.execute(change.statement, dict(change.values))
        if not isinstance(done, CursorResult) or done.rowcount != 1:
            raise note.missed()

    def _tell_outbox(self) -> None:
        if self._outbox is not None and self._has_events:
            self._outbox.committed()

    async def _tell_changed(self, stored: Sequence[AggregateRoot[Any]]) -> None:
        if self._changed is not None and stored:
            await self._changed(stored)

    async def publish(self, events: Sequence[AnyEvent]) -> None:
        """Have events handed on once the transaction is committed.

        Those that aggregates record come by themselves.

        Raises:
            RuntimeError: There is no outbox.
        """
        if not events:
            return
        rows = self._rows(events)
        await begun(self.session)
        with translated("event"):
            await add(self.session, rows)

    def _rows(self, events: Sequence[AnyEvent]) -> NewRows:
        if self._outbox is None:
            raise RuntimeError("events need an outbox")
        self._has_events = True
        return self._outbox.rows(events)

    async def once(self, consumer: str, key: str) -> bool:
        """Tell whether `consumer` has this message for the first time, and note that it has it.

        Raises:
            RuntimeError: There is no inbox.
            ConflictError: Another transaction was in the way.
        """
        if self._inbox is None:
            raise RuntimeError("messages need an inbox")
        await begun(self.session)
        with translated("message"):
            return await self._inbox.once(self.session, consumer, key)

    async def rollback(self) -> None:
        """Undo everything."""
        kept_back(self.session)
        await self.session.rollback()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Open a block that is undone alone when an exception leaves it."""
        await begun(self.session)
        async with self.session.begin_nested():
            yield


async def _close_begun(session: AsyncSession) -> None:
    """Close a session that has a connection; one that has none holds nothing."""
    if session.in_transaction():
        await session.close()
