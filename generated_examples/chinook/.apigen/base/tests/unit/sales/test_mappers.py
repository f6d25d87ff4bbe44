# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Mapping between payloads and aggregates of sales."""

from chinook.support.testing.contracts.mapping import MappingContract
from tests.cases import CASES, sales


class TestEmployeeMapping(MappingContract):
    """Employee: what is sent is what is shown."""

    case = sales.EMPLOYEE
    cases = CASES


class TestCustomerMapping(MappingContract):
    """Customer: what is sent is what is shown."""

    case = sales.CUSTOMER
    cases = CASES


class TestInvoiceMapping(MappingContract):
    """Invoice: what is sent is what is shown."""

    case = sales.INVOICE
    cases = CASES
