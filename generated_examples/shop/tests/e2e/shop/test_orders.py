# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Order over HTTP."""

from shop.support.testing.cases import Column, Expansion, ResourceCase
from shop.support.testing.contracts.reading import ExportContract, GetContract, ListContract
from shop.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import shop


class TestOrders(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=shop.ORDER,
        path="/api/v2/orders",
        operations=frozenset(("list", "get", "create", "update", "export", "history")),
        paging="cursor",
        filters=(
            Column(name="id", steps=(("id", ""),), ops=("eq", "in")),
            Column(name="customer_id", steps=(("customer_id", ""),), ops=("eq", "in")),
            Column(
                name="placed_at",
                steps=(("placed_at", ""),),
                kind="moment",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte", "is_null"),
            ),
            Column(
                name="carrier",
                steps=(("carrier", ""),),
                ops=("eq", "ne", "in", "contains", "startswith", "is_null"),
            ),
            Column(
                name="tracking_code",
                steps=(("tracking_code", ""),),
                ops=("eq", "ne", "in", "contains", "startswith", "is_null"),
            ),
            Column(name="status", steps=(("status", ""),), ops=("eq", "ne", "in", "not_in")),
            Column(
                name="created_at",
                steps=(("created_at", ""),),
                kind="moment",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte"),
            ),
            Column(
                name="updated_at",
                steps=(("updated_at", ""),),
                kind="moment",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte"),
            ),
            Column(
                name="created_by",
                steps=(("created_by", ""),),
                ops=("eq", "ne", "in", "contains", "startswith", "is_null"),
            ),
            Column(
                name="updated_by",
                steps=(("updated_by", ""),),
                ops=("eq", "ne", "in", "contains", "startswith", "is_null"),
            ),
        ),
        sorts=(
            Column(name="id", steps=(("id", ""),)),
            Column(
                name="total.amount",
                steps=(
                    ("total", ""),
                    ("amount", ""),
                ),
                kind="number",
            ),
            Column(name="placed_at", steps=(("placed_at", ""),), kind="moment"),
            Column(name="carrier", steps=(("carrier", ""),)),
            Column(name="tracking_code", steps=(("tracking_code", ""),)),
            Column(name="status", steps=(("status", ""),)),
            Column(name="created_at", steps=(("created_at", ""),), kind="moment"),
            Column(name="updated_at", steps=(("updated_at", ""),), kind="moment"),
            Column(name="created_by", steps=(("created_by", ""),)),
            Column(name="updated_by", steps=(("updated_by", ""),)),
        ),
        expand=(Expansion(name="customer", field="customer_id", entity="shop.Customer"),),
        export=("csv",),
    )
