# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The events of shop: what has happened, for whoever has to know.

Each is a payload of its own in an envelope that is the same for all.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from shop.domain.shop.value_objects import CustomerId, Money, OrderId, Sku
from shop.support.domain.event_registry import EventRegistry, StoredEvent
from shop.support.domain.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPublished:
    """What `ProductPublishedEvent` tells."""

    sku: Sku
    price: Money


class ProductPublishedEvent(DomainEvent[ProductPublished]):
    """Product published."""

    event_type = "shop.Product.ProductPublished"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReserved:
    """What `StockReservedEvent` tells."""

    quantity: int
    order_id: OrderId


class StockReservedEvent(DomainEvent[StockReserved]):
    """Stock reserved."""

    event_type = "shop.Product.StockReserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReleased:
    """What `StockReleasedEvent` tells."""

    quantity: int
    order_id: OrderId


class StockReleasedEvent(DomainEvent[StockReleased]):
    """Stock released."""

    event_type = "shop.Product.StockReleased"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """What `OrderPlacedEvent` tells."""

    customer_id: CustomerId
    total: Money
    placed_at: dt.datetime | None


class OrderPlacedEvent(DomainEvent[OrderPlaced]):
    """Order placed."""

    event_type = "shop.Order.OrderPlaced"
    schema_version = 2


def _order_placed_from_1(event: StoredEvent) -> Mapping[str, object]:
    """Return what version 1 of the payload lacks."""
    return {
        "placed_at": event.occurred_at,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid:
    """What `OrderPaidEvent` tells."""

    customer_id: CustomerId
    total: Money


class OrderPaidEvent(DomainEvent[OrderPaid]):
    """Order paid."""

    event_type = "shop.Order.OrderPaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped:
    """What `OrderShippedEvent` tells."""

    customer_id: CustomerId
    carrier: str | None
    tracking_code: str | None


class OrderShippedEvent(DomainEvent[OrderShipped]):
    """Order shipped."""

    event_type = "shop.Order.OrderShipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    """What `OrderCancelledEvent` tells."""

    reason: str


class OrderCancelledEvent(DomainEvent[OrderCancelled]):
    """Order cancelled."""

    event_type = "shop.Order.OrderCancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded:
    """What `OrderRefundedEvent` tells."""

    customer_id: CustomerId
    total: Money


class OrderRefundedEvent(DomainEvent[OrderRefunded]):
    """Order refunded."""

    event_type = "shop.Order.OrderRefunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequested:
    """What `PaymentRequestedEvent` tells."""

    order_id: OrderId
    amount: Money


class PaymentRequestedEvent(DomainEvent[PaymentRequested]):
    """Payment requested."""

    event_type = "shop.Payment.PaymentRequested"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCaptured:
    """What `PaymentCapturedEvent` tells."""

    order_id: OrderId
    amount: Money


class PaymentCapturedEvent(DomainEvent[PaymentCaptured]):
    """Payment captured."""

    event_type = "shop.Payment.PaymentCaptured"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDeclined:
    """What `PaymentDeclinedEvent` tells."""

    order_id: OrderId
    reason: str | None


class PaymentDeclinedEvent(DomainEvent[PaymentDeclined]):
    """Payment declined."""

    event_type = "shop.Payment.PaymentDeclined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefunded:
    """What `PaymentRefundedEvent` tells."""

    order_id: OrderId
    amount: Money


class PaymentRefundedEvent(DomainEvent[PaymentRefunded]):
    """Payment refunded."""

    event_type = "shop.Payment.PaymentRefunded"


SHOP_EVENTS = EventRegistry(
    (
        ProductPublishedEvent,
        StockReservedEvent,
        StockReleasedEvent,
        OrderPlacedEvent,
        OrderPaidEvent,
        OrderShippedEvent,
        OrderCancelledEvent,
        OrderRefundedEvent,
        PaymentRequestedEvent,
        PaymentCapturedEvent,
        PaymentDeclinedEvent,
        PaymentRefundedEvent,
    ),
    upcasters={
        OrderPlacedEvent: {
            1: _order_placed_from_1,
        },
    },
)
"""Every event of shop, by the type that is stored with it."""
