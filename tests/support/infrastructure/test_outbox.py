"""Events on their way: with their cause, at least once, until they are dead."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from apigen.support.core.retry import RetryPolicy
from apigen.support.core.settings import MessagingSettings
from apigen.support.domain.events import AnyEvent
from apigen.support.infrastructure.engine import reading
from apigen.support.infrastructure.outbox import Outbox, OutboxRelay, RelayPolicy

from .parcels import EVENTS, OUTBOX_TABLE, ParcelSentEvent, Post, SendParcel

NOW = datetime.now(UTC)
POLICY = RelayPolicy(retry=RetryPolicy(attempts=3, delay_s=10, max_delay_s=60, jitter=False))


class Subscribers:
    """Takes events, and fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.events: list[AnyEvent] = []
        self.consumers: list[str | None] = []
        self.failures = failures
        self.came = asyncio.Event()

    async def __call__(self, event: AnyEvent, *, consumer: str | None = None) -> None:
        if self.failures:
            self.failures -= 1
            raise ExceptionGroup("handlers failed", [ConnectionError("no mail today")])
        self.events.append(event)
        self.consumers.append(consumer)
        self.came.set()


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.now


@pytest_asyncio.fixture
async def post(engine: AsyncEngine) -> Post:
    """The post, on a database of the test's own."""
    post = Post(engine)
    await post.create_tables()
    return post


# Columns of several types, hence Any.
async def rows(post: Post) -> list[sa.Row[Any]]:
    """Return the outbox, oldest first."""
    async with reading(post.engine) as connection:
        statement = sa.select(OUTBOX_TABLE).order_by(OUTBOX_TABLE.c.id)
        return list((await connection.execute(statement)).all())


async def send(post: Post, number: int = 1) -> None:
    """Send so many parcels, one event each."""
    for _ in range(number):
        parcel = await post.packed()
        await post.send(SendParcel(id=parcel.id))


@pytest.mark.criterion("R59.1", "R16.4", "R107.2", "R108.1")
async def test_an_event_is_stored_with_its_cause_before_anybody_hears_of_it(post: Post) -> None:
    parcel = await post.packed()

    await post.send(SendParcel(id=parcel.id))

    [row] = await rows(post)
    event = EVENTS.from_json(row.body)
    assert isinstance(event, ParcelSentEvent)
    assert event.payload.parcel_id == parcel.id
    assert (event.aggregate_id, event.aggregate_version) == (str(parcel.id), 2)
    assert (row.event_id, row.event_type) == (event.event_id, "post.ParcelSent")
    assert (row.published_at, row.attempts) == (None, 0)


@pytest.mark.criterion("R59.1")
async def test_an_event_is_undone_with_its_cause(post: Post) -> None:
    parcel = await post.packed()

    async with post.work() as work:
        stored = await work.parcels.get(parcel.id)
        assert stored is not None
        stored.send(carrier="snail")
        await work.parcels.save(stored)

    assert await rows(post) == []


@pytest.mark.criterion("R59.2", "R59.3")
async def test_a_delivery_is_marked_with_its_time(post: Post) -> None:
    await send(post, 2)
    subscribers, clock = Subscribers(), Clock()

    taken = await OutboxRelay(post.engine, post.outbox, subscribers, clock=clock).relay_once()

    assert taken == 2
    assert [row.published_at for row in await rows(post)] == [clock.now, clock.now]
    assert [row.event_id for row in await rows(post)] == [e.event_id for e in subscribers.events]


@pytest.mark.criterion("R59.2")
async def test_a_failure_is_repeated_later_and_later_and_then_dead(post: Post) -> None:
    await send(post)
    clock = Clock()
    relay = OutboxRelay(post.engine, post.outbox, Subscribers(99), policy=POLICY, clock=clock)
    waits = []

    for _ in range(3):
        assert await relay.relay_once() == 1
        [row] = await rows(post)
        waits.append((row.due_at - clock.now).total_seconds())
        assert await relay.relay_once() == 0
        clock.now = row.due_at

    assert waits[:2] == [10, 20]
    assert (row.attempts, row.published_at, row.dead_at is None) == (3, None, False)
    assert row.error == "ConnectionError: no mail today"
    clock.now += timedelta(days=1)
    assert await relay.relay_once() == 0


@pytest.mark.criterion("R59.2")
async def test_what_succeeds_at_last_is_published(post: Post) -> None:
    await send(post)
    clock, subscribers = Clock(), Subscribers(1)
    relay = OutboxRelay(post.engine, post.outbox, subscribers, policy=POLICY, clock=clock)

    await relay.relay_once()
    clock.now += timedelta(seconds=10)
    await relay.relay_once()

    assert len(subscribers.events) == 1
    assert (await rows(post))[0].error is None


async def test_a_delivery_belongs_to_one_process_until_its_lease_ends(post: Post) -> None:
    await send(post)
    clock, second = Clock(), Subscribers()
    policy = RelayPolicy(lease_s=60)
    others = OutboxRelay(post.engine, post.outbox, second, policy=policy, clock=clock)
    seen = []

    async def die(event: AnyEvent, *, consumer: str | None = None) -> None:
        seen.append(await others.relay_once())
        raise asyncio.CancelledError

    first = OutboxRelay(post.engine, post.outbox, die, policy=policy, clock=clock)

    with pytest.raises(asyncio.CancelledError):
        await first.relay_once()
    clock.now += timedelta(seconds=60)

    assert seen == [0]
    assert await others.relay_once() == 1
    assert len(second.events) == 1


@pytest.mark.criterion("R59.4")
async def test_what_was_delivered_or_died_long_ago_is_deleted(post: Post) -> None:
    await send(post, 2)
    clock = Clock()
    policy = RelayPolicy(retry=RetryPolicy(attempts=1), batch=1, inbox_retention=timedelta(days=1))
    relay = OutboxRelay(
        post.engine, post.outbox, Subscribers(1), inbox=post.inbox, policy=policy, clock=clock
    )
    await relay.relay_once()
    await relay.relay_once()
    await send(post)

    clock.now += timedelta(days=8)
    delivered = await relay.clean_up()
    clock.now += timedelta(days=30)
    dead = await relay.clean_up()

    assert (delivered, dead) == (1, 1)
    assert [row.published_at for row in await rows(post)] == [None]


async def test_who_wants_an_event_later_has_a_delivery_of_its_own(engine: AsyncEngine) -> None:
    post, clock, subscribers = Post(engine), Clock(), Subscribers()
    await post.create_tables()
    post.outbox = Outbox(
        OUTBOX_TABLE, EVENTS, delays=lambda event: [("remind", timedelta(hours=1))], clock=clock
    )
    await send(post)
    relay = OutboxRelay(post.engine, post.outbox, subscribers, clock=clock)

    await relay.relay_once()
    at_once = list(subscribers.consumers)
    clock.now += timedelta(hours=1)
    await relay.relay_once()

    assert (at_once, subscribers.consumers) == ([None], [None, "remind"])


async def test_a_relay_that_is_off_hands_nothing_on(post: Post) -> None:
    subscribers = Subscribers()
    policy = RelayPolicy.of(MessagingSettings(relay=False))
    relay = OutboxRelay(post.engine, post.outbox, subscribers, policy=policy)
    relay.start()

    await send(post)
    await asyncio.sleep(0.1)
    await relay.stop()

    assert subscribers.events == []
    assert (await rows(post))[0].published_at is None


async def test_the_relay_is_woken_by_a_commit_and_ends_when_told(post: Post) -> None:
    subscribers = Subscribers()
    relay = OutboxRelay(post.engine, post.outbox, subscribers, policy=RelayPolicy(poll_s=3600))
    relay.start()

    await send(post)
    await asyncio.wait_for(subscribers.came.wait(), 30)
    await relay.stop()

    assert len(subscribers.events) == 1
    assert (await rows(post))[0].published_at is not None


async def test_a_relay_without_its_table_says_so_once_and_goes_on_when_there_is_one(
    engine: AsyncEngine,
) -> None:
    """A project may be served before it is migrated."""
    post, subscribers = Post(engine), Subscribers()
    relay = OutboxRelay(engine, post.outbox, subscribers, policy=RelayPolicy(poll_s=0.005))

    with capture_logs() as logged:
        relay.start()
        await asyncio.sleep(0.2)
        await post.create_tables()
        await send(post)
        await asyncio.wait_for(subscribers.came.wait(), 30)
        await relay.stop()

    events = [line["event"] for line in logged if line["event"].startswith("outbox_relay")]
    assert events == ["outbox_relay_failed", "outbox_relay_works_again"]
