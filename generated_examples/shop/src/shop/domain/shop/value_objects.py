# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The values of shop: identifiers, codes and quantities.

Immutable, equal by what they hold, and valid from the moment they exist.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import NewType, Self
from uuid import UUID

from ulid import ULID

from shop.support.core.formats import Country, Currency
from shop.support.domain.constraints import check_digits, check_integer, check_string
from shop.support.domain.measure import Measure
from shop.support.domain.rules import round_half_up
from shop.support.domain.value_object import ValueObject


class OrderStatus(StrEnum):
    """An order status."""

    DRAFT = "draft"
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class PaymentStatus(StrEnum):
    """A payment status."""

    REQUESTED = "requested"
    CAPTURED = "captured"
    DECLINED = "declined"
    REFUNDED = "refunded"


class ProductStatus(StrEnum):
    """A product status."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class PaymentProvider(StrEnum):
    """A payment provider."""

    STRIPE = "stripe"
    INVOICE = "invoice"


Sku = NewType("Sku", str)


def check_sku(field: str, value: Sku | None) -> None:
    """Refuse what is not a Sku."""
    check_string(field, value, minimum=3, maximum=40, pattern="^[A-Z0-9-]+$")


CategoryId = NewType("CategoryId", UUID)
CustomerId = NewType("CustomerId", str)
ProductId = NewType("ProductId", Sku)
OrderId = NewType("OrderId", str)
OrderLineId = NewType("OrderLineId", ULID)
PaymentId = NewType("PaymentId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Measure[Decimal, Currency]):
    """An amount in one currency; adding two currencies is a domain error."""

    amount: Decimal
    currency: Currency = field(default_factory=lambda: Currency("EUR"))

    def in_units(self) -> tuple[Decimal, Currency]:
        """Return the number and its unit."""
        return self.amount, self.currency

    def with_number(self, number: Decimal) -> Self:
        """Return another number of the same unit."""
        return replace(self, amount=round_half_up(number, 4))

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_digits("amount", self.amount, precision=19, scale=4)
        check_string("currency", self.currency, maximum=3, format="currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(ValueObject):
    """An address."""

    line1: str
    line2: str | None = None
    city: str
    postcode: str
    country: Country

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("line1", self.line1, minimum=1, maximum=120)
        check_string("line2", self.line2, maximum=120)
        check_string("city", self.city, minimum=1, maximum=80)
        check_string("postcode", self.postcode, minimum=1, maximum=16)
        check_string("country", self.country, maximum=2, format="country")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef(ValueObject):
    """A stored file: what it is, and under which key the storage has it."""

    name: str
    content_type: str
    size: int
    sha256: str
    key: str

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("name", self.name, minimum=1, maximum=255)
        check_string("content_type", self.content_type, minimum=1, maximum=255)
        check_integer("size", self.size, bits=64, minimum=0)
        check_string("sha256", self.sha256, minimum=64, maximum=64, pattern="[0-9a-f]{64}")
        check_string("key", self.key, minimum=1, maximum=255)
