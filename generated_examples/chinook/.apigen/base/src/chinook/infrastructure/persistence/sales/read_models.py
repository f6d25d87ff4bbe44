# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the resources of sales look like in JSON, and where it comes from."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from chinook.application.sales.handlers import SalesReaders
from chinook.application.sales.queries import CUSTOMERS, EMPLOYEES, INVOICES
from chinook.infrastructure.persistence.sales.rows import (
    CustomerRow,
    EmployeeRow,
    InvoiceLineRow,
    InvoiceRow,
)
from chinook.support.infrastructure.column_types import ScaledDecimal
from chinook.support.infrastructure.read_model import Children, Composite, Embedded, Path, ReadModel
from chinook.support.infrastructure.reader import SqlResourceReader
from chinook.support.infrastructure.sql_expressions import as_decimal, multiply, over

_employees = EmployeeRow.__table__
_customers = CustomerRow.__table__
_invoices = InvoiceRow.__table__
_invoice_lines = InvoiceLineRow.__table__

EMPLOYEE_READ_MODEL: ReadModel = ReadModel(
    resource="employee",
    table=_employees,
    key=(_employees.c.id,),
    outputs=(
        _employees.c.id,
        _employees.c.first_name,
        _employees.c.last_name,
        _employees.c.title,
        _employees.c.reports_to_id,
        _employees.c.birth_date,
        _employees.c.hire_date,
        Composite(
            name="address",
            parts=(
                _employees.c.address_street.label("street"),
                _employees.c.address_city.label("city"),
                _employees.c.address_state.label("state"),
                _employees.c.address_country.label("country"),
                _employees.c.address_postal_code.label("postal_code"),
            ),
        ),
        _employees.c.phone,
        _employees.c.fax,
        _employees.c.email,
        _employees.c.created_at,
        _employees.c.updated_at,
        _employees.c.version,
    ),
    expansions={
        "reports": Embedded(
            model=lambda: EMPLOYEE_READ_MODEL,
            local=_employees.c.id,
            match=_employees.c.reports_to_id,
            many=True,
        ),
        "reports_to": Embedded(
            model=lambda: EMPLOYEE_READ_MODEL,
            local=_employees.c.reports_to_id,
            match=_employees.c.id,
        ),
    },
    search=(_employees.c.first_name, _employees.c.last_name),
    version=_employees.c.version,
)
CUSTOMER_READ_MODEL: ReadModel = ReadModel(
    resource="customer",
    table=_customers,
    key=(_customers.c.id,),
    outputs=(
        _customers.c.id,
        _customers.c.first_name,
        _customers.c.last_name,
        _customers.c.company,
        Composite(
            name="address",
            parts=(
                _customers.c.address_street.label("street"),
                _customers.c.address_city.label("city"),
                _customers.c.address_state.label("state"),
                _customers.c.address_country.label("country"),
                _customers.c.address_postal_code.label("postal_code"),
            ),
        ),
        _customers.c.phone,
        _customers.c.fax,
        _customers.c.email,
        _customers.c.support_rep_id,
        _customers.c.created_at,
        _customers.c.updated_at,
        _customers.c.version,
    ),
    expansions={
        "invoices": Embedded(
            model=lambda: INVOICE_READ_MODEL,
            local=_customers.c.id,
            match=_invoices.c.customer_id,
            many=True,
        ),
        "support_rep": Embedded(
            model=lambda: EMPLOYEE_READ_MODEL,
            local=_customers.c.support_rep_id,
            match=_employees.c.id,
        ),
    },
    search=(_customers.c.first_name, _customers.c.last_name, _customers.c.email),
    live=_customers.c.is_deleted.is_(sa.false()),
    version=_customers.c.version,
)
INVOICE_LINE_READ_MODEL: ReadModel = ReadModel(
    resource="invoice line",
    table=_invoice_lines,
    key=(_invoice_lines.c.id,),
    outputs=(
        _invoice_lines.c.id,
        _invoice_lines.c.track_id,
        _invoice_lines.c.unit_price,
        _invoice_lines.c.quantity,
    ),
)
INVOICE_READ_MODEL: ReadModel = ReadModel(
    resource="invoice",
    table=_invoices,
    key=(_invoices.c.id,),
    outputs=(
        _invoices.c.id,
        _invoices.c.customer_id,
        _invoices.c.invoice_date,
        Composite(
            name="billing_address",
            parts=(
                _invoices.c.billing_address_street.label("street"),
                _invoices.c.billing_address_city.label("city"),
                _invoices.c.billing_address_state.label("state"),
                _invoices.c.billing_address_country.label("country"),
                _invoices.c.billing_address_postal_code.label("postal_code"),
            ),
        ),
        over(
            _invoice_lines,
            lambda row_1: (
                sa.select(
                    sa.type_coerce(
                        sa.func.coalesce(
                            sa.func.sum(
                                multiply(
                                    row_1.c.unit_price,
                                    as_decimal(row_1.c.quantity, scale=0, places=0),
                                    scale=2,
                                )
                            ),
                            sa.literal(Decimal(0), ScaledDecimal(38, 2)),
                        ),
                        ScaledDecimal(38, 2),
                    )
                )
                .select_from(row_1)
                .where(row_1.c.invoice_id == _invoices.c.id)
                .correlate_except(row_1)
                .scalar_subquery()
            ),
        ).label("total"),
        _invoices.c.created_at,
        _invoices.c.updated_at,
        _invoices.c.version,
    ),
    collections=(
        Children(
            name="lines",
            model=INVOICE_LINE_READ_MODEL,
            parent=_invoice_lines.c.invoice_id,
            order_by=(_invoice_lines.c.position,),
        ),
    ),
    expansions={
        "customer": Embedded(
            model=lambda: CUSTOMER_READ_MODEL, local=_invoices.c.customer_id, match=_customers.c.id
        )
    },
    paths={
        "customer.email": Path(
            column=_customers.c.email,
            joins=(_customers.c.id == _invoices.c.customer_id,),
            to_one=True,
        )
    },
    version=_invoices.c.version,
)


def sales_readers(engine: AsyncEngine) -> SalesReaders:
    """Return the readers of the context."""
    return SalesReaders(
        employees=SqlResourceReader(engine, EMPLOYEE_READ_MODEL, EMPLOYEES.paging),
        customers=SqlResourceReader(engine, CUSTOMER_READ_MODEL, CUSTOMERS.paging),
        invoices=SqlResourceReader(engine, INVOICE_READ_MODEL, INVOICES.paging),
    )
