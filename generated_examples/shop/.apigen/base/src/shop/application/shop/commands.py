# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of shop beyond creating, changing and deleting.

Messages only; handlers.py knows who takes them.
"""

from dataclasses import dataclass

from shop.domain.shop.aggregates import Order, Payment, Product
from shop.domain.shop.value_objects import (
    CustomerId,
    Money,
    OrderId,
    OrderLineId,
    PaymentId,
    ProductId,
)
from shop.support.application.commands import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishProduct(Command[Product]):
    """`publish` of Product."""

    id: ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireProduct(Command[Product]):
    """`retire` of Product."""

    id: ProductId


@dataclass(frozen=True, slots=True, kw_only=True)
class RestockProduct(Command[Product]):
    """`restock` of Product."""

    id: ProductId
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveProduct(Command[Product]):
    """Called by Checkout, never over HTTP."""

    id: ProductId
    quantity: int
    order_id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseProduct(Command[Product]):
    """`release` of Product."""

    id: ProductId
    quantity: int
    order_id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrderLine(Command[Order]):
    """`add_line` of Order."""

    id: OrderId
    product_id: ProductId
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOrderLine(Command[Order]):
    """`remove_line` of Order."""

    id: OrderId
    line_id: OrderLineId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder(Command[Order]):
    """`place` of Order."""

    id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOrder(Command[Order]):
    """`pay` of Order."""

    id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipOrder(Command[Order]):
    """`ship` of Order."""

    id: OrderId
    carrier: str
    tracking_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverOrder(Command[Order]):
    """`deliver` of Order."""

    id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(Command[Order]):
    """`cancel` of Order."""

    id: OrderId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder(Command[Order]):
    """`refund` of Order."""

    id: OrderId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPayment(Command[Payment]):
    """`request` of Payment."""

    order_id: OrderId
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePayment(Command[Payment]):
    """`capture` of Payment."""

    id: PaymentId
    provider_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePayment(Command[Payment]):
    """`decline` of Payment."""

    id: PaymentId
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment(Command[Payment]):
    """`refund` of Payment."""

    id: PaymentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPoints(Command[None]):
    """Hand-written; apigen writes the typed stub once and never touches it again."""

    customer_id: CustomerId
    points: int
