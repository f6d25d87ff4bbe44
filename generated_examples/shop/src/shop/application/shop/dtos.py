# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What goes in and out of shop: payloads, checked field by field.

Names on the wire are aliases; defaults here are those of the domain.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shop.domain.shop.value_objects import (
    CategoryId,
    CustomerId,
    OrderId,
    OrderLineId,
    OrderStatus,
    PaymentId,
    PaymentProvider,
    PaymentStatus,
    ProductId,
    ProductStatus,
    Sku,
)
from shop.shared.localization import LOCALES
from shop.support.application.dtos import Dto, example, unset
from shop.support.application.fields import Digits, Integer, Items, Text, UlidText
from shop.support.application.localized_fields import (
    LocalizedChange,
    LocalizedInput,
    LocalizedOutput,
)
from shop.support.application.moments import Moment
from shop.support.core.formats import Country, Currency, Email, Phone, Slug
from shop.support.domain.localized import Localized


class MoneyDto(Dto):
    """An amount in one currency; adding two currencies is a domain error."""

    amount: Annotated[Decimal, Digits(precision=19, scale=4)]
    currency: Annotated[Currency, Text(maximum=3, format="currency")] = Currency("EUR")


class AddressDto(Dto):
    """An address."""

    line1: Annotated[str, Text(minimum=1, maximum=120)]
    line2: Annotated[str, Text(maximum=120)] | None = None
    city: Annotated[str, Text(minimum=1, maximum=80)]
    postcode: Annotated[str, Text(minimum=1, maximum=16)]
    country: Annotated[Country, Text(maximum=2, format="country")]


class FileRefDto(Dto):
    """A stored file: what it is, and under which key the storage has it."""

    name: Annotated[str, Text(minimum=1, maximum=255)]
    content_type: Annotated[str, Text(minimum=1, maximum=255)]
    size: Annotated[int, Integer(bits=64, minimum=0)]
    sha256: Annotated[str, Text(minimum=64, maximum=64, pattern="[0-9a-f]{64}")]
    key: Annotated[str, Text(minimum=1, maximum=255)]


class CategoryCreate(Dto):
    """What makes a new category."""

    model_config = example({"name": "Name 1", "slug": "slug-0", "parent_id": None})

    name: Annotated[str, Text(minimum=1, maximum=80)]
    slug: Annotated[Slug, Text(maximum=100, format="slug")]
    parent_id: CategoryId | None = None


class CategoryUpdate(Dto):
    """What changes in a category: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[str, Text(minimum=1, maximum=80)] = Field(default_factory=unset)
    parent_id: CategoryId | None = Field(default_factory=unset)


class CategoryRead(Dto):
    """A category."""

    id: CategoryId
    name: Annotated[str, Text(minimum=1, maximum=80)]
    slug: Annotated[Slug, Text(maximum=100, format="slug")]
    parent_id: CategoryId | None
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    created_by: Annotated[str, Text(maximum=200)] | None
    updated_by: Annotated[str, Text(maximum=200)] | None
    version: Annotated[int, Integer()]


class CustomerCreate(Dto):
    """What makes a new customer."""

    model_config = example(
        {
            "email": "email0@example.com",
            "name": "Name 1",
            "phone": "+49301000000",
            "shipping_address": {
                "line1": "Line1 1",
                "line2": "Line2 1",
                "city": "City 1",
                "postcode": "Postcode 1",
                "country": "DE",
            },
        }
    )

    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))]
    name: Annotated[str, Text(minimum=1, maximum=120)]
    phone: Annotated[Phone, Text(maximum=16, format="phone")] | None = None
    shipping_address: AddressDto | None = None


class CustomerUpdate(Dto):
    """What changes in a customer: the fields that are sent."""

    model_config = example({"email": "email0@example.com"})

    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))] = Field(
        default_factory=unset
    )
    name: Annotated[str, Text(minimum=1, maximum=120)] = Field(default_factory=unset)
    phone: Annotated[Phone, Text(maximum=16, format="phone")] | None = Field(default_factory=unset)
    shipping_address: AddressDto | None = Field(default_factory=unset)


class CustomerRead(Dto):
    """A person who buys."""

    id: Annotated[CustomerId, Text(maximum=30, pattern="cus_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))]
    name: Annotated[str, Text(minimum=1, maximum=120)]
    phone: Annotated[Phone, Text(maximum=16, format="phone")] | None
    shipping_address: AddressDto | None
    loyalty_points: Annotated[int, Integer(minimum=0)]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    created_by: Annotated[str, Text(maximum=200)] | None
    updated_by: Annotated[str, Text(maximum=200)] | None
    version: Annotated[int, Integer()]


class ProductCreate(Dto):
    """What makes a new product."""

    model_config = example(
        {
            "sku": "TEA-GREEN-250",
            "name": "Name 1",
            "description": "Description 1",
            "price": {"amount": "10.0001", "currency": "USD"},
            "categories": [
                "018f0000-0000-7000-8000-000000000001",
                "018f0000-0000-7000-8000-000000000002",
            ],
        }
    )

    sku: Annotated[
        Sku, Text(minimum=3, maximum=40, pattern="^[A-Z0-9-]+$", normalize=("upper",), in_path=True)
    ] = Field(examples=["TEA-GREEN-250"])
    name: Annotated[Localized[str], LocalizedInput(LOCALES, Text(minimum=1, maximum=200))]
    description: Annotated[Localized[str], LocalizedInput(LOCALES, Text())] | None = None
    price: MoneyDto
    categories: Annotated[frozenset[CategoryId], Items()]


class ProductUpdate(Dto):
    """What changes in a product: the fields that are sent."""

    model_config = example({"name": "Name 1"})

    name: Annotated[
        Mapping[str, str | None], LocalizedChange(LOCALES, Text(minimum=1, maximum=200))
    ] = Field(default_factory=unset)
    description: Annotated[Mapping[str, str | None], LocalizedChange(LOCALES, Text())] | None = (
        Field(default_factory=unset)
    )
    price: MoneyDto = Field(default_factory=unset)
    categories: Annotated[frozenset[CategoryId], Items()] = Field(default_factory=unset)


class ProductRead(Dto):
    """A product."""

    sku: Annotated[
        Sku, Text(minimum=3, maximum=40, pattern="^[A-Z0-9-]+$", normalize=("upper",))
    ] = Field(examples=["TEA-GREEN-250"])
    name: Annotated[str | dict[str, str], LocalizedOutput(LOCALES, Text(minimum=1, maximum=200))]
    description: Annotated[str | dict[str, str], LocalizedOutput(LOCALES, Text())] | None
    price: MoneyDto
    stock: Annotated[int, Integer(minimum=0)]
    reserved: Annotated[int, Integer(minimum=0)]
    available: Annotated[int, Integer()]
    status: ProductStatus
    image: FileRefDto | None
    categories: Annotated[frozenset[CategoryId], Items()]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    created_by: Annotated[str, Text(maximum=200)] | None
    updated_by: Annotated[str, Text(maximum=200)] | None
    version: Annotated[int, Integer()]


class RestockProductInput(Dto):
    """What `restock` needs to know."""

    model_config = example({"quantity": 1235})

    quantity: Annotated[int, Integer(minimum=1)]


class OrderCreate(Dto):
    """What makes a new order."""

    model_config = example(
        {
            "customer_id": "cus_01HZ0000000000000000000001",
            "shipping_address": {
                "line1": "Line1 1",
                "line2": "Line2 1",
                "city": "City 1",
                "postcode": "Postcode 1",
                "country": "DE",
            },
            "note": "Note 1",
        }
    )

    customer_id: Annotated[CustomerId, Text(maximum=30, pattern="cus_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    shipping_address: AddressDto | None = None
    note: Annotated[str, Text(maximum=500)] | None = Field(
        default=None,
        json_schema_extra={"deprecated": True},
        description="Use order messages. Gone from 2027-06-30 on.",
    )


class OrderUpdate(Dto):
    """What changes in an order: the fields that are sent."""

    model_config = example(
        {
            "shipping_address": {
                "line1": "Line1 1",
                "line2": "Line2 1",
                "city": "City 1",
                "postcode": "Postcode 1",
                "country": "DE",
            }
        }
    )

    shipping_address: AddressDto | None = Field(default_factory=unset)
    note: Annotated[str, Text(maximum=500)] | None = Field(
        default_factory=unset,
        json_schema_extra={"deprecated": True},
        description="Use order messages. Gone from 2027-06-30 on.",
    )


class OrderLineRead(Dto):
    """An order line."""

    id: Annotated[OrderLineId, UlidText()]
    product_id: Annotated[
        ProductId, Text(minimum=3, maximum=40, pattern="^[A-Z0-9-]+$", normalize=("upper",))
    ]
    quantity: Annotated[int, Integer(minimum=1, maximum=999)]
    unit_price: MoneyDto
    amount: MoneyDto


class OrderRead(Dto):
    """An order."""

    id: Annotated[OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    customer_id: Annotated[CustomerId, Text(maximum=30, pattern="cus_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    shipping_address: AddressDto | None
    total: MoneyDto
    placed_at: Annotated[dt.datetime, Moment()] | None
    carrier: Annotated[str, Text(minimum=1, maximum=40)] | None
    tracking_code: Annotated[str, Text(minimum=1, maximum=64)] | None
    note: Annotated[str, Text(maximum=500)] | None = Field(
        json_schema_extra={"deprecated": True},
        description="Use order messages. Gone from 2027-06-30 on.",
    )
    status: OrderStatus
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    created_by: Annotated[str, Text(maximum=200)] | None
    updated_by: Annotated[str, Text(maximum=200)] | None
    version: Annotated[int, Integer()]
    lines: tuple[OrderLineRead, ...]


class AddOrderLineInput(Dto):
    """What `add_line` needs to know."""

    model_config = example({"product_id": "TEA-GREEN-250", "quantity": 2})

    product_id: Annotated[
        ProductId, Text(minimum=3, maximum=40, pattern="^[A-Z0-9-]+$", normalize=("upper",))
    ]
    quantity: Annotated[int, Integer(minimum=1, maximum=999)]


class RemoveOrderLineInput(Dto):
    """What `remove_line` needs to know."""

    model_config = example({"line_id": "01HZ0000000000000000000001"})

    line_id: Annotated[OrderLineId, UlidText()]


class ShipOrderInput(Dto):
    """What `ship` needs to know."""

    model_config = example({"carrier": "Carrier 1", "tracking_code": "Tracking code 1"})

    carrier: Annotated[str, Text(minimum=1, maximum=40)]
    tracking_code: Annotated[str, Text(minimum=1, maximum=64)]


class CancelOrderInput(Dto):
    """What `cancel` needs to know."""

    model_config = example({"reason": "Reason 1"})

    reason: Annotated[str, Text(minimum=1, maximum=500)]


class PaymentRead(Dto):
    """A payment."""

    id: Annotated[PaymentId, Text(maximum=30, pattern="pay_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    order_id: Annotated[OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    amount: MoneyDto
    provider: PaymentProvider
    provider_ref: Annotated[str, Text(minimum=1, maximum=120)] | None
    status: PaymentStatus
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    created_by: Annotated[str, Text(maximum=200)] | None
    updated_by: Annotated[str, Text(maximum=200)] | None
    version: Annotated[int, Integer()]


class RequestPaymentInput(Dto):
    """What `request` needs to know."""

    model_config = example(
        {
            "order_id": "ord_01HZ0000000000000000000001",
            "amount": {"amount": "10.0001", "currency": "USD"},
        }
    )

    order_id: Annotated[OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    amount: MoneyDto


class CapturePaymentInput(Dto):
    """What `capture` needs to know."""

    model_config = example({"provider_ref": "Provider ref 1"})

    provider_ref: Annotated[str, Text(minimum=1, maximum=120)]


class DeclinePaymentInput(Dto):
    """What `decline` needs to know."""

    model_config = example({"reason": "Reason 1"})

    reason: Annotated[str, Text(maximum=200)] | None = None


class OrderListRead(Dto):
    """Flattened view of current state."""

    id: Annotated[OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    customer_name: Annotated[str, Text(maximum=255)]
    line_count: Annotated[int, Integer()]
    status: OrderStatus
    total: MoneyDto


class OrderLinesExpansions(Dto):
    """What can be embedded in an order line; there when asked for."""

    product: ProductRead | None = None


class OrderLinesExpanded(OrderLineRead):
    """An order line with what `expand` asks for."""

    expanded: OrderLinesExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class OrderExpansions(Dto):
    """What can be embedded in an order; there when asked for."""

    customer: CustomerRead | None = None


class OrderExpanded(OrderRead):
    """An order with what `expand` asks for."""

    lines: tuple[OrderLinesExpanded, ...]
    expanded: OrderExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class OrderReadV1(Dto):
    """An order."""

    id: Annotated[OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    customer_id: Annotated[CustomerId, Text(maximum=30, pattern="cus_[0-7][0-9A-HJKMNP-TV-Z]{25}")]
    shipping_address: AddressDto | None
    total: MoneyDto
    placed_at: Annotated[dt.datetime, Moment()] | None
    carrier: Annotated[str, Text(minimum=1, maximum=40)] | None
    note: Annotated[str, Text(maximum=500)] | None = Field(
        json_schema_extra={"deprecated": True},
        description="Use order messages. Gone from 2027-06-30 on.",
    )
    status: OrderStatus
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    created_by: Annotated[str, Text(maximum=200)] | None
    updated_by: Annotated[str, Text(maximum=200)] | None
    version: Annotated[int, Integer()]
    lines: tuple[OrderLineRead, ...]


class OrderExpandedV1(OrderReadV1):
    """An order with what `expand` asks for."""

    lines: tuple[OrderLinesExpanded, ...]
    expanded: OrderExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )
