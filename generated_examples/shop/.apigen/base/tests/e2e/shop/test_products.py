# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Product over HTTP."""

from shop.support.testing.cases import Column, ResourceCase
from shop.support.testing.contracts.caching import CachedContract
from shop.support.testing.contracts.localized import LocalizedContract
from shop.support.testing.contracts.reading import GetContract, ListContract
from shop.support.testing.contracts.removal import DeleteContract
from shop.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import shop


class TestProducts(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
    CachedContract,
    LocalizedContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=shop.PRODUCT,
        path="/api/v2/products",
        operations=frozenset(("list", "get", "create", "update", "delete")),
        localized=("name", "description"),
        locales=("en",),
        filters=(
            Column(name="sku", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="stock", kind="number", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")),
            Column(
                name="reserved", kind="number", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
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
            Column(name="price.amount", kind="number", ops=("lte", "gte")),
            Column(
                name="categories.slug",
                steps=(("categories", "shop.Category"), ("slug", "")),
                ops=("eq", "in"),
            ),
        ),
        sorts=(
            Column(name="sku"),
            Column(name="name"),
            Column(name="stock", kind="number"),
            Column(name="reserved", kind="number"),
            Column(name="status"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
            Column(name="created_by"),
            Column(name="updated_by"),
        ),
        search=("name",),
    )
