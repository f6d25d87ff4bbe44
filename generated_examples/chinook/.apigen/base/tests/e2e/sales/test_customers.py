# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Customer over HTTP."""

from chinook.support.testing.cases import Column, Expansion, ResourceCase
from chinook.support.testing.contracts.reading import (
    CountContract,
    ExportContract,
    GetContract,
    ListContract,
)
from chinook.support.testing.contracts.removal import DeleteContract, RestoreContract
from chinook.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import sales


class TestCustomers(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
    RestoreContract,
    CountContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=sales.CUSTOMER,
        path="/api/v1/customers",
        operations=frozenset(
            ("list", "get", "create", "update", "delete", "restore", "count", "export")
        ),
        max_page_size=200,
        filters=(
            Column(name="id", kind="number", ops=("eq", "in")),
            Column(name="first_name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="last_name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="company", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(name="phone", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(name="email", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="support_rep_id", kind="number", ops=("eq", "in", "is_null")),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(name="address.country", ops=("eq", "in")),
            Column(name="address.city", ops=("eq",)),
        ),
        sorts=(
            Column(name="id", kind="number"),
            Column(name="first_name"),
            Column(name="last_name"),
            Column(name="company"),
            Column(name="phone"),
            Column(name="fax"),
            Column(name="email"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
            Column(name="address.country"),
        ),
        search=("first_name", "last_name", "email"),
        expand=(
            Expansion(name="support_rep", field="support_rep_id", entity="sales.Employee"),
            Expansion(name="invoices"),
        ),
        export=("csv",),
    )
