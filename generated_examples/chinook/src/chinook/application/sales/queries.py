# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What clients may ask the lists of sales for."""

from chinook.support.application.filter_types import (
    DATE,
    EXACT,
    INTEGER,
    MOMENT,
    RANGE,
    SHORT_TEXT,
    TEXT,
    operators,
)
from chinook.support.application.queries import PageStyle, Paging, ResourceQuery, filtered, listed

EMPLOYEES = ResourceQuery(
    resource="employee",
    search=True,
    expand=(("reports_to",), ("reports",)),
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("first_name", type=TEXT, ops=SHORT_TEXT),
        listed("last_name", type=TEXT, ops=SHORT_TEXT),
        listed("title", type=TEXT, ops=SHORT_TEXT, nullable=True),
        filtered("reports_to_id", type=INTEGER, ops=EXACT, nullable=True),
        listed("birth_date", type=DATE, ops=RANGE, nullable=True),
        listed("hire_date", type=DATE, ops=RANGE, nullable=True),
        listed("phone", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("email", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("fax", type=TEXT),
    ),
)
"""Lists of employees."""

CUSTOMERS = ResourceQuery(
    resource="customer",
    search=True,
    expand=(("support_rep",), ("invoices",)),
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        listed("first_name", type=TEXT, ops=SHORT_TEXT),
        listed("last_name", type=TEXT, ops=SHORT_TEXT),
        listed("company", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("phone", type=TEXT, ops=SHORT_TEXT, nullable=True),
        listed("email", type=TEXT, ops=SHORT_TEXT),
        filtered("support_rep_id", type=INTEGER, ops=EXACT, nullable=True),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        listed("address", "country", type=TEXT, ops=EXACT),
        filtered("address", "city", type=TEXT, ops=operators("eq")),
        listed("fax", type=TEXT),
    ),
)
"""Lists of customers."""

INVOICES = ResourceQuery(
    resource="invoice",
    expand=(("customer",),),
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=200),
    fields=(
        listed("id", type=INTEGER, ops=EXACT),
        filtered("customer_id", type=INTEGER, ops=EXACT),
        listed("invoice_date", type=MOMENT, ops=RANGE),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
        filtered("customer", "email", type=TEXT, ops=operators("eq")),
        filtered("billing_address", "country", type=TEXT, ops=EXACT),
    ),
)
"""Lists of invoices."""
