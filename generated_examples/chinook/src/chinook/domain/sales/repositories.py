# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ports of sales: what its infrastructure provides."""

from typing import Protocol

from chinook.core.protocols import AsyncRepository, UnitOfWork
from chinook.domain.sales.aggregates import Customer, Employee, Invoice
from chinook.domain.sales.value_objects import CustomerId, EmployeeId, InvoiceId


class EmployeeRepository(AsyncRepository[Employee, EmployeeId], Protocol):
    """Where employees are kept."""


class CustomerRepository(AsyncRepository[Customer, CustomerId], Protocol):
    """Where customers are kept."""


class InvoiceRepository(AsyncRepository[Invoice, InvoiceId], Protocol):
    """Where invoices are kept."""


class SalesUnitOfWork(UnitOfWork, Protocol):
    """One transaction over the aggregates of sales."""

    @property
    def employees(self) -> EmployeeRepository:
        """The employees."""
        ...

    @property
    def customers(self) -> CustomerRepository:
        """The customers."""
        ...

    @property
    def invoices(self) -> InvoiceRepository:
        """The invoices."""
        ...
