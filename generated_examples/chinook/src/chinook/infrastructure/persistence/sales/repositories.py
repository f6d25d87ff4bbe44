# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Aggregates of sales as rows, and rows as aggregates.

Everything else about storing them is in the support package.
"""

from chinook.domain.sales.aggregates import Customer, Employee, Invoice
from chinook.domain.sales.entities import InvoiceLine
from chinook.domain.sales.value_objects import CustomerId, EmployeeId, InvoiceId
from chinook.domain.shared.value_objects import Address
from chinook.infrastructure.persistence.sales.rows import (
    CustomerRow,
    EmployeeRow,
    InvoiceLineRow,
    InvoiceRow,
)
from chinook.support.infrastructure.repository import SqlRepository
from chinook.support.infrastructure.unit_of_work import SqlUnitOfWork


class SqlEmployeeRepository(SqlRepository[Employee, EmployeeId, EmployeeRow]):
    """Each employee as a row of the table employees."""

    row_type = EmployeeRow
    resource = "employee"

    def to_row(self, entity: Employee) -> EmployeeRow:
        """Return the rows that the aggregate should have."""
        return EmployeeRow(
            id=entity.id or None,
            first_name=entity.first_name,
            last_name=entity.last_name,
            title=entity.title,
            reports_to_id=entity.reports_to_id,
            birth_date=entity.birth_date,
            hire_date=entity.hire_date,
            address_street=entity.address.street,
            address_city=entity.address.city,
            address_state=entity.address.state,
            address_country=entity.address.country,
            address_postal_code=entity.address.postal_code,
            phone=entity.phone,
            fax=entity.fax,
            email=entity.email,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: EmployeeRow) -> Employee:
        """Return the aggregate that the rows hold."""
        return Employee(
            id=row.id,
            first_name=row.first_name,
            last_name=row.last_name,
            title=row.title,
            reports_to_id=row.reports_to_id,
            birth_date=row.birth_date,
            hire_date=row.hire_date,
            address=Address(
                street=row.address_street,
                city=row.address_city,
                state=row.address_state,
                country=row.address_country,
                postal_code=row.address_postal_code,
            ),
            phone=row.phone,
            fax=row.fax,
            email=row.email,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )

    def assign_ids(self, entity: Employee, row: EmployeeRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


class SqlCustomerRepository(SqlRepository[Customer, CustomerId, CustomerRow]):
    """Each customer as a row of the table customers."""

    row_type = CustomerRow
    resource = "customer"

    def to_row(self, entity: Customer) -> CustomerRow:
        """Return the rows that the aggregate should have."""
        return CustomerRow(
            id=entity.id or None,
            first_name=entity.first_name,
            last_name=entity.last_name,
            company=entity.company,
            address_street=entity.address.street,
            address_city=entity.address.city,
            address_state=entity.address.state,
            address_country=entity.address.country,
            address_postal_code=entity.address.postal_code,
            phone=entity.phone,
            fax=entity.fax,
            email=entity.email,
            support_rep_id=entity.support_rep_id,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
            is_deleted=entity.is_deleted,
            deleted_at=entity.deleted_at,
        )

    def to_aggregate(self, row: CustomerRow) -> Customer:
        """Return the aggregate that the rows hold."""
        return Customer(
            id=row.id,
            first_name=row.first_name,
            last_name=row.last_name,
            company=row.company,
            address=Address(
                street=row.address_street,
                city=row.address_city,
                state=row.address_state,
                country=row.address_country,
                postal_code=row.address_postal_code,
            ),
            phone=row.phone,
            fax=row.fax,
            email=row.email,
            support_rep_id=row.support_rep_id,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
            is_deleted=row.is_deleted,
            deleted_at=row.deleted_at,
        )

    def assign_ids(self, entity: Customer, row: CustomerRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id


def _invoice_line_row(entity: InvoiceLine, place: int) -> InvoiceLineRow:
    return InvoiceLineRow(
        position=place,
        id=entity.id or None,
        track_id=entity.track_id,
        unit_price=entity.unit_price,
        quantity=entity.quantity,
    )


def _invoice_line(row: InvoiceLineRow) -> InvoiceLine:
    return InvoiceLine(
        id=row.id,
        track_id=row.track_id,
        unit_price=row.unit_price,
        quantity=row.quantity,
    )


def _settle_invoice_line(entity: InvoiceLine, row: InvoiceLineRow) -> None:
    entity.id = row.id


class SqlInvoiceRepository(SqlRepository[Invoice, InvoiceId, InvoiceRow]):
    """Each invoice as a row of the table invoices."""

    row_type = InvoiceRow
    resource = "invoice"

    def to_row(self, entity: Invoice) -> InvoiceRow:
        """Return the rows that the aggregate should have."""
        return InvoiceRow(
            id=entity.id or None,
            customer_id=entity.customer_id,
            invoice_date=entity.invoice_date,
            billing_address_street=entity.billing_address.street,
            billing_address_city=entity.billing_address.city,
            billing_address_state=entity.billing_address.state,
            billing_address_country=entity.billing_address.country,
            billing_address_postal_code=entity.billing_address.postal_code,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
            lines=[_invoice_line_row(child, place) for place, child in enumerate(entity.lines)],
        )

    def to_aggregate(self, row: InvoiceRow) -> Invoice:
        """Return the aggregate that the rows hold."""
        return Invoice(
            id=row.id,
            customer_id=row.customer_id,
            invoice_date=row.invoice_date,
            billing_address=Address(
                street=row.billing_address_street,
                city=row.billing_address_city,
                state=row.billing_address_state,
                country=row.billing_address_country,
                postal_code=row.billing_address_postal_code,
            ),
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
            lines=[_invoice_line(child) for child in row.lines],
        )

    def assign_ids(self, entity: Invoice, row: InvoiceRow) -> None:
        """Take over what storing has decided: drawn numbers, the order of children."""
        entity.id = row.id
        for child, child_row in zip(entity.lines, row.lines, strict=True):
            _settle_invoice_line(child, child_row)


class SqlSalesUnitOfWork(SqlUnitOfWork):
    """One transaction over sales."""

    @property
    def employees(self) -> SqlEmployeeRepository:
        """The repository of Employee."""
        return SqlEmployeeRepository(self.session)

    @property
    def customers(self) -> SqlCustomerRepository:
        """The repository of Customer."""
        return SqlCustomerRepository(self.session)

    @property
    def invoices(self) -> SqlInvoiceRepository:
        """The repository of Invoice."""
        return SqlInvoiceRepository(self.session)
