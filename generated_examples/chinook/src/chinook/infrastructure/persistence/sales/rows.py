# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Rows of the context sales, one class a table."""

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chinook.domain.catalog.value_objects import TrackId
from chinook.domain.sales.value_objects import CustomerId, EmployeeId, InvoiceId, InvoiceLineId
from chinook.infrastructure.persistence.session import Row
from chinook.support.core.formats import Email
from chinook.support.infrastructure.column_types import ScaledDecimal, UtcDateTime
from chinook.support.infrastructure.rows import VersionedRow


class EmployeeRow(VersionedRow, Row):
    """A row of the table employees."""

    __tablename__ = "employees"
    __table_args__ = (
        sa.CheckConstraint(
            'length("first_name") >= 1 AND length("first_name") <= 20',
            name="ck_employees_first_name_length",
        ),
        sa.CheckConstraint(
            'length("last_name") >= 1 AND length("last_name") <= 20',
            name="ck_employees_last_name_length",
        ),
        sa.CheckConstraint(
            'length("title") >= 1 AND length("title") <= 30', name="ck_employees_title_length"
        ),
        sa.CheckConstraint(
            'length("address_street") >= 1 AND length("address_street") <= 70',
            name="ck_employees_address_street_length",
        ),
        sa.CheckConstraint(
            'length("address_city") >= 1 AND length("address_city") <= 40',
            name="ck_employees_address_city_length",
        ),
        sa.CheckConstraint(
            'length("address_state") >= 1 AND length("address_state") <= 40',
            name="ck_employees_address_state_length",
        ),
        sa.CheckConstraint(
            'length("address_country") >= 1 AND length("address_country") <= 40',
            name="ck_employees_address_country_length",
        ),
        sa.CheckConstraint(
            ('length("address_postal_code") >= 1 AND length("address_postal_code") <= 10'),
            name="ck_employees_address_postal_code_length",
        ),
        sa.CheckConstraint(
            'length("phone") >= 1 AND length("phone") <= 24', name="ck_employees_phone_length"
        ),
        sa.CheckConstraint(
            'length("fax") >= 1 AND length("fax") <= 24', name="ck_employees_fax_length"
        ),
        sa.CheckConstraint('length("email") <= 254', name="ck_employees_email_length"),
        sa.CheckConstraint(
            sa.or_(
                sa.column("reports_to_id", sa.Integer()).is_(None),
                sa.column("reports_to_id", sa.Integer()) != sa.column("id", sa.Integer()),
            ),
            name="ck_employees_not_their_own_boss",
        ),
        sa.CheckConstraint(
            sa.or_(
                sa.column("birth_date", sa.Date()).is_(None),
                sa.column("hire_date", sa.Date()).is_(None),
                sa.column("birth_date", sa.Date()) < sa.column("hire_date", sa.Date()),
            ),
            name="ck_employees_hired_after_birth",
        ),
        sa.UniqueConstraint("email", name="uq_employees_email"),
        sa.Index("ix_employees_reports_to_id", "reports_to_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[EmployeeId] = mapped_column(sa.Integer(), primary_key=True)
    first_name: Mapped[str] = mapped_column(sa.String(20))
    last_name: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str | None] = mapped_column(sa.String(30))
    reports_to_id: Mapped[EmployeeId | None] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("employees.id", name="fk_employees_reports_to_id", ondelete="SET NULL"),
    )
    birth_date: Mapped[dt.date | None] = mapped_column(sa.Date())
    hire_date: Mapped[dt.date | None] = mapped_column(sa.Date())
    address_street: Mapped[str] = mapped_column(sa.String(70), info={"field": "address.street"})
    address_city: Mapped[str] = mapped_column(sa.String(40), info={"field": "address.city"})
    address_state: Mapped[str | None] = mapped_column(
        sa.String(40), info={"field": "address.state"}
    )
    address_country: Mapped[str] = mapped_column(sa.String(40), info={"field": "address.country"})
    address_postal_code: Mapped[str | None] = mapped_column(
        sa.String(10), info={"field": "address.postal_code"}
    )
    phone: Mapped[str | None] = mapped_column(sa.String(24))
    fax: Mapped[str | None] = mapped_column(sa.String(24))
    email: Mapped[Email | None] = mapped_column(sa.String(254))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class CustomerRow(VersionedRow, Row):
    """A row of the table customers."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.CheckConstraint(
            'length("first_name") >= 1 AND length("first_name") <= 40',
            name="ck_customers_first_name_length",
        ),
        sa.CheckConstraint(
            'length("last_name") >= 1 AND length("last_name") <= 20',
            name="ck_customers_last_name_length",
        ),
        sa.CheckConstraint(
            'length("company") >= 1 AND length("company") <= 80', name="ck_customers_company_length"
        ),
        sa.CheckConstraint(
            'length("address_street") >= 1 AND length("address_street") <= 70',
            name="ck_customers_address_street_length",
        ),
        sa.CheckConstraint(
            'length("address_city") >= 1 AND length("address_city") <= 40',
            name="ck_customers_address_city_length",
        ),
        sa.CheckConstraint(
            'length("address_state") >= 1 AND length("address_state") <= 40',
            name="ck_customers_address_state_length",
        ),
        sa.CheckConstraint(
            'length("address_country") >= 1 AND length("address_country") <= 40',
            name="ck_customers_address_country_length",
        ),
        sa.CheckConstraint(
            ('length("address_postal_code") >= 1 AND length("address_postal_code") <= 10'),
            name="ck_customers_address_postal_code_length",
        ),
        sa.CheckConstraint(
            'length("phone") >= 1 AND length("phone") <= 24', name="ck_customers_phone_length"
        ),
        sa.CheckConstraint(
            'length("fax") >= 1 AND length("fax") <= 24', name="ck_customers_fax_length"
        ),
        sa.CheckConstraint('length("email") <= 254', name="ck_customers_email_length"),
        sa.Index(
            "uq_customers_email",
            "email",
            unique=True,
            sqlite_where=sa.text("NOT is_deleted"),
            postgresql_where=sa.text("NOT is_deleted"),
        ),
        sa.Index("ix_customers_support_rep_id", "support_rep_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[CustomerId] = mapped_column(sa.Integer(), primary_key=True)
    first_name: Mapped[str] = mapped_column(sa.String(40))
    last_name: Mapped[str] = mapped_column(sa.String(20))
    company: Mapped[str | None] = mapped_column(sa.String(80))
    address_street: Mapped[str] = mapped_column(sa.String(70), info={"field": "address.street"})
    address_city: Mapped[str] = mapped_column(sa.String(40), info={"field": "address.city"})
    address_state: Mapped[str | None] = mapped_column(
        sa.String(40), info={"field": "address.state"}
    )
    address_country: Mapped[str] = mapped_column(sa.String(40), info={"field": "address.country"})
    address_postal_code: Mapped[str | None] = mapped_column(
        sa.String(10), info={"field": "address.postal_code"}
    )
    phone: Mapped[str | None] = mapped_column(sa.String(24))
    fax: Mapped[str | None] = mapped_column(sa.String(24))
    email: Mapped[Email] = mapped_column(sa.String(254))
    support_rep_id: Mapped[EmployeeId | None] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("employees.id", name="fk_customers_support_rep_id", ondelete="SET NULL"),
    )
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    is_deleted: Mapped[bool] = mapped_column(sa.Boolean())
    deleted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class InvoiceRow(VersionedRow, Row):
    """A row of the table invoices."""

    __tablename__ = "invoices"
    __table_args__ = (
        sa.CheckConstraint(
            ('length("billing_address_street") >= 1 AND length("billing_address_street") <= 70'),
            name="ck_invoices_billing_address_street_length",
        ),
        sa.CheckConstraint(
            ('length("billing_address_city") >= 1 AND length("billing_address_city") <= 40'),
            name="ck_invoices_billing_address_city_length",
        ),
        sa.CheckConstraint(
            ('length("billing_address_state") >= 1 AND length("billing_address_state") <= 40'),
            name="ck_invoices_billing_address_state_length",
        ),
        sa.CheckConstraint(
            ('length("billing_address_country") >= 1 AND length("billing_address_country") <= 40'),
            name="ck_invoices_billing_address_country_length",
        ),
        sa.CheckConstraint(
            (
                'length("billing_address_postal_code") >= 1 AND '
                'length("billing_address_postal_code") <= 10'
            ),
            name="ck_invoices_billing_address_postal_code_length",
        ),
        sa.Index("ix_invoices_customer_id", "customer_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[InvoiceId] = mapped_column(sa.Integer(), primary_key=True)
    customer_id: Mapped[CustomerId] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("customers.id", name="fk_invoices_customer_id", ondelete="RESTRICT"),
    )
    invoice_date: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    billing_address_street: Mapped[str] = mapped_column(
        sa.String(70), info={"field": "billing_address.street"}
    )
    billing_address_city: Mapped[str] = mapped_column(
        sa.String(40), info={"field": "billing_address.city"}
    )
    billing_address_state: Mapped[str | None] = mapped_column(
        sa.String(40), info={"field": "billing_address.state"}
    )
    billing_address_country: Mapped[str] = mapped_column(
        sa.String(40), info={"field": "billing_address.country"}
    )
    billing_address_postal_code: Mapped[str | None] = mapped_column(
        sa.String(10), info={"field": "billing_address.postal_code"}
    )
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    lines: Mapped[list["InvoiceLineRow"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by="InvoiceLineRow.position",
    )


class InvoiceLineRow(Row):
    """A row of the table invoice_lines."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        sa.CheckConstraint('"unit_price" >= 0', name="ck_invoice_lines_unit_price_range"),
        sa.CheckConstraint(
            '"quantity" >= 1 AND "quantity" <= 999', name="ck_invoice_lines_quantity_range"
        ),
        sa.Index("ix_invoice_lines_invoice_id", "invoice_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[InvoiceLineId] = mapped_column(sa.Integer(), primary_key=True)
    invoice_id: Mapped[InvoiceId] = mapped_column(
        sa.Integer(),
        sa.ForeignKey("invoices.id", name="fk_invoice_lines_invoice_id", ondelete="CASCADE"),
        info={"parent": True},
    )
    position: Mapped[int] = mapped_column(sa.Integer())
    track_id: Mapped[TrackId] = mapped_column(sa.Integer())
    unit_price: Mapped[Decimal] = mapped_column(ScaledDecimal(10, 2))
    quantity: Mapped[int] = mapped_column(sa.Integer())
