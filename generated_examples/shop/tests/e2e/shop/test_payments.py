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
            Column(name="id", ops=("eq", "in")),
            Column(name="order_id", ops=("eq", "in")),
            Column(name="provider", ops=("eq", "ne", "in", "not_in")),
            Column(
                name="provider_ref", ops=("eq", "ne", "in", "contains", "startswith", "is_null")
            ),
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
            Column(name="provider"),
            Column(name="provider_ref"),
            Column(name="status"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
            Column(name="created_by"),
            Column(name="updated_by"),
        ),
    )
