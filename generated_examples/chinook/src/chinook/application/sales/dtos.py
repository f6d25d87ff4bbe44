# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What goes in and out of sales: payloads, checked field by field.

Names on the wire are aliases; defaults here are those of the domain.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from chinook.application.shared.dtos import AddressDto
from chinook.domain.catalog.value_objects import TrackId
from chinook.domain.sales.value_objects import CustomerId, EmployeeId, InvoiceId, InvoiceLineId
from chinook.support.application.dtos import Dto, example, unset
from chinook.support.application.fields import Digits, Integer, Items, Text
from chinook.support.application.moments import Day, Moment
from chinook.support.core.formats import Email
from chinook.support.domain.entity import UNASSIGNED_ID


class EmployeeCreate(Dto):
    """What makes a new employee."""

    model_config = example(
        {
            "first_name": "First name 1",
            "last_name": "Last name 1",
            "title": "Title 1",
            "reports_to_id": None,
            "birth_date": "2026-01-01",
            "hire_date": "2026-01-02",
            "address": {
                "street": "'Theodor-Heuss-Straße'",
                "city": "City 1",
                "state": "State 1",
                "country": "Country 1",
                "postal_code": "A",
            },
            "phone": "Phone 1",
            "fax": "Fax 1",
            "email": "email0@example.com",
        }
    )

    id: Annotated[EmployeeId, Integer(minimum=1)] = Field(
        default_factory=lambda: EmployeeId(UNASSIGNED_ID)
    )
    first_name: Annotated[str, Text(minimum=1, maximum=20)]
    last_name: Annotated[str, Text(minimum=1, maximum=20)]
    title: Annotated[str, Text(minimum=1, maximum=30)] | None = None
    reports_to_id: Annotated[EmployeeId, Integer()] | None = None
    birth_date: Annotated[dt.date, Day()] | None = None
    hire_date: Annotated[dt.date, Day()] | None = None
    address: AddressDto
    phone: Annotated[str, Text(minimum=1, maximum=24)] | None = None
    fax: Annotated[str, Text(minimum=1, maximum=24)] | None = None
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))] | None = None


class EmployeeUpdate(Dto):
    """What changes in an employee: the fields that are sent."""

    model_config = example({"first_name": "First name 1"})

    first_name: Annotated[str, Text(minimum=1, maximum=20)] = Field(default_factory=unset)
    last_name: Annotated[str, Text(minimum=1, maximum=20)] = Field(default_factory=unset)
    title: Annotated[str, Text(minimum=1, maximum=30)] | None = Field(default_factory=unset)
    reports_to_id: Annotated[EmployeeId, Integer()] | None = Field(default_factory=unset)
    birth_date: Annotated[dt.date, Day()] | None = Field(default_factory=unset)
    hire_date: Annotated[dt.date, Day()] | None = Field(default_factory=unset)
    address: AddressDto = Field(default_factory=unset)
    phone: Annotated[str, Text(minimum=1, maximum=24)] | None = Field(default_factory=unset)
    fax: Annotated[str, Text(minimum=1, maximum=24)] | None = Field(default_factory=unset)
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))] | None = Field(
        default_factory=unset
    )


class EmployeeRead(Dto):
    """An employee."""

    id: Annotated[EmployeeId, Integer()]
    first_name: Annotated[str, Text(minimum=1, maximum=20)]
    last_name: Annotated[str, Text(minimum=1, maximum=20)]
    title: Annotated[str, Text(minimum=1, maximum=30)] | None
    reports_to_id: Annotated[EmployeeId, Integer()] | None
    birth_date: Annotated[dt.date, Day()] | None
    hire_date: Annotated[dt.date, Day()] | None
    address: AddressDto
    phone: Annotated[str, Text(minimum=1, maximum=24)] | None
    fax: Annotated[str, Text(minimum=1, maximum=24)] | None
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))] | None
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class CustomerCreate(Dto):
    """What makes a new customer."""

    model_config = example(
        {
            "first_name": "First name 1",
            "last_name": "Last name 1",
            "company": "Company 1",
            "address": {
                "street": "'Theodor-Heuss-Straße'",
                "city": "City 1",
                "state": "State 1",
                "country": "Country 1",
                "postal_code": "A",
            },
            "phone": "Phone 1",
            "fax": "Fax 1",
            "email": "email0@example.com",
            "support_rep_id": 1,
        }
    )

    id: Annotated[CustomerId, Integer(minimum=1)] = Field(
        default_factory=lambda: CustomerId(UNASSIGNED_ID)
    )
    first_name: Annotated[str, Text(minimum=1, maximum=40)]
    last_name: Annotated[str, Text(minimum=1, maximum=20)]
    company: Annotated[str, Text(minimum=1, maximum=80)] | None = None
    address: AddressDto
    phone: Annotated[str, Text(minimum=1, maximum=24)] | None = None
    fax: Annotated[str, Text(minimum=1, maximum=24)] | None = None
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))]
    support_rep_id: Annotated[EmployeeId, Integer()] | None = None


class CustomerUpdate(Dto):
    """What changes in a customer: the fields that are sent."""

    model_config = example({"first_name": "First name 1"})

    first_name: Annotated[str, Text(minimum=1, maximum=40)] = Field(default_factory=unset)
    last_name: Annotated[str, Text(minimum=1, maximum=20)] = Field(default_factory=unset)
    company: Annotated[str, Text(minimum=1, maximum=80)] | None = Field(default_factory=unset)
    address: AddressDto = Field(default_factory=unset)
    phone: Annotated[str, Text(minimum=1, maximum=24)] | None = Field(default_factory=unset)
    fax: Annotated[str, Text(minimum=1, maximum=24)] | None = Field(default_factory=unset)
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))] = Field(
        default_factory=unset
    )
    support_rep_id: Annotated[EmployeeId, Integer()] | None = Field(default_factory=unset)


class CustomerRead(Dto):
    """A customer."""

    id: Annotated[CustomerId, Integer()]
    first_name: Annotated[str, Text(minimum=1, maximum=40)]
    last_name: Annotated[str, Text(minimum=1, maximum=20)]
    company: Annotated[str, Text(minimum=1, maximum=80)] | None
    address: AddressDto
    phone: Annotated[str, Text(minimum=1, maximum=24)] | None
    fax: Annotated[str, Text(minimum=1, maximum=24)] | None
    email: Annotated[Email, Text(maximum=254, format="email", normalize=("lower",))]
    support_rep_id: Annotated[EmployeeId, Integer()] | None
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]


class InvoiceLineCreate(Dto):
    """A new invoice line."""

    track_id: Annotated[TrackId, Integer()]
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))]
    quantity: Annotated[int, Integer(minimum=1, maximum=999)] = 1


class InvoiceLineUpdate(Dto):
    """An invoice line as it shall be: one there is, by its id, or a new one."""

    id: Annotated[InvoiceLineId, Integer()] | None = None
    track_id: Annotated[TrackId, Integer()]
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))]
    quantity: Annotated[int, Integer(minimum=1, maximum=999)] = 1


class InvoiceCreate(Dto):
    """What makes a new invoice."""

    model_config = example(
        {
            "customer_id": 1,
            "invoice_date": "2026-01-01T09:00:00Z",
            "billing_address": {
                "street": "'Theodor-Heuss-Straße'",
                "city": "City 1",
                "state": "State 1",
                "country": "Country 1",
                "postal_code": "A",
            },
            "lines": [
                {"track_id": 1, "unit_price": "1.25", "quantity": 2},
                {"track_id": 2, "unit_price": "2.26", "quantity": 3},
            ],
        }
    )

    id: Annotated[InvoiceId, Integer(minimum=1)] = Field(
        default_factory=lambda: InvoiceId(UNASSIGNED_ID)
    )
    customer_id: Annotated[CustomerId, Integer()]
    invoice_date: Annotated[dt.datetime, Moment()]
    billing_address: AddressDto
    lines: Annotated[list[InvoiceLineCreate], Items(minimum=1, maximum=100)] = Field(
        description="One track on an invoice, at the price of that day."
    )


class InvoiceUpdate(Dto):
    """What changes in an invoice: the fields that are sent."""

    model_config = example({"invoice_date": "2026-01-01T09:00:00Z"})

    invoice_date: Annotated[dt.datetime, Moment()] = Field(default_factory=unset)
    billing_address: AddressDto = Field(default_factory=unset)
    lines: Annotated[list[InvoiceLineUpdate], Items(minimum=1, maximum=100)] = Field(
        default_factory=unset, description="One track on an invoice, at the price of that day."
    )


class InvoiceLineRead(Dto):
    """One track on an invoice, at the price of that day."""

    id: Annotated[InvoiceLineId, Integer()]
    track_id: Annotated[TrackId, Integer()]
    unit_price: Annotated[Decimal, Digits(precision=10, scale=2, minimum=Decimal("0"))]
    quantity: Annotated[int, Integer(minimum=1, maximum=999)]


class InvoiceRead(Dto):
    """What one customer bought at one time."""

    id: Annotated[InvoiceId, Integer()]
    customer_id: Annotated[CustomerId, Integer()]
    invoice_date: Annotated[dt.datetime, Moment()]
    billing_address: AddressDto
    total: Annotated[Decimal, Digits(precision=10, scale=2)]
    created_at: Annotated[dt.datetime, Moment()]
    updated_at: Annotated[dt.datetime, Moment()]
    version: Annotated[int, Integer()]
    lines: tuple[InvoiceLineRead, ...] = Field(
        description="One track on an invoice, at the price of that day."
    )


class EmployeeExpansions(Dto):
    """What can be embedded in an employee; there when asked for."""

    reports_to: EmployeeRead | None = None
    reports: tuple[EmployeeRead, ...] | None = None


class EmployeeExpanded(EmployeeRead):
    """An employee with what `expand` asks for."""

    expanded: EmployeeExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class CustomerExpansions(Dto):
    """What can be embedded in a customer; there when asked for."""

    support_rep: EmployeeRead | None = None
    invoices: tuple[InvoiceRead, ...] | None = None


class CustomerExpanded(CustomerRead):
    """A customer with what `expand` asks for."""

    expanded: CustomerExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )


class InvoiceExpansions(Dto):
    """What can be embedded in an invoice; there when asked for."""

    customer: CustomerRead | None = None


class InvoiceExpanded(InvoiceRead):
    """An invoice with what `expand` asks for."""

    expanded: InvoiceExpansions | None = Field(
        default=None, description="There when `expand` asks for it."
    )
