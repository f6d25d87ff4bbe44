# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Invoice over HTTP."""

from chinook.support.testing.cases import Column, Expansion, ResourceCase
from chinook.support.testing.contracts.reading import (
    CountContract,
    ExportContract,
    GetContract,
    ListContract,
)
from chinook.support.testing.contracts.removal import DeleteContract
from chinook.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import sales


class TestInvoices(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
    CountContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=sales.INVOICE,
        path="/api/v1/invoices",
        operations=frozenset(("list", "get", "create", "update", "delete", "count", "export")),
        max_page_size=200,
        filters=(
            Column(name="id", kind="number", ops=("eq", "in")),
            Column(name="customer_id", kind="number", ops=("eq", "in")),
            Column(
                name="invoice_date", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="customer.email",
                steps=(("customer_id", "sales.Customer"), ("email", "")),
                ops=("eq",),
            ),
            Column(name="billing_address.country", ops=("eq", "in")),
        ),
        sorts=(
            Column(name="id", kind="number"),
            Column(name="invoice_date", kind="moment"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
        ),
        expand=(Expansion(name="customer", field="customer_id", entity="sales.Customer"),),
        export=("json",),
    )
