# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of shop: what is loaded, changed and stored as one.

Knows neither the database nor the API.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from shop.domain.shop.entities import OrderLine
from shop.domain.shop.events import (
    OrderCancelled,
    OrderCancelledEvent,
    OrderPaid,
    OrderPaidEvent,
    OrderPlaced,
    OrderPlacedEvent,
    OrderRefunded,
    OrderRefundedEvent,
    OrderShipped,
    OrderShippedEvent,
    PaymentCaptured,
    PaymentCapturedEvent,
    PaymentDeclined,
    PaymentDeclinedEvent,
    PaymentRefunded,
    PaymentRefundedEvent,
    PaymentRequested,
    PaymentRequestedEvent,
    ProductPublished,
    ProductPublishedEvent,
    StockReleased,
    StockReleasedEvent,
    StockReserved,
    StockReservedEvent,
)
from shop.domain.shop.value_objects import (
    Address,
    CategoryId,
    CustomerId,
    FileRef,
    Money,
    OrderId,
    OrderLineId,
    OrderStatus,
    PaymentId,
    PaymentProvider,
    PaymentStatus,
    ProductId,
    ProductStatus,
    Sku,
    check_sku,
)
from shop.support.core.errors import GuardViolation
from shop.support.core.formats import Email, Phone, Slug
from shop.support.core.identifiers import new_ulid, prefixed, uuid7
from shop.support.domain.audited import Audited
from shop.support.domain.constraints import (
    check_children,
    check_computed,
    check_distinct,
    check_integer,
    check_invariant,
    check_string,
)
from shop.support.domain.entity import AggregateRoot
from shop.support.domain.localized import Localized, check_localized
from shop.support.domain.rules import sum_of


@dataclass(kw_only=True, eq=False)
class Category(Audited, AggregateRoot[CategoryId]):
    """A category."""

    id: CategoryId = field(default_factory=lambda: CategoryId(uuid7()))
    name: str
    slug: Slug
    parent_id: CategoryId | None = None

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=80)
        check_string("slug", self.slug, maximum=100, format="slug")
        check_invariant(
            self.parent_id is None or self.parent_id != self.id,
            code="not_its_own_parent",
            message="Not its own parent.",
        )


@dataclass(kw_only=True, eq=False)
class Customer(Audited, AggregateRoot[CustomerId]):
    """A person who buys."""

    id: CustomerId = field(default_factory=lambda: CustomerId(prefixed("cus", new_ulid())))
    user_id: str
    email: Email
    name: str
    phone: Phone | None = None
    shipping_address: Address | None = None
    loyalty_points: int = 0

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("user_id", self.user_id, minimum=1, maximum=64)
        check_string("email", self.email, maximum=254, format="email")
        check_string("name", self.name, minimum=1, maximum=120)
        check_string("phone", self.phone, maximum=16, format="phone")
        check_integer("loyalty_points", self.loyalty_points, minimum=0)


@dataclass(kw_only=True, eq=False)
class Product(Audited, AggregateRoot[ProductId]):
    """A product."""

    sku: Sku
    name: Localized[str]
    description: Localized[str] | None = None
    price: Money
    stock: int = 0
    reserved: int = 0
    status: ProductStatus = ProductStatus.DRAFT
    image: FileRef | None = None
    categories: frozenset[CategoryId]

    def __post_init__(self) -> None:
        """Take the identifier from the fields that make it up."""
        super().__post_init__()
        self.id = ProductId(self.sku)

    @property
    def available(self) -> int:
        """Available, worked out."""
        return self.stock - self.reserved

    def publish(self) -> None:
        """Publish the product.

        Raises:
            GuardViolation: `no_price`.
        """
        if self.price.amount <= Decimal(0):
            raise GuardViolation("no_price", "No price.")
        self.status = ProductStatus.ACTIVE
        self.record(ProductPublishedEvent(payload=ProductPublished(sku=self.sku, price=self.price)))

    def retire(self) -> None:
        """Retire the product."""
        self.status = ProductStatus.RETIRED

    def restock(self, *, quantity: int) -> None:
        """Restock the product."""
        self.stock += quantity

    def reserve(self, *, quantity: int, order_id: OrderId) -> None:
        """Called by Checkout, never over HTTP.

        Raises:
            GuardViolation: `out_of_stock`.
        """
        if self.available < quantity:
            raise GuardViolation("out_of_stock", "Out of stock.")
        self.reserved += quantity
        self.record(StockReservedEvent(payload=StockReserved(quantity=quantity, order_id=order_id)))

    def release(self, *, quantity: int, order_id: OrderId) -> None:
        """Release the product."""
        self.reserved = max(self.reserved - quantity, 0)
        self.record(StockReleasedEvent(payload=StockReleased(quantity=quantity, order_id=order_id)))

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_sku("sku", self.sku)
        check_localized("name", self.name, default="en", minimum=1, maximum=200)
        check_localized("description", self.description, default="en")
        check_integer("stock", self.stock, minimum=0)
        check_integer("reserved", self.reserved, minimum=0)
        check_integer("available", self.available)
        check_invariant(
            self.reserved <= self.stock,
            code="reserved_within_stock",
            message="Reserved within stock.",
        )
        check_invariant(
            self.price.amount >= Decimal(0),
            code="price_not_negative",
            message="A price cannot be negative.",
        )


@dataclass(kw_only=True, eq=False)
class Order(Audited, AggregateRoot[OrderId]):
    """An order."""

    id: OrderId = field(default_factory=lambda: OrderId(prefixed("ord", new_ulid())))
    customer_id: CustomerId
    shipping_address: Address | None = None
    placed_at: dt.datetime | None = None
    carrier: str | None = None
    tracking_code: str | None = None
    note: str | None = None
    status: OrderStatus = OrderStatus.DRAFT
    lines: list[OrderLine] = field(default_factory=list)

    @property
    def total(self) -> Money:
        """Total, worked out."""
        return sum_of((each.amount for each in self.lines), Money(amount=Decimal(0)))

    def add_line(self, *, quantity: int, product: Product) -> None:
        """Add line.

        Raises:
            GuardViolation: `order_not_open`.
        """
        if self.status != OrderStatus.DRAFT:
            raise GuardViolation("order_not_open", "Order not open.")
        self.lines.append(
            OrderLine(product_id=product.id, quantity=quantity, unit_price=product.price)
        )

    def remove_line(self, *, line_id: OrderLineId) -> None:
        """Remove line.

        Raises:
            GuardViolation: `order_not_open`.
        """
        if self.status != OrderStatus.DRAFT:
            raise GuardViolation("order_not_open", "Order not open.")
        self.lines = [order_line for order_line in self.lines if order_line.id != line_id]

    def place(self, *, now: dt.datetime) -> None:
        """Place the order.

        Raises:
            InvalidStateError: It is not draft.
            GuardViolation: `empty_order`, `no_address`.
        """
        self.require_state("place", self.status, (OrderStatus.DRAFT,))
        if len(self.lines) == 0:
            raise GuardViolation("empty_order", "Empty order.")
        if self.shipping_address is None:
            raise GuardViolation("no_address", "No address.")
        self.placed_at = now
        self.status = OrderStatus.PLACED
        self.record(
            OrderPlacedEvent(
                payload=OrderPlaced(
                    customer_id=self.customer_id, total=self.total, placed_at=self.placed_at
                ),
                occurred_at=now,
            )
        )

    def pay(self) -> None:
        """Pay the order.

        Raises:
            InvalidStateError: It is not placed.
        """
        self.require_state("pay", self.status, (OrderStatus.PLACED,))
        self.status = OrderStatus.PAID
        self.record(
            OrderPaidEvent(payload=OrderPaid(customer_id=self.customer_id, total=self.total))
        )

    def ship(self, *, carrier: str, tracking_code: str) -> None:
        """Ship the order.

        Raises:
            InvalidStateError: It is not paid.
        """
        self.require_state("ship", self.status, (OrderStatus.PAID,))
        self.carrier = carrier
        self.tracking_code = tracking_code
        self.status = OrderStatus.SHIPPED
        self.record(
            OrderShippedEvent(
                payload=OrderShipped(
                    customer_id=self.customer_id, carrier=carrier, tracking_code=tracking_code
                )
            )
        )

    def deliver(self) -> None:
        """Deliver the order.

        Raises:
            InvalidStateError: It is not shipped.
        """
        self.require_state("deliver", self.status, (OrderStatus.SHIPPED,))
        self.status = OrderStatus.DELIVERED

    def cancel(self, *, reason: str) -> None:
        """Cancel the order.

        Raises:
            InvalidStateError: It is not draft or placed.
        """
        self.require_state("cancel", self.status, (OrderStatus.DRAFT, OrderStatus.PLACED))
        self.status = OrderStatus.CANCELLED
        self.record(OrderCancelledEvent(payload=OrderCancelled(reason=reason)))

    def refund(self) -> None:
        """Refund the order.

        Raises:
            InvalidStateError: It is not paid.
        """
        self.require_state("refund", self.status, (OrderStatus.PAID,))
        self.status = OrderStatus.REFUNDED
        self.record(
            OrderRefundedEvent(
                payload=OrderRefunded(customer_id=self.customer_id, total=self.total)
            )
        )

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("carrier", self.carrier, minimum=1, maximum=40)
        check_string("tracking_code", self.tracking_code, minimum=1, maximum=64)
        check_string("note", self.note, maximum=500)
        check_children("lines", self.lines, maximum=200)
        check_distinct("lines", [item.product_id for item in self.lines])
        check_computed("total", lambda: self.total)
        check_invariant(
            all(each.unit_price.currency == self.total.currency for each in self.lines),
            code="one_currency",
            message="One currency.",
        )


@dataclass(kw_only=True, eq=False)
class Payment(Audited, AggregateRoot[PaymentId]):
    """A payment."""

    id: PaymentId = field(default_factory=lambda: PaymentId(prefixed("pay", new_ulid())))
    order_id: OrderId
    amount: Money
    provider: PaymentProvider = PaymentProvider.STRIPE
    provider_ref: str | None = None
    status: PaymentStatus = PaymentStatus.REQUESTED

    @classmethod
    def request(cls, *, order_id: OrderId, amount: Money) -> Self:
        """Request a payment."""
        payment = cls(order_id=order_id, amount=amount)
        payment.record(
            PaymentRequestedEvent(payload=PaymentRequested(order_id=order_id, amount=amount))
        )
        return payment

    def capture(self, *, provider_ref: str) -> None:
        """Capture the payment.

        Raises:
            InvalidStateError: It is not requested.
        """
        self.require_state("capture", self.status, (PaymentStatus.REQUESTED,))
        self.provider_ref = provider_ref
        self.status = PaymentStatus.CAPTURED
        self.record(
            PaymentCapturedEvent(
                payload=PaymentCaptured(order_id=self.order_id, amount=self.amount)
            )
        )

    def decline(self, *, reason: str | None) -> None:
        """Decline the payment.

        Raises:
            InvalidStateError: It is not requested.
        """
        self.require_state("decline", self.status, (PaymentStatus.REQUESTED,))
        self.status = PaymentStatus.DECLINED
        self.record(
            PaymentDeclinedEvent(payload=PaymentDeclined(order_id=self.order_id, reason=reason))
        )

    def refund(self) -> None:
        """Refund the payment.

        Raises:
            InvalidStateError: It is not captured.
        """
        self.require_state("refund", self.status, (PaymentStatus.CAPTURED,))
        self.status = PaymentStatus.REFUNDED
        self.record(
            PaymentRefundedEvent(
                payload=PaymentRefunded(order_id=self.order_id, amount=self.amount)
            )
        )

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("provider_ref", self.provider_ref, minimum=1, maximum=120)
