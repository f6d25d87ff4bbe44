# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Rows of the context shop, one class a table."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.domain.shop.value_objects import (
    Address,
    CategoryId,
    CustomerId,
    FileRef,
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
from shop.infrastructure.persistence.session import Row
from shop.support.core.formats import Currency, Email, Phone, Slug
from shop.support.domain.localized import Localized
from shop.support.infrastructure.changes import changes_table
from shop.support.infrastructure.column_types import (
    EnumText,
    JsonOf,
    ScaledDecimal,
    UlidString,
    UtcDateTime,
)
from shop.support.infrastructure.encrypted_columns import Ciphertext
from shop.support.infrastructure.field_encryption import EncryptedField, Sealed
from shop.support.infrastructure.history import history_table
from shop.support.infrastructure.localized_columns import LocalizedTexts
from shop.support.infrastructure.rows import VersionedRow

CUSTOMER_PHONE_CIPHER = EncryptedField[Phone](name="bicou6o3zc", column="customers.phone", kind=str)


class CategoryRow(VersionedRow, Row):
    """A row of the table categories."""

    __tablename__ = "categories"
    __table_args__ = (
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 80', name="ck_categories_name_length"
        ),
        sa.CheckConstraint('length("slug") <= 100', name="ck_categories_slug_length"),
        sa.CheckConstraint(
            sa.or_(
                sa.column("parent_id", sa.Uuid()).is_(None),
                sa.column("parent_id", sa.Uuid()) != sa.column("id", sa.Uuid()),
            ),
            name="ck_categories_not_its_own_parent",
        ),
        sa.UniqueConstraint("name", name="uq_categories_name"),
        sa.UniqueConstraint("slug", name="uq_categories_slug"),
        sa.Index("ix_categories_parent_id", "parent_id"),
    )

    id: Mapped[CategoryId] = mapped_column(sa.Uuid(), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(80))
    slug: Mapped[Slug] = mapped_column(sa.String(100))
    parent_id: Mapped[CategoryId | None] = mapped_column(
        sa.Uuid(),
        sa.ForeignKey("categories.id", name="fk_categories_parent_id", ondelete="RESTRICT"),
    )
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str | None] = mapped_column(sa.String(200))
    updated_by: Mapped[str | None] = mapped_column(sa.String(200))


class CustomerRow(VersionedRow, Row):
    """A row of the table customers."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.CheckConstraint(
            'length("user_id") >= 1 AND length("user_id") <= 64', name="ck_customers_user_id_length"
        ),
        sa.CheckConstraint('length("email") <= 254', name="ck_customers_email_length"),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_customers_name_length"
        ),
        sa.CheckConstraint('"loyalty_points" >= 0', name="ck_customers_loyalty_points_range"),
        sa.Index(
            "uq_customers_user_id",
            "user_id",
            unique=True,
            sqlite_where=sa.text("NOT is_deleted"),
            postgresql_where=sa.text("NOT is_deleted"),
        ),
        sa.Index(
            "uq_customers_email",
            "email",
            unique=True,
            sqlite_where=sa.text("NOT is_deleted"),
            postgresql_where=sa.text("NOT is_deleted"),
        ),
        sa.Index("ix_customers_deleted_at", "deleted_at"),
    )

    id: Mapped[CustomerId] = mapped_column(sa.String(30), primary_key=True, autoincrement=False)
    user_id: Mapped[str] = mapped_column(sa.String(64))
    email: Mapped[Email] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[Sealed[Phone] | None] = mapped_column(Ciphertext(CUSTOMER_PHONE_CIPHER))
    shipping_address: Mapped[Address | None] = mapped_column(JsonOf(Address))
    loyalty_points: Mapped[int] = mapped_column(sa.Integer())
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str | None] = mapped_column(sa.String(200))
    updated_by: Mapped[str | None] = mapped_column(sa.String(200))
    is_deleted: Mapped[bool] = mapped_column(sa.Boolean())
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class ProductRow(VersionedRow, Row):
    """A row of the table products."""

    __tablename__ = "products"
    __table_args__ = (
        sa.CheckConstraint(
            'length("sku") >= 3 AND length("sku") <= 40', name="ck_products_sku_length"
        ),
        sa.CheckConstraint(
            (
                "(\"name\" ->> 'en') IS NOT NULL AND length((\"name\" ->> 'en')) >= 1 "
                "AND length((\"name\" ->> 'en')) <= 200"
            ),
            name="ck_products_name_text",
        ),
        sa.CheckConstraint(
            '"description" IS NULL OR (("description" ->> \'en\') IS NOT NULL)',
            name="ck_products_description_text",
        ),
        sa.CheckConstraint(
            'length("price_currency") <= 3', name="ck_products_price_currency_length"
        ),
        sa.CheckConstraint('"stock" >= 0', name="ck_products_stock_range"),
        sa.CheckConstraint('"reserved" >= 0', name="ck_products_reserved_range"),
        sa.CheckConstraint(
            sa.column("status").in_(["draft", "active", "retired"]),
            name="ck_products_status_values",
        ),
        sa.CheckConstraint(
            sa.column("reserved", sa.Integer()) <= sa.column("stock", sa.Integer()),
            name="ck_products_reserved_within_stock",
        ),
        sa.CheckConstraint(
            sa.column("price_amount", ScaledDecimal(19, 4))
            >= sa.literal(Decimal(0), ScaledDecimal(38, 4)),
            name="ck_products_price_not_negative",
        ),
        sa.Index(
            "ix_products_active_by_name_en",
            sa.text("(\"name\" ->> 'en')"),
            sqlite_where=sa.column("status", sa.String(7)) == sa.literal("active", sa.String()),
            postgresql_where=sa.column("status", sa.String(7)) == sa.literal("active", sa.String()),
        ),
        sa.Index("ix_products_status", "status"),
    )

    sku: Mapped[Sku] = mapped_column(sa.String(40), primary_key=True, autoincrement=False)
    name: Mapped[Localized[str]] = mapped_column(LocalizedTexts("en"))
    description: Mapped[Localized[str] | None] = mapped_column(LocalizedTexts("en"))
    price_amount: Mapped[Decimal] = mapped_column(
        ScaledDecimal(19, 4), info={"field": "price.amount"}
    )
    price_currency: Mapped[Currency] = mapped_column(sa.String(3), info={"field": "price.currency"})
    stock: Mapped[int] = mapped_column(sa.Integer())
    reserved: Mapped[int] = mapped_column(sa.Integer())
    status: Mapped[ProductStatus] = mapped_column(EnumText(ProductStatus))
    image: Mapped[FileRef | None] = mapped_column(JsonOf(FileRef))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str | None] = mapped_column(sa.String(200))
    updated_by: Mapped[str | None] = mapped_column(sa.String(200))
    categories: Mapped[list["ProductCategoriesRow"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by="ProductCategoriesRow.category_id",
    )


class OrderRow(VersionedRow, Row):
    """A row of the table orders."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint('length("total_currency") <= 3', name="ck_orders_total_currency_length"),
        sa.CheckConstraint(
            'length("carrier") >= 1 AND length("carrier") <= 40', name="ck_orders_carrier_length"
        ),
        sa.CheckConstraint(
            'length("tracking_code") >= 1 AND length("tracking_code") <= 64',
            name="ck_orders_tracking_code_length",
        ),
        sa.CheckConstraint('length("note") <= 500', name="ck_orders_note_length"),
        sa.CheckConstraint(
            sa.column("status").in_(
                ["draft", "placed", "paid", "shipped", "delivered", "cancelled", "refunded"]
            ),
            name="ck_orders_status_values",
        ),
        sa.Index("ix_orders_customer_id", "customer_id"),
    )

    id: Mapped[OrderId] = mapped_column(sa.String(30), primary_key=True, autoincrement=False)
    customer_id: Mapped[CustomerId] = mapped_column(
        sa.String(30),
        sa.ForeignKey("customers.id", name="fk_orders_customer_id", ondelete="RESTRICT"),
    )
    shipping_address: Mapped[Address | None] = mapped_column(JsonOf(Address))
    total_amount: Mapped[Decimal] = mapped_column(
        ScaledDecimal(19, 4), info={"field": "total.amount"}
    )
    total_currency: Mapped[Currency] = mapped_column(sa.String(3), info={"field": "total.currency"})
    placed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    carrier: Mapped[str | None] = mapped_column(sa.String(40))
    tracking_code: Mapped[str | None] = mapped_column(sa.String(64))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    status: Mapped[OrderStatus] = mapped_column(EnumText(OrderStatus))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str | None] = mapped_column(sa.String(200))
    updated_by: Mapped[str | None] = mapped_column(sa.String(200))
    lines: Mapped[list["OrderLineRow"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by="OrderLineRow.position",
    )


class ProductCategoriesRow(Row):
    """A row of the table products_categories."""

    __tablename__ = "products_categories"
    __table_args__ = (sa.Index("ix_products_categories_category_id", "category_id"),)

    product_id: Mapped[ProductId] = mapped_column(
        sa.String(40),
        sa.ForeignKey("products.sku", name="fk_products_categories_product_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        info={"parent": True},
    )
    category_id: Mapped[CategoryId] = mapped_column(
        sa.Uuid(),
        sa.ForeignKey(
            "categories.id", name="fk_products_categories_category_id", ondelete="CASCADE"
        ),
        primary_key=True,
        autoincrement=False,
        info={"field": "categories"},
    )


class OrderLineRow(Row):
    """A row of the table order_lines."""

    __tablename__ = "order_lines"
    __table_args__ = (
        sa.CheckConstraint(
            '"quantity" >= 1 AND "quantity" <= 999', name="ck_order_lines_quantity_range"
        ),
        sa.CheckConstraint(
            'length("unit_price_currency") <= 3', name="ck_order_lines_unit_price_currency_length"
        ),
        sa.UniqueConstraint("order_id", "product_id", name="uq_order_lines_product_id"),
        sa.Index("ix_order_lines_product_id", "product_id"),
    )

    id: Mapped[OrderLineId] = mapped_column(UlidString(), primary_key=True, autoincrement=False)
    order_id: Mapped[OrderId] = mapped_column(
        sa.String(30),
        sa.ForeignKey("orders.id", name="fk_order_lines_order_id", ondelete="CASCADE"),
        info={"parent": True},
    )
    position: Mapped[int] = mapped_column(sa.Integer())
    product_id: Mapped[ProductId] = mapped_column(
        sa.String(40),
        sa.ForeignKey("products.sku", name="fk_order_lines_product_id", ondelete="RESTRICT"),
    )
    quantity: Mapped[int] = mapped_column(sa.Integer())
    unit_price_amount: Mapped[Decimal] = mapped_column(
        ScaledDecimal(19, 4), info={"field": "unit_price.amount"}
    )
    unit_price_currency: Mapped[Currency] = mapped_column(
        sa.String(3), info={"field": "unit_price.currency"}
    )


class PaymentRow(VersionedRow, Row):
    """A row of the table payments."""

    __tablename__ = "payments"
    __table_args__ = (
        sa.CheckConstraint(
            'length("amount_currency") <= 3', name="ck_payments_amount_currency_length"
        ),
        sa.CheckConstraint(
            sa.column("provider").in_(["stripe", "invoice"]), name="ck_payments_provider_values"
        ),
        sa.CheckConstraint(
            'length("provider_ref") >= 1 AND length("provider_ref") <= 120',
            name="ck_payments_provider_ref_length",
        ),
        sa.CheckConstraint(
            sa.column("status").in_(["requested", "captured", "declined", "refunded"]),
            name="ck_payments_status_values",
        ),
        sa.UniqueConstraint("provider_ref", name="uq_payments_provider_ref"),
        sa.Index("ix_payments_order_id", "order_id"),
    )

    id: Mapped[PaymentId] = mapped_column(sa.String(30), primary_key=True, autoincrement=False)
    order_id: Mapped[OrderId] = mapped_column(
        sa.String(30), sa.ForeignKey("orders.id", name="fk_payments_order_id", ondelete="RESTRICT")
    )
    amount_amount: Mapped[Decimal] = mapped_column(
        ScaledDecimal(19, 4), info={"field": "amount.amount"}
    )
    amount_currency: Mapped[Currency] = mapped_column(
        sa.String(3), info={"field": "amount.currency"}
    )
    provider: Mapped[PaymentProvider] = mapped_column(EnumText(PaymentProvider))
    provider_ref: Mapped[str | None] = mapped_column(sa.String(120))
    status: Mapped[PaymentStatus] = mapped_column(EnumText(PaymentStatus))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str | None] = mapped_column(sa.String(200))
    updated_by: Mapped[str | None] = mapped_column(sa.String(200))


CATEGORY_CHANGES = changes_table(CategoryRow.metadata.tables["categories"])

CUSTOMER_CHANGES = changes_table(CustomerRow.metadata.tables["customers"])

PRODUCT_CHANGES = changes_table(ProductRow.metadata.tables["products"])

ORDER_HISTORY = history_table(OrderRow.metadata.tables["orders"])

ORDER_CHANGES = changes_table(OrderRow.metadata.tables["orders"])

PAYMENT_CHANGES = changes_table(PaymentRow.metadata.tables["payments"])
