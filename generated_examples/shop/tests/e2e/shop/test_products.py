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
            Column(
                name="sku", steps=(("sku", ""),), ops=("eq", "ne", "in", "contains", "startswith")
            ),
            Column(
                name="name", steps=(("name", ""),), ops=("eq", "ne", "in", "contains", "startswith")
            ),
            Column(
                name="stock",
                steps=(("stock", ""),),
                kind="number",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte"),
            ),
            Column(
                name="reserved",
                steps=(("reserved", ""),),
                kind="number",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte"),
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
            Column(
                name="price.amount",
                steps=(
                    ("price", ""),
                    ("amount", ""),
                ),
                kind="number",
                ops=("lte", "gte"),
            ),
            Column(
                name="categories.slug",
                steps=(
                    ("categories", "shop.Category"),
                    ("slug", ""),
                ),
                ops=("eq", "in"),
            ),
        ),
        sorts=(
            Column(name="sku", steps=(("sku", ""),)),
            Column(name="name", steps=(("name", ""),)),
            Column(name="stock", steps=(("stock", ""),), kind="number"),
            Column(name="reserved", steps=(("reserved", ""),), kind="number"),
            Column(name="status", steps=(("status", ""),)),
            Column(name="created_at", steps=(("created_at", ""),), kind="moment"),
            Column(name="updated_at", steps=(("updated_at", ""),), kind="moment"),
            Column(name="created_by", steps=(("created_by", ""),)),
            Column(name="updated_by", steps=(("updated_by", ""),)),
        ),
        search=("name",),
    )
