"""Events: what aggregates record, as JSON and back, from older versions too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType, assert_type
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from apigen.support.core.actor import Actor
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.core.errors import InvalidStateError
from apigen.support.core.identifiers import new_ulid
from apigen.support.core.json import dumps, loads
from apigen.support.domain.entity import AggregateRoot
from apigen.support.domain.event_registry import EventRegistry, StoredEvent, Upcaster
from apigen.support.domain.events import DomainEvent

OrderId = NewType("OrderId", ULID)
AT = datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC)


class Status(StrEnum):
    """Where an order is."""

    DRAFT = "draft"
    PLACED = "placed"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """What is told of a placed order."""

    order_id: OrderId
    total: Money
    placed_at: datetime
    note: str | None = None


class OrderPlacedEvent(DomainEvent[OrderPlaced]):
    """An order was placed."""

    event_type = "shop.OrderPlaced"
    schema_version = 2


@dataclass(kw_only=True, eq=False)
class Order(AggregateRoot[OrderId]):
    """The aggregate of these tests."""

    id: OrderId = field(default_factory=lambda: OrderId(new_ulid()))
    status: Status = Status.DRAFT

    def check_invariants(self) -> None:
        """Allow everything."""

    def place(self) -> None:
        """Place it."""
        self.require_state("place", self.status, (Status.DRAFT,))
        self.status = Status.PLACED
        payload = OrderPlaced(order_id=self.id, total=Money(Decimal("1.50"), "EUR"), placed_at=AT)
        self.record(OrderPlacedEvent(payload=payload))


REGISTRY = EventRegistry(
    [OrderPlacedEvent],
    upcasters={OrderPlacedEvent: {1: lambda event: {"placed_at": event.occurred_at}}},
)


def placed() -> OrderPlacedEvent:
    """Return the event of an order that was placed."""
    order = Order()
    order.place()
    [event] = order.collect_events()
    assert isinstance(event, OrderPlacedEvent)
    return event


@pytest.mark.criterion("R107.1", "R107.2", "R108.1")
def test_events_are_collected_once_with_identity_version_and_context() -> None:
    order = Order(version=3)
    context = ExecutionContext(correlation_id="c", causation_id="e", actor=Actor(id="ann"))
    order.place()

    with bound_context(context):
        [event] = order.collect_events()

    assert isinstance(event.event_id, UUID)
    assert (event.aggregate_id, event.aggregate_version) == (str(order.id), 3)
    assert (event.correlation_id, event.causation_id, event.actor_id) == ("c", "e", "ann")
    assert order.collect_events() == ()


@pytest.mark.criterion("R107.3")
def test_an_action_in_another_state_is_refused_and_tells_the_states() -> None:
    order = Order(status=Status.PLACED)

    with pytest.raises(InvalidStateError) as refused:
        order.place()

    assert (refused.value.code, refused.value.state, refused.value.allowed) == (
        "invalid_state",
        "placed",
        ("draft",),
    )


@pytest.mark.criterion("R108.2", "R108.3", "R108.4")
def test_an_event_is_json_with_its_type_and_comes_back_the_same() -> None:
    event = placed()
    assert_type(event.payload, OrderPlaced)

    written = REGISTRY.to_json(event)

    document = loads(written)
    assert isinstance(document, dict)
    assert (document["type"], document["schema_version"]) == ("shop.OrderPlaced", 2)
    assert document["payload"] == {
        "order_id": str(event.payload.order_id),
        "total": {"amount": "1.50", "currency": "EUR"},
        "placed_at": "2026-01-02T03:04:05.000600Z",
        "note": None,
    }
    assert REGISTRY.from_json(written) == event


@pytest.mark.criterion("R108.4")
def test_an_event_of_an_older_program_is_lifted() -> None:
    event = placed()
    document = loads(REGISTRY.to_json(event))
    assert isinstance(document, dict)
    assert isinstance(document["payload"], dict)
    del document["payload"]["placed_at"]

    lifted = REGISTRY.from_json(dumps({**document, "schema_version": 1}))

    assert isinstance(lifted, OrderPlacedEvent)
    assert lifted.payload.placed_at == event.occurred_at


@pytest.mark.parametrize("version", [0, 3, "2", None])
def test_an_event_of_a_version_that_is_not_known_is_refused(version: object) -> None:
    document = loads(REGISTRY.to_json(placed()))
    assert isinstance(document, dict)

    with pytest.raises(ValueError, match="can not be read"):
        REGISTRY.from_json(dumps({**document, "schema_version": version}))


def test_what_is_no_event_is_refused() -> None:
    with pytest.raises(ValueError, match="object"):
        REGISTRY.from_json(b"[]")
    with pytest.raises(KeyError):
        REGISTRY.from_json(b'{"type": "shop.Unknown"}')


def test_types_and_versions_that_do_not_fit_are_found_at_once() -> None:
    with pytest.raises(ValueError, match="two events"):
        EventRegistry([OrderPlacedEvent, OrderPlacedEvent])
    with pytest.raises(ValueError, match="gap"):
        EventRegistry([OrderPlacedEvent], upcasters={OrderPlacedEvent: {3: lambda event: {}}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Which steps between versions an event has gone through."""

    path: tuple[int, ...]


@given(latest=st.integers(min_value=1, max_value=12), data=st.data())
def test_every_step_between_versions_is_taken_once_and_in_order(
    latest: int, data: st.DataObject
) -> None:
    class StepsEvent(DomainEvent[Steps]):
        """Tells its way."""

        event_type = "test.Steps"
        schema_version = latest

    def step(version: int) -> Upcaster:
        def lift(event: StoredEvent) -> Mapping[str, object]:
            before = event.payload["path"]
            assert isinstance(before, list)
            return {"path": [*before, version]}

        return lift

    first = data.draw(st.integers(min_value=1, max_value=latest))
    registry = EventRegistry(
        [StepsEvent], upcasters={StepsEvent: {n: step(n) for n in range(first, latest)}}
    )
    stored = {"type": "test.Steps", "schema_version": first, "payload": {"path": []}}

    event = registry.from_json(dumps(stored))

    assert event.payload == Steps(path=tuple(range(first, latest)))
