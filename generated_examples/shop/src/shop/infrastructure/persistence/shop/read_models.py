# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the resources of shop look like in JSON, and where it comes from."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from shop.application.shop.handlers import ShopReaders
from shop.application.shop.queries import (
    CATEGORIES,
    CUSTOMERS,
    ORDER_LISTS,
    ORDERS,
    PAYMENTS,
    PRODUCTS,
)
from shop.domain.shop.aggregates import Category, Product
from shop.domain.shop.value_objects import ProductId
from shop.infrastructure.persistence.shop.access import (
    CATEGORY_READING,
    CUSTOMER_READING,
    ORDER_LIST_READING,
    ORDER_READING,
    PAYMENT_READING,
    PRODUCT_READING,
)
from shop.infrastructure.persistence.shop.rows import (
    CATEGORY_CHANGES,
    CUSTOMER_CHANGES,
    CUSTOMER_PHONE_CIPHER,
    ORDER_CHANGES,
    ORDER_HISTORY,
    PAYMENT_CHANGES,
    PRODUCT_CHANGES,
    CategoryRow,
    CustomerRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    ProductCategoriesRow,
    ProductRow,
)
from shop.shared.localization import LOCALES
from shop.support.application.cached_reads import CachedReader, CachePolicy, MadeOf
from shop.support.core.languages import language_tag
from shop.support.core.protocols import CacheProvider
from shop.support.infrastructure.column_types import ScaledDecimal
from shop.support.infrastructure.localized_reading import LocalizedReadModel
from shop.support.infrastructure.read_audience import ReadAudience
from shop.support.infrastructure.read_model import (
    Children,
    Composite,
    Embedded,
    Identifiers,
    Opened,
    Path,
    ReadModel,
)
from shop.support.infrastructure.reader import SqlResourceReader
from shop.support.infrastructure.sql_expressions import multiply, over, whole

_categories = CategoryRow.__table__
_customers = CustomerRow.__table__
_products = ProductRow.__table__
_products_categories = ProductCategoriesRow.__table__
_order_lines = OrderLineRow.__table__
_orders = OrderRow.__table__
_payments = PaymentRow.__table__

CATEGORY_READ_MODEL: ReadModel = ReadModel(
    resource="category",
    table=_categories,
    key=(_categories.c.id,),
    outputs=(
        _categories.c.id,
        _categories.c.name,
        _categories.c.slug,
        _categories.c.parent_id,
        _categories.c.created_at,
        _categories.c.updated_at,
        _categories.c.created_by,
        _categories.c.updated_by,
        _categories.c.version,
    ),
    access=CATEGORY_READING,
    changes=CATEGORY_CHANGES,
    version=_categories.c.version,
)
CUSTOMER_READ_MODEL: ReadModel = ReadModel(
    resource="customer",
    table=_customers,
    key=(_customers.c.id,),
    outputs=(
        _customers.c.id,
        _customers.c.email,
        _customers.c.name,
        Opened(
            name="phone",
            column=_customers.c.phone,
            key=(_customers.c.id,),
            open=CUSTOMER_PHONE_CIPHER.shown,
        ),
        _customers.c.shipping_address,
        _customers.c.loyalty_points,
        _customers.c.created_at,
        _customers.c.updated_at,
        _customers.c.created_by,
        _customers.c.updated_by,
        _customers.c.version,
    ),
    search=(_customers.c.email, _customers.c.name),
    live=_customers.c.is_deleted.is_(sa.false()),
    access=CUSTOMER_READING,
    changes=CUSTOMER_CHANGES,
    version=_customers.c.version,
)
PRODUCT_READ_MODEL: ReadModel = LocalizedReadModel(
    resource="product",
    table=_products,
    key=(_products.c.sku,),
    outputs=(
        _products.c.sku,
        _products.c.name,
        _products.c.description,
        Composite(
            name="price",
            parts=(
                _products.c.price_amount.label("amount"),
                _products.c.price_currency.label("currency"),
            ),
        ),
        _products.c.stock,
        _products.c.reserved,
        sa.type_coerce(whole(_products.c.stock) - _products.c.reserved, sa.BigInteger()).label(
            "available"
        ),
        _products.c.status,
        _products.c.image,
        _products.c.created_at,
        _products.c.updated_at,
        _products.c.created_by,
        _products.c.updated_by,
        _products.c.version,
    ),
    collections=(
        Identifiers(
            name="categories",
            owner=_products_categories.c.product_id,
            target=_products_categories.c.category_id,
        ),
    ),
    paths={
        "categories.slug": Path(
            column=_categories.c.slug,
            joins=(
                _products_categories.c.product_id == _products.c.sku,
                _products_categories.c.category_id == _categories.c.id,
            ),
            to_one=False,
            access=(CATEGORY_READING,),
        )
    },
    search=(_products.c.name,),
    access=PRODUCT_READING,
    changes=PRODUCT_CHANGES,
    version=_products.c.version,
    locales=LOCALES,
)
ORDER_LINE_READ_MODEL: ReadModel = ReadModel(
    resource="order line",
    table=_order_lines,
    key=(_order_lines.c.id,),
    outputs=(
        _order_lines.c.id,
        _order_lines.c.product_id,
        _order_lines.c.quantity,
        Composite(
            name="unit_price",
            parts=(
                _order_lines.c.unit_price_amount.label("amount"),
                _order_lines.c.unit_price_currency.label("currency"),
            ),
        ),
        Composite(
            name="amount",
            parts=(
                sa.type_coerce(
                    multiply(_order_lines.c.unit_price_amount, _order_lines.c.quantity, scale=4),
                    ScaledDecimal(19, 4),
                ).label("amount"),
                sa.type_coerce(_order_lines.c.unit_price_currency, sa.String(3)).label("currency"),
            ),
        ),
    ),
    expansions={
        "product": Embedded(
            model=lambda: PRODUCT_READ_MODEL, local=_order_lines.c.product_id, match=_products.c.sku
        )
    },
)
ORDER_READ_MODEL: ReadModel = ReadModel(
    resource="order",
    table=_orders,
    key=(_orders.c.id,),
    outputs=(
        _orders.c.id,
        _orders.c.customer_id,
        _orders.c.shipping_address,
        Composite(
            name="total",
            parts=(
                _orders.c.total_amount.label("amount"),
                _orders.c.total_currency.label("currency"),
            ),
        ),
        _orders.c.placed_at,
        _orders.c.carrier,
        _orders.c.tracking_code,
        _orders.c.note,
        _orders.c.status,
        _orders.c.created_at,
        _orders.c.updated_at,
        _orders.c.created_by,
        _orders.c.updated_by,
        _orders.c.version,
    ),
    collections=(
        Children(
            name="lines",
            model=ORDER_LINE_READ_MODEL,
            parent=_order_lines.c.order_id,
            order_by=(_order_lines.c.position,),
        ),
    ),
    expansions={
        "customer": Embedded(
            model=lambda: CUSTOMER_READ_MODEL, local=_orders.c.customer_id, match=_customers.c.id
        )
    },
    access=ORDER_READING,
    history=ORDER_HISTORY,
    changes=ORDER_CHANGES,
    version=_orders.c.version,
)
PAYMENT_READ_MODEL: ReadModel = ReadModel(
    resource="payment",
    table=_payments,
    key=(_payments.c.id,),
    outputs=(
        _payments.c.id,
        _payments.c.order_id,
        Composite(
            name="amount",
            parts=(
                _payments.c.amount_amount.label("amount"),
                _payments.c.amount_currency.label("currency"),
            ),
        ),
        _payments.c.provider,
        _payments.c.provider_ref,
        _payments.c.status,
        _payments.c.created_at,
        _payments.c.updated_at,
        _payments.c.created_by,
        _payments.c.updated_by,
        _payments.c.version,
    ),
    access=PAYMENT_READING,
    changes=PAYMENT_CHANGES,
    version=_payments.c.version,
)
ORDER_LIST_READ_MODEL: ReadModel = ReadModel(
    resource="order list",
    table=_orders,
    key=(_orders.c.id,),
    outputs=(
        _orders.c.id,
        over(
            _customers,
            lambda row_1: (
                sa.select(row_1.c.name)
                .select_from(row_1)
                .where(row_1.c.id == _orders.c.customer_id)
                .correlate_except(row_1)
                .scalar_subquery()
            ),
        ).label("customer_name"),
        over(
            _order_lines,
            lambda row_1: (
                sa.select(sa.func.count())
                .select_from(row_1)
                .where(row_1.c.order_id == _orders.c.id)
                .correlate_except(row_1)
                .scalar_subquery()
            ),
        ).label("line_count"),
        _orders.c.status,
        Composite(
            name="total",
            parts=(
                _orders.c.total_amount.label("amount"),
                _orders.c.total_currency.label("currency"),
            ),
        ),
    ),
    access=ORDER_LIST_READING,
)


def shop_readers(engine: AsyncEngine, cache: CacheProvider) -> ShopReaders:
    """Return the readers of the context."""
    return ShopReaders(
        categories=SqlResourceReader(engine, CATEGORY_READ_MODEL, CATEGORIES.paging),
        customers=SqlResourceReader(engine, CUSTOMER_READ_MODEL, CUSTOMERS.paging),
        products=CachedReader[ProductId](
            SqlResourceReader(engine, PRODUCT_READ_MODEL, PRODUCTS.paging),
            cache,
            name="shop.Product",
            audience=ReadAudience(PRODUCT_READ_MODEL),
            made_of=MadeOf(root=Product, others=(Category,)),
            policy=CachePolicy(ttl=timedelta(seconds=300), tags=("catalogue",), coalesce=True),
            language=language_tag,
        ),
        orders=SqlResourceReader(engine, ORDER_READ_MODEL, ORDERS.paging),
        payments=SqlResourceReader(engine, PAYMENT_READ_MODEL, PAYMENTS.paging),
        order_lists=SqlResourceReader(engine, ORDER_LIST_READ_MODEL, ORDER_LISTS.paging),
    )
