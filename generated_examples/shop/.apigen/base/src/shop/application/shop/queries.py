# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What clients may ask the lists of shop for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from shop.domain.shop.value_objects import (
    OrderStatus,
    PaymentProvider,
    PaymentStatus,
    ProductStatus,
)
from shop.shared.localization import LOCALES
from shop.support.application.filter_types import (
    CHOICE,
    DECIMAL,
    EXACT,
    INTEGER,
    MOMENT,
    RANGE,
    SHORT_TEXT,
    TEXT,
    UUID_TEXT,
    member_of,
    operators,
)
from shop.support.application.queries import (
    PageQuery,
    PageStyle,
    Paging,
    ResourceQuery,
    filtered,
    listed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOrders(PageQuery):
    """Paid orders not shipped for a number of days."""

    cache_ttl: ClassVar[timedelta | None] = timedelta(seconds=30)

    days: int = 2


CATEGORIES = ResourceQuery(
    resource="category",
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
    fields=(
        listed("id", type=UUID_TEXT, ops=EXACT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        listed("slug", type=TEXT, ops=SHORT_TEXT),
        filtered("parent_id", type=UUID_TEXT, ops=EXACT, nullable=True),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("created_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("updated_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
    ),
)
"""Lists of categories."""

CUSTOMERS = ResourceQuery(
    resource="customer",
    search=True,
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
    fields=(
        listed("id", type=TEXT, ops=EXACT),
        listed("loyalty_points", type=INTEGER, ops=RANGE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("created_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("updated_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("name", type=TEXT),
    ),
)
"""Lists of customers."""

PRODUCTS = ResourceQuery(
    resource="product",
    search=True,
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
    languages=LOCALES.offered,
    fields=(
        listed("sku", type=TEXT, ops=SHORT_TEXT),
        listed("name", type=TEXT, ops=SHORT_TEXT),
        listed("stock", type=INTEGER, ops=RANGE),
        listed("reserved", type=INTEGER, ops=RANGE),
        listed("status", type=member_of(ProductStatus), ops=CHOICE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("created_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("updated_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        filtered("price", "amount", type=DECIMAL, ops=operators("lte", "gte")),
        filtered("categories", "slug", type=TEXT, ops=EXACT),
    ),
)
"""Lists of products."""

ORDERS = ResourceQuery(
    resource="order",
    expand=(("customer",), ("lines", "product")),
    paging=Paging(style=PageStyle.CURSOR, size=20, max_size=100),
    languages=LOCALES.offered,
    fields=(
        listed("id", type=TEXT, ops=EXACT),
        filtered("customer_id", type=TEXT, ops=EXACT),
        listed("placed_at", type=MOMENT, ops=RANGE, nullable=True),
        listed("carrier", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("tracking_code", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("status", type=member_of(OrderStatus), ops=CHOICE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("created_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("updated_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("total", "amount", type=DECIMAL),
    ),
)
"""Lists of orders."""

PAYMENTS = ResourceQuery(
    resource="payment",
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
    fields=(
        listed("id", type=TEXT, ops=EXACT),
        filtered("order_id", type=TEXT, ops=EXACT),
        listed("provider", type=member_of(PaymentProvider), ops=CHOICE),
        listed("provider_ref", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("status", type=member_of(PaymentStatus), ops=CHOICE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("created_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("updated_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
    ),
)
"""Lists of payments."""

ORDER_LISTS = ResourceQuery(
    resource="order list",
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
    fields=(
        filtered("id", type=TEXT, ops=EXACT),
        listed("customer_name", type=TEXT, ops=SHORT_TEXT),
        listed("line_count", type=INTEGER, ops=RANGE),
        listed("status", type=member_of(OrderStatus), ops=CHOICE),
    ),
)
"""Lists of order lists."""

ORDERS_V1 = ResourceQuery(
    resource="order",
    expand=(("customer",), ("lines", "product")),
    paging=Paging(style=PageStyle.CURSOR, size=20, max_size=100),
    languages=LOCALES.offered,
    hidden=(("tracking_code",),),
    fields=(
        listed("id", type=TEXT, ops=EXACT),
        filtered("customer_id", type=TEXT, ops=EXACT),
        listed("placed_at", type=MOMENT, ops=RANGE, nullable=True),
        listed("carrier", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("status", type=member_of(OrderStatus), ops=CHOICE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("created_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("updated_by", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("total", "amount", type=DECIMAL),
    ),
)
"""Lists of orders in version v1."""
