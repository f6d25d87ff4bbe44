# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be done in sales: everything the interface may call."""

from collections.abc import Callable
from dataclasses import dataclass

from chinook.application.sales.dtos import (
    CustomerCreate,
    CustomerUpdate,
    EmployeeCreate,
    EmployeeUpdate,
    InvoiceCreate,
    InvoiceUpdate,
)
from chinook.application.sales.mappers import (
    apply_customer_update,
    apply_employee_update,
    apply_invoice_update,
    customer_from_create,
    employee_from_create,
    invoice_from_create,
)
from chinook.domain.sales.aggregates import Customer, Employee, Invoice
from chinook.domain.sales.repositories import SalesUnitOfWork
from chinook.domain.sales.value_objects import CustomerId, EmployeeId, InvoiceId
from chinook.support.application.queries import ResourceReader
from chinook.support.application.service import GenericService, ServiceHooks

type EmployeeService = GenericService[
    SalesUnitOfWork, Employee, EmployeeId, EmployeeCreate, EmployeeUpdate
]

type CustomerService = GenericService[
    SalesUnitOfWork, Customer, CustomerId, CustomerCreate, CustomerUpdate
]

type InvoiceService = GenericService[
    SalesUnitOfWork, Invoice, InvoiceId, InvoiceCreate, InvoiceUpdate
]

# Yours to fill: functions that run before and after each operation.
EMPLOYEE_HOOKS = ServiceHooks[Employee, EmployeeCreate, EmployeeUpdate]()
CUSTOMER_HOOKS = ServiceHooks[Customer, CustomerCreate, CustomerUpdate]()
INVOICE_HOOKS = ServiceHooks[Invoice, InvoiceCreate, InvoiceUpdate]()


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReaders:
    """The read side of sales, provided by the infrastructure."""

    employees: ResourceReader[EmployeeId]
    customers: ResourceReader[CustomerId]
    invoices: ResourceReader[InvoiceId]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesHandlers:
    """What the interface may call in sales."""

    employees: EmployeeService
    customers: CustomerService
    invoices: InvoiceService
    employee_reader: ResourceReader[EmployeeId]
    customer_reader: ResourceReader[CustomerId]
    invoice_reader: ResourceReader[InvoiceId]


def sales_handlers(
    *,
    unit_of_work: Callable[[], SalesUnitOfWork],
    readers: SalesReaders,
) -> SalesHandlers:
    """Put the handlers of sales together."""
    return SalesHandlers(
        employees=GenericService(
            resource="employee",
            unit_of_work=unit_of_work,
            repository=lambda work: work.employees,
            build=employee_from_create,
            change=apply_employee_update,
            hooks=EMPLOYEE_HOOKS,
        ),
        customers=GenericService(
            resource="customer",
            unit_of_work=unit_of_work,
            repository=lambda work: work.customers,
            build=customer_from_create,
            change=apply_customer_update,
            hooks=CUSTOMER_HOOKS,
        ),
        invoices=GenericService(
            resource="invoice",
            unit_of_work=unit_of_work,
            repository=lambda work: work.invoices,
            build=invoice_from_create,
            change=apply_invoice_update,
            hooks=INVOICE_HOOKS,
        ),
        employee_reader=readers.employees,
        customer_reader=readers.customers,
        invoice_reader=readers.invoices,
    )
