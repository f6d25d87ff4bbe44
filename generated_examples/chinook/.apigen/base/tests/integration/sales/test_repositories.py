# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The repositories of sales."""

from chinook.support.testing.contracts.repositories import RepositoryContract
from tests.cases import sales


class TestEmployeeRepository(RepositoryContract):
    """Employee: what is stored is what is read."""

    case = sales.EMPLOYEE


class TestCustomerRepository(RepositoryContract):
    """Customer: what is stored is what is read."""

    case = sales.CUSTOMER


class TestInvoiceRepository(RepositoryContract):
    """Invoice: what is stored is what is read."""

    case = sales.INVOICE
