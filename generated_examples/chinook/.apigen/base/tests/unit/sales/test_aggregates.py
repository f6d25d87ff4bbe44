# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of sales."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from chinook.support.testing.contracts.aggregates import AggregateContract
from tests.cases import CASES, sales


class TestEmployee(AggregateContract):
    """Employee checks itself."""

    case = sales.EMPLOYEE
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "first_name": ("x", "x" * 20),
        "last_name": ("x", "x" * 20),
        "title": ("x", "x" * 30),
        "phone": ("x", "x" * 24),
        "fax": ("x", "x" * 24),
    }
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "first_name": ("", "x" * 21),
        "last_name": ("", "x" * 21),
        "title": ("", "x" * 31),
        "phone": ("", "x" * 25),
        "fax": ("", "x" * 25),
        "email": ("no-at-sign",),
    }


class TestCustomer(AggregateContract):
    """Customer checks itself."""

    case = sales.CUSTOMER
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "first_name": ("x", "x" * 40),
        "last_name": ("x", "x" * 20),
        "company": ("x", "x" * 80),
        "phone": ("x", "x" * 24),
        "fax": ("x", "x" * 24),
    }
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "first_name": ("", "x" * 41),
        "last_name": ("", "x" * 21),
        "company": ("", "x" * 81),
        "phone": ("", "x" * 25),
        "fax": ("", "x" * 25),
        "email": ("no-at-sign",),
    }


class TestInvoice(AggregateContract):
    """Invoice checks itself."""

    case = sales.INVOICE
    cases = CASES
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "lines.0.unit_price": (Decimal("-0.01"), Decimal("1.251"), Decimal("100000000.00")),
        "lines.0.quantity": (0, 1000),
    }
    sizes: ClassVar[Mapping[str, tuple[int, int | None]]] = {"lines": (1, 100)}
