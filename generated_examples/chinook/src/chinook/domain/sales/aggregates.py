# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of sales: what is loaded, changed and stored as one.

Knows neither the database nor the API.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from chinook.domain.sales.entities import InvoiceLine
from chinook.domain.sales.value_objects import CustomerId, EmployeeId, InvoiceId
from chinook.domain.shared.value_objects import Address
from chinook.support.core.formats import Email
from chinook.support.domain.constraints import (
    check_children,
    check_digits,
    check_invariant,
    check_string,
)
from chinook.support.domain.entity import UNASSIGNED_ID, AggregateRoot


@dataclass(kw_only=True, eq=False)
class Employee(AggregateRoot[EmployeeId]):
    """An employee."""

    id: EmployeeId = field(default=EmployeeId(UNASSIGNED_ID))
    first_name: str
    last_name: str
    title: str | None = None
    reports_to_id: EmployeeId | None = None
    birth_date: dt.date | None = None
    hire_date: dt.date | None = None
    address: Address
    phone: str | None = None
    fax: str | None = None
    email: Email | None = None

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("first_name", self.first_name, minimum=1, maximum=20)
        check_string("last_name", self.last_name, minimum=1, maximum=20)
        check_string("title", self.title, minimum=1, maximum=30)
        check_string("phone", self.phone, minimum=1, maximum=24)
        check_string("fax", self.fax, minimum=1, maximum=24)
        check_string("email", self.email, maximum=254, format="email")
        check_invariant(
            self.reports_to_id is None or self.reports_to_id != self.id,
            code="not_their_own_boss",
            message="Not their own boss.",
        )
        check_invariant(
            self.birth_date is None or self.hire_date is None or self.birth_date < self.hire_date,
            code="hired_after_birth",
            message="Nobody is hired before they are born.",
        )


@dataclass(kw_only=True, eq=False)
class Customer(AggregateRoot[CustomerId]):
    """A customer."""

    id: CustomerId = field(default=CustomerId(UNASSIGNED_ID))
    first_name: str
    last_name: str
    company: str | None = None
    address: Address
    phone: str | None = None
    fax: str | None = None
    email: Email
    support_rep_id: EmployeeId | None = None

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("first_name", self.first_name, minimum=1, maximum=40)
        check_string("last_name", self.last_name, minimum=1, maximum=20)
        check_string("company", self.company, minimum=1, maximum=80)
        check_string("phone", self.phone, minimum=1, maximum=24)
        check_string("fax", self.fax, minimum=1, maximum=24)
        check_string("email", self.email, maximum=254, format="email")


@dataclass(kw_only=True, eq=False)
class Invoice(AggregateRoot[InvoiceId]):
    """What one customer bought at one time."""

    id: InvoiceId = field(default=InvoiceId(UNASSIGNED_ID))
    customer_id: CustomerId
    invoice_date: dt.datetime
    billing_address: Address
    lines: list[InvoiceLine] = field(default_factory=list)
    """One track on an invoice, at the price of that day."""

    @property
    def total(self) -> Decimal:
        """Total, worked out."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0))

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_children("lines", self.lines, minimum=1, maximum=100)
        check_digits("total", self.total, precision=10, scale=2)
        check_invariant(
            len(self.lines) > 0, code="paid_for", message="An invoice has at least one line."
        )
