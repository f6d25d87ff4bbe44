# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Customer over HTTP."""

from shop.support.testing.cases import Column, ResourceCase
from shop.support.testing.contracts.reading import ExportContract, GetContract, ListContract
from shop.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import shop


class TestCustomers(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=shop.CUSTOMER,
        path="/api/v2/customers",
        operations=frozenset(
            ("list", "get", "create", "update", "restore", "bulk_create", "export")
        ),
        filters=(
            Column(name="id", ops=("eq", "in")),
            Column(
                name="loyalty_points",
                kind="number",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte"),
            ),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(name="created_by", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(name="updated_by", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
        ),
        sorts=(
            Column(name="id"),
            Column(name="name"),
            Column(name="loyalty_points", kind="number"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
            Column(name="created_by"),
            Column(name="updated_by"),
        ),
        search=("email", "name"),
        export=("csv", "json"),
    )
