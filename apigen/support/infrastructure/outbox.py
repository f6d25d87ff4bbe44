"""Events on their way: written with what caused them, and handed on once that is committed.

A row of the outbox is one delivery: of an event to everything in this program that subscribed to
it, or to one subscriber that wants it later. A delivery is taken with a lease, so that one whose
process dies is taken again: at least once.

Source: requirements 16.4, 59.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, Self
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.clock import Clock, utc_now
from ..core.identifiers import uuid7
from ..core.retry import RetryPolicy
from ..core.settings import MessagingSettings
from ..domain.event_registry import EventRegistry
from ..domain.events import AnyEvent
from .column_types import UtcDateTime
from .inbox import Inbox
from .round_failures import RoundFailures
from .row_source import NewRows
from .unit_of_work import SqlUnitOfWork

_logger = structlog.get_logger("outbox")
_HOUSEKEEPING_S = 3600.0


def outbox_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table `outbox_events`, added to `metadata`."""
    table = sa.Table(
        "outbox_events",
        metadata,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(200), nullable=False),
        sa.Column("consumer", sa.String(200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("dead_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_events"),
    )
    sa.Index("ix_outbox_events_due_at", table.c.due_at)
    sa.Index("ix_outbox_events_published_at", table.c.published_at)
    return table


class Outbox:
    """Writes events into the transaction of what caused them."""

    def __init__(
        self,
        table: sa.Table,
        registry: EventRegistry,
        *,
        delays: Callable[[AnyEvent], Iterable[tuple[str, timedelta]]] = lambda event: (),
        clock: Clock = utc_now,
    ) -> None:
        """Write to `table`.

        Args:
            table: What `outbox_table` has made.
            registry: Writes events as JSON.
            delays: Subscribers that want an event later, and how much: `EventBus.delays`.
            clock: Dates the rows.
        """
        self.table = table
        self.registry = registry
        self.written = asyncio.Event()
        """Set when a transaction with events was committed in this process."""
        self._delays = delays
        self._clock = clock

    def rows(self, events: Sequence[AnyEvent]) -> NewRows:
        """Return what is added with what has caused the events."""
        now = self._clock()
        rows = [
            {
                "id": uuid7(),
                "event_id": event.event_id,
                "event_type": event.event_type,
                "consumer": consumer,
                "body": self.registry.to_json(event).decode(),
                "created_at": now,
                "due_at": now + delay,
                "attempts": 0,
            }
            for event in events
            for consumer, delay in ((None, timedelta()), *self._delays(event))
        ]
        return NewRows(self.table, rows)

    def committed(self) -> None:
        """Tell the relay of this process that there is something to do."""
        self.written.set()


class Publish(Protocol):
    """Hands an event to its subscribers: `EventBus.publish`."""

    async def __call__(self, event: AnyEvent, *, consumer: str | None = None) -> None:
        """Hand it to all that want it at once, or to the one with this name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayPolicy:
    """How deliveries are repeated, and how long they are kept."""

    is_on: bool = True
    """Whether anything is handed on in the background."""
    retry: RetryPolicy = field(
        default_factory=lambda: RetryPolicy(attempts=5, delay_s=1.0, max_delay_s=300.0)
    )
    """A delivery that has failed so often is dead: it stays for somebody to look at."""
    retention: timedelta = timedelta(days=7)
    """Of what was delivered."""
    dead_retention: timedelta = timedelta(days=30)
    inbox_retention: timedelta = timedelta(days=30)
    lease_s: float = 60.0
    """How long a delivery belongs to the process that has taken it."""
    poll_s: float = 1.0
    """How often is looked for what other processes have written, or what has become due."""
    batch: int = 20

    @classmethod
    def of(cls, settings: MessagingSettings) -> Self:
        """Return what the settings of a project say."""
        usual = cls()
        return cls(
            is_on=settings.relay,
            retry=replace(usual.retry, attempts=settings.max_attempts),
            retention=timedelta(seconds=settings.retention_s),
            dead_retention=timedelta(seconds=settings.dead_retention_s),
            inbox_retention=timedelta(seconds=settings.inbox_retention_s),
            poll_s=settings.poll_s,
            batch=settings.batch,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delivery:
    id: UUID
    consumer: str | None
    body: str
    attempt: int


class OutboxRelay:
    """Hands on what is in the outbox, in the background."""

    def __init__(
        self,
        engine: AsyncEngine,
        outbox: Outbox,
        publish: Publish,
        *,
        inbox: Inbox | None = None,
        policy: RelayPolicy | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Hand events of `outbox` to `publish`; nothing happens before `start`.

        Args:
            engine: Where the outbox is.
            outbox: What is handed on.
            publish: Takes an event to its subscribers; raises when one of them has failed.
            inbox: Whose old entries are deleted along with those of the outbox.
            policy: How often and how long.
            clock: Tells what is due.
        """
        self._engine = engine
        self._outbox = outbox
        self._publish = publish
        self._inbox = inbox
        self._policy = policy or RelayPolicy()
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False

    def start(self) -> None:
        """Begin, unless another process is to; needs a running event loop."""
        if not self._policy.is_on:
            return
        self._is_stopping = False
        self._task = asyncio.create_task(self._run(), name="outbox-relay")

    async def stop(self, *, grace_s: float = 10.0) -> None:
        """End after the delivery that is under way, or in the midst of it after `grace_s`."""
        if self._task is None:
            return
        self._is_stopping = True
        self._outbox.written.set()
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self._task, grace_s)
        self._task = None

    async def relay_once(self) -> int:
        """Deliver what is due now, at most one batch; return how many deliveries were taken."""
        deliveries, lease_end = await self._take()
        for delivery in deliveries:
            # What is left of the batch may belong to another process by then.
            if self._is_stopping or self._clock() >= lease_end:
                break
            await self._deliver(delivery)
        return len(deliveries)

    async def clean_up(self) -> int:
        """Delete what was kept long enough; return how many rows of the outbox that were."""
        now, table = self._clock(), self._outbox.table
        policy = self._policy
        async with SqlUnitOfWork(self._engine) as work:
            old = sa.or_(
                table.c.published_at < now - policy.retention,
                table.c.dead_at < now - policy.dead_retention,
            )
            result = await work.session.execute(sa.delete(table).where(old))
            if self._inbox is not None:
                await self._inbox.forget(work.session, before=now - policy.inbox_retention)
            await work.commit()
        return _row_count(result)

    async def _run(self) -> None:
        cleaned_at: datetime | None = None
        failures = RoundFailures(_logger, "outbox_relay")
        while not self._is_stopping:
            self._outbox.written.clear()
            taken = 0
            try:
                taken = await self.relay_once()
                now = self._clock()
                if cleaned_at is None or (now - cleaned_at).total_seconds() >= _HOUSEKEEPING_S:
                    cleaned_at = now
                    await self.clean_up()
            except Exception as error:
                # A database that is away comes back, and a relay that has ended does not.
                failures.failed(error)
            else:
                failures.worked()
            if not taken and not self._is_stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._outbox.written.wait(), self._policy.poll_s)

    async def _take(self) -> tuple[list[_Delivery], datetime]:
        table, now = self._outbox.table, self._clock()
        lease_end = now + timedelta(seconds=self._policy.lease_s)
        due = (
            sa.select(table.c.id, table.c.consumer, table.c.body, table.c.attempts)
            .where(table.c.published_at.is_(None), table.c.dead_at.is_(None))
            .where(table.c.due_at <= now)
            .order_by(table.c.due_at, table.c.id)
            .limit(self._policy.batch)
            # Several processes share the work on PostgreSQL; SQLite has one writer at a time.
            .with_for_update(skip_locked=True)
        )
        async with SqlUnitOfWork(self._engine) as work:
            rows = (await work.session.execute(due)).all()
            if rows:
                await work.session.execute(
                    sa.update(table)
                    .where(table.c.id.in_([row.id for row in rows]))
                    .values(due_at=lease_end, attempts=table.c.attempts + 1)
                )
                await work.commit()
        deliveries = [
            _Delivery(id=row.id, consumer=row.consumer, body=row.body, attempt=row.attempts + 1)
            for row in rows
        ]
        return deliveries, lease_end

    async def _deliver(self, delivery: _Delivery) -> None:
        try:
            event = self._outbox.registry.from_json(delivery.body)
            await self._publish(event, consumer=delivery.consumer)
        except Exception as error:
            await self._failed(delivery, error)
        else:
            await self._note(delivery, published_at=self._clock(), error=None)

    async def _failed(self, delivery: _Delivery, error: Exception) -> None:
        now, retry = self._clock(), self._policy.retry
        facts = {"delivery": str(delivery.id), "attempt": delivery.attempt}
        if delivery.attempt >= retry.attempts:
            _logger.error("event_is_dead", **facts, exc_info=error)
            await self._note(delivery, dead_at=now, error=_text(error))
            return
        wait_s = retry.wait_s(delivery.attempt)
        _logger.warning("event_not_delivered", **facts, retry_in_s=wait_s, exc_info=error)
        due_at = now + timedelta(seconds=wait_s)
        await self._note(delivery, due_at=due_at, error=_text(error))

    # Columns of several types, hence Any.
    async def _note(self, delivery: _Delivery, **values: Any) -> None:
        table = self._outbox.table
        async with SqlUnitOfWork(self._engine) as work:
            await work.session.execute(
                sa.update(table).where(table.c.id == delivery.id).values(**values)
            )
            await work.commit()


def _text(error: Exception) -> str:
    causes = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
    return "; ".join(f"{type(cause).__name__}: {cause}" for cause in causes)[:2000]


def _row_count(result: sa.Result[Any]) -> int:
    return result.rowcount if isinstance(result, sa.CursorResult) else 0
