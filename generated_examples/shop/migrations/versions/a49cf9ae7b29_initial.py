# Written by apigen from apigen.yaml. Yours from now on: regenerate writes the next one.
"""Make all tables.

Revision ID: a49cf9ae7b29
Revises: nothing
"""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from shop.support.infrastructure.column_types import Json, ScaledDecimal, UlidString, UtcDateTime
from shop.support.infrastructure.localized_columns import LocalizedTexts

revision = "a49cf9ae7b29"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=True),
        sa.Column("updated_by", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_categories"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["categories.id"], name="fk_categories_parent_id", ondelete="RESTRICT"
        ),
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
    )
    op.create_index("ix_categories_parent_id", "categories", ["parent_id"])
    op.create_table(
        "customers",
        sa.Column("id", sa.String(30), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("shipping_address", Json(nullable=True), nullable=True),
        sa.Column("loyalty_points", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=True),
        sa.Column("updated_by", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.CheckConstraint(
            'length("user_id") >= 1 AND length("user_id") <= 64', name="ck_customers_user_id_length"
        ),
        sa.CheckConstraint('length("email") <= 254', name="ck_customers_email_length"),
        sa.CheckConstraint(
            'length("name") >= 1 AND length("name") <= 120', name="ck_customers_name_length"
        ),
        sa.CheckConstraint('"loyalty_points" >= 0', name="ck_customers_loyalty_points_range"),
    )
    op.create_index(
        "uq_customers_user_id",
        "customers",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("NOT is_deleted"),
        postgresql_where=sa.text("NOT is_deleted"),
    )
    op.create_index(
        "uq_customers_email",
        "customers",
        ["email"],
        unique=True,
        sqlite_where=sa.text("NOT is_deleted"),
        postgresql_where=sa.text("NOT is_deleted"),
    )
    op.create_index("ix_customers_deleted_at", "customers", ["deleted_at"])
    op.create_table(
        "products",
        sa.Column("sku", sa.String(40), autoincrement=False, nullable=False),
        sa.Column("name", LocalizedTexts("en"), nullable=False),
        sa.Column("description", LocalizedTexts("en"), nullable=True),
        sa.Column("price_amount", ScaledDecimal(19, 4), nullable=False),
        sa.Column("price_currency", sa.String(3), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(7), nullable=False),
        sa.Column("image", Json(nullable=True), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=True),
        sa.Column("updated_by", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sku", name="pk_products"),
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
    )
    op.create_index(
        "ix_products_active_by_name_en",
        "products",
        [sa.text("(\"name\" ->> 'en')")],
        sqlite_where=sa.column("status", sa.String(7)) == sa.literal("active", sa.String()),
        postgresql_where=sa.column("status", sa.String(7)) == sa.literal("active", sa.String()),
    )
    op.create_index("ix_products_status", "products", ["status"])
    op.create_table(
        "orders",
        sa.Column("id", sa.String(30), autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.String(30), nullable=False),
        sa.Column("shipping_address", Json(nullable=True), nullable=True),
        sa.Column("total_amount", ScaledDecimal(19, 4), nullable=False),
        sa.Column("total_currency", sa.String(3), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=True),
        sa.Column("carrier", sa.String(40), nullable=True),
        sa.Column("tracking_code", sa.String(64), nullable=True),
        sa.Column("note", sa.String(500), nullable=True),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=True),
        sa.Column("updated_by", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_orders_customer_id", ondelete="RESTRICT"
        ),
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
    )
    op.create_index("ix_orders_customer_id", "orders", ["customer_id"])
    op.create_table(
        "products_categories",
        sa.Column("product_id", sa.String(40), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("product_id", "category_id", name="pk_products_categories"),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.sku"],
            name="fk_products_categories_product_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name="fk_products_categories_category_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_products_categories_category_id", "products_categories", ["category_id"])
    op.create_table(
        "order_lines",
        sa.Column("id", UlidString(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.String(30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_amount", ScaledDecimal(19, 4), nullable=False),
        sa.Column("unit_price_currency", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_lines"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_lines_order_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.sku"], name="fk_order_lines_product_id", ondelete="RESTRICT"
        ),
        sa.CheckConstraint(
            '"quantity" >= 1 AND "quantity" <= 999', name="ck_order_lines_quantity_range"
        ),
        sa.CheckConstraint(
            'length("unit_price_currency") <= 3', name="ck_order_lines_unit_price_currency_length"
        ),
        sa.UniqueConstraint("order_id", "product_id", name="uq_order_lines_product_id"),
    )
    op.create_index("ix_order_lines_product_id", "order_lines", ["product_id"])
    op.create_table(
        "payments",
        sa.Column("id", sa.String(30), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.String(30), nullable=False),
        sa.Column("amount_amount", ScaledDecimal(19, 4), nullable=False),
        sa.Column("amount_currency", sa.String(3), nullable=False),
        sa.Column("provider", sa.String(7), nullable=False),
        sa.Column("provider_ref", sa.String(120), nullable=True),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=True),
        sa.Column("updated_by", sa.String(200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_payments_order_id", ondelete="RESTRICT"
        ),
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
    )
    op.create_index("ix_payments_order_id", "payments", ["order_id"])
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(200), nullable=False),
        sa.Column("consumer", sa.String(200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("dead_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_events"),
    )
    op.create_index("ix_outbox_events_due_at", "outbox_events", ["due_at"])
    op.create_index("ix_outbox_events_published_at", "outbox_events", ["published_at"])
    op.create_table(
        "processed_messages",
        sa.Column("consumer", sa.String(200), autoincrement=False, nullable=False),
        sa.Column("message_key", sa.String(200), autoincrement=False, nullable=False),
        sa.Column("processed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "message_key", name="pk_processed_messages"),
    )
    op.create_index("ix_processed_messages_processed_at", "processed_messages", ["processed_at"])
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.String(64), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(255), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=False),
        sa.Column("committed_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])
    op.create_table(
        "background_tasks",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("queue", sa.String(200), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.String(200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("rank_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("scheduled_for", UtcDateTime(), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=True),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("progress_message", sa.Text(), nullable=True),
        sa.Column("error_code", sa.String(200), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("trace_parent", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_background_tasks"),
        sa.UniqueConstraint("name", "unique_key", name="uq_background_tasks_unique_key"),
    )
    op.create_index("ix_background_tasks_due_at", "background_tasks", ["due_at"])
    op.create_index("ix_background_tasks_finished_at", "background_tasks", ["finished_at"])
    op.create_table(
        "task_schedules",
        sa.Column("name", sa.String(200), autoincrement=False, nullable=False),
        sa.Column("schedule", sa.String(200), autoincrement=False, nullable=False),
        sa.Column("next_due_at", UtcDateTime(), nullable=False),
        sa.Column("last_due_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", "schedule", name="pk_task_schedules"),
    )
    op.create_table(
        "orders_history",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(30), nullable=False),
        sa.Column("from_state", sa.String(64), nullable=True),
        sa.Column("to_state", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders_history"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["orders.id"], name="fk_orders_history_owner", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_orders_history_owner", "orders_history", ["owner_id"])
    op.create_table(
        "categories_changes",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("changes", Json(nullable=False), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_categories_changes"),
    )
    op.create_index("ix_categories_changes_owner", "categories_changes", ["owner_id"])
    op.create_table(
        "customers_changes",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(30), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("changes", Json(nullable=False), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers_changes"),
    )
    op.create_index("ix_customers_changes_owner", "customers_changes", ["owner_id"])
    op.create_table(
        "products_changes",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("owner_sku", sa.String(40), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("changes", Json(nullable=False), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_products_changes"),
    )
    op.create_index("ix_products_changes_owner", "products_changes", ["owner_sku"])
    op.create_table(
        "orders_changes",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(30), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("changes", Json(nullable=False), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders_changes"),
    )
    op.create_index("ix_orders_changes_owner", "orders_changes", ["owner_id"])
    op.create_table(
        "payments_changes",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.String(30), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("changes", Json(nullable=False), nullable=False),
        sa.Column("actor_id", sa.String(200), nullable=True),
        sa.Column("correlation_id", sa.String(200), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_payments_changes"),
    )
    op.create_index("ix_payments_changes_owner", "payments_changes", ["owner_id"])


def downgrade() -> None:
    """Drop the tables, in the opposite order."""
    op.drop_table("payments_changes")
    op.drop_table("orders_changes")
    op.drop_table("products_changes")
    op.drop_table("customers_changes")
    op.drop_table("categories_changes")
    op.drop_table("orders_history")
    op.drop_table("task_schedules")
    op.drop_table("background_tasks")
    op.drop_table("idempotency_keys")
    op.drop_table("processed_messages")
    op.drop_table("outbox_events")
    op.drop_table("payments")
    op.drop_table("order_lines")
    op.drop_table("products_categories")
    op.drop_table("orders")
    op.drop_table("products")
    op.drop_table("customers")
    op.drop_table("categories")
