# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Category over HTTP."""

from shop.support.testing.cases import Column, Link, ResourceCase
from shop.support.testing.contracts.reading import GetContract, ListContract
from shop.support.testing.contracts.removal import DeleteContract
from shop.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import shop


class TestCategories(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=shop.CATEGORY,
        path="/api/v2/categories",
        operations=frozenset(("list", "get", "create", "update", "delete")),
        filters=(
            Column(name="id", ops=("eq", "in")),
            Column(name="name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="slug", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="parent_id", ops=("eq", "in", "is_null")),
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
            Column(name="slug"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
            Column(name="created_by"),
            Column(name="updated_by"),
        ),
        links=(Link(entity="shop.Category", field="parent_id", action="restrict"),),
    )
