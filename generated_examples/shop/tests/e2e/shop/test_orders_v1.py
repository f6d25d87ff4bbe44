# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Order over HTTP."""

from shop.support.testing.cases import Column, Expansion, ResourceCase
from shop.support.testing.contracts.reading import ExportContract, GetContract, ListContract
from shop.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import CASES_V1, shop


class TestOrdersV1(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=shop.ORDER_V1,
        path="/api/v1/orders",
        operations=frozenset(("list", "get", "create", "update", "export", "history")),
        paging="cursor",
        filters=(
            Column(name="id", ops=("eq", "in")),
            Column(name="customer_id", ops=("eq", "in")),
            Column(
                name="placed_at",
                kind="moment",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte", "is_null"),
            ),
            Column(name="carrier", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(name="status", ops=("eq", "ne", "in", "not_in")),
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
            Column(name="total.amount", kind="number"),
            Column(name="placed_at", kind="moment"),
            Column(name="carrier"),
            Column(name="status"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
            Column(name="created_by"),
            Column(name="updated_by"),
        ),
        expand=(Expansion(name="customer", field="customer_id", entity="shop.Customer"),),
        export=("csv",),
    )
    cases = CASES_V1
