# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Payment over HTTP."""

from shop.support.testing.cases import Column, ResourceCase
from shop.support.testing.contracts.reading import GetContract, ListContract
from tests.cases import shop


class TestPayments(
    ListContract,
    GetContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=shop.PAYMENT,
        path="/api/v2/payments",
        operations=frozenset(("list", "get")),
        filters=(
            Column(name="id", steps=(("id", ""),), ops=("eq", "in")),
            Column(name="order_id", steps=(("order_id", ""),), ops=("eq", "in")),
            Column(name="provider", steps=(("provider", ""),), ops=("eq", "ne", "in", "not_in")),
            Column(
                name="provider_ref",
                steps=(("provider_ref", ""),),
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
            Column(name="provider", steps=(("provider", ""),)),
            Column(name="provider_ref", steps=(("provider_ref", ""),)),
            Column(name="status", steps=(("status", ""),)),
            Column(name="created_at", steps=(("created_at", ""),), kind="moment"),
            Column(name="updated_at", steps=(("updated_at", ""),), kind="moment"),
            Column(name="created_by", steps=(("created_by", ""),)),
            Column(name="updated_by", steps=(("updated_by", ""),)),
        ),
    )
