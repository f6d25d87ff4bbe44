# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Between the payloads of sales and its domain.

Inwards every field is named; outwards names match.
"""

from chinook.application.sales.dtos import (
    CustomerCreate,
    CustomerRead,
    CustomerUpdate,
    EmployeeCreate,
    EmployeeRead,
    EmployeeUpdate,
    InvoiceCreate,
    InvoiceLineCreate,
    InvoiceLineUpdate,
    InvoiceRead,
    InvoiceUpdate,
)
from chinook.application.shared.mappers import address_from_dto
from chinook.domain.sales.aggregates import Customer, Employee, Invoice
from chinook.domain.sales.entities import InvoiceLine
from chinook.support.application.children import merge_children
from chinook.support.application.mapper import GenericMapper


def employee_from_create(data: EmployeeCreate) -> Employee:
    """Return a new employee."""
    return Employee(
        id=data.id,
        first_name=data.first_name,
        last_name=data.last_name,
        title=data.title,
        reports_to_id=data.reports_to_id,
        birth_date=data.birth_date,
        hire_date=data.hire_date,
        address=address_from_dto(data.address),
        phone=data.phone,
        fax=data.fax,
        email=data.email,
    )


def customer_from_create(data: CustomerCreate) -> Customer:
    """Return a new customer."""
    return Customer(
        id=data.id,
        first_name=data.first_name,
        last_name=data.last_name,
        company=data.company,
        address=address_from_dto(data.address),
        phone=data.phone,
        fax=data.fax,
        email=data.email,
        support_rep_id=data.support_rep_id,
    )


def invoice_line_from_create(data: InvoiceLineCreate | InvoiceLineUpdate) -> InvoiceLine:
    """Return a new invoice line."""
    return InvoiceLine(
        track_id=data.track_id,
        unit_price=data.unit_price,
        quantity=data.quantity,
    )


def invoice_from_create(data: InvoiceCreate) -> Invoice:
    """Return a new invoice."""
    return Invoice(
        id=data.id,
        customer_id=data.customer_id,
        invoice_date=data.invoice_date,
        billing_address=address_from_dto(data.billing_address),
        lines=[invoice_line_from_create(item) for item in data.lines],
    )


def apply_employee_update(employee: Employee, data: EmployeeUpdate) -> None:
    """Change an employee as far as the payload says."""
    if data.is_set("first_name"):
        employee.first_name = data.first_name
    if data.is_set("last_name"):
        employee.last_name = data.last_name
    if data.is_set("title"):
        employee.title = data.title
    if data.is_set("reports_to_id"):
        employee.reports_to_id = data.reports_to_id
    if data.is_set("birth_date"):
        employee.birth_date = data.birth_date
    if data.is_set("hire_date"):
        employee.hire_date = data.hire_date
    if data.is_set("address"):
        employee.address = address_from_dto(data.address)
    if data.is_set("phone"):
        employee.phone = data.phone
    if data.is_set("fax"):
        employee.fax = data.fax
    if data.is_set("email"):
        employee.email = data.email


def apply_customer_update(customer: Customer, data: CustomerUpdate) -> None:
    """Change a customer as far as the payload says."""
    if data.is_set("first_name"):
        customer.first_name = data.first_name
    if data.is_set("last_name"):
        customer.last_name = data.last_name
    if data.is_set("company"):
        customer.company = data.company
    if data.is_set("address"):
        customer.address = address_from_dto(data.address)
    if data.is_set("phone"):
        customer.phone = data.phone
    if data.is_set("fax"):
        customer.fax = data.fax
    if data.is_set("email"):
        customer.email = data.email
    if data.is_set("support_rep_id"):
        customer.support_rep_id = data.support_rep_id


def change_invoice_line(invoice_line: InvoiceLine, data: InvoiceLineUpdate) -> None:
    """Make an invoice line what the payload says."""
    invoice_line.track_id = data.track_id
    invoice_line.unit_price = data.unit_price
    invoice_line.quantity = data.quantity


def apply_invoice_update(invoice: Invoice, data: InvoiceUpdate) -> None:
    """Change an invoice as far as the payload says."""
    if data.is_set("invoice_date"):
        invoice.invoice_date = data.invoice_date
    if data.is_set("billing_address"):
        invoice.billing_address = address_from_dto(data.billing_address)
    if data.is_set("lines"):
        invoice.lines = merge_children(
            "lines",
            invoice.lines,
            data.lines,
            id_of=lambda item: item.id,
            create=invoice_line_from_create,
            change=change_invoice_line,
        )


EMPLOYEE_READ = GenericMapper(source=Employee, target=EmployeeRead)
CUSTOMER_READ = GenericMapper(source=Customer, target=CustomerRead)
INVOICE_READ = GenericMapper(source=Invoice, target=InvoiceRead)
