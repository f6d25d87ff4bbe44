# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Sets of rows to begin with: `db seed <set>` loads one."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from shop.domain.shop.aggregates import Category, Product
from shop.infrastructure.persistence.shop.repositories import (
    SqlCategoryRepository,
    SqlProductRepository,
)
from shop.support.domain.localized import DEFAULT_LOCALE
from shop.support.infrastructure.seeding import Seed, load_seeds

SEEDS: Mapping[str, tuple[Seed, ...]] = {
    "dev": (
        Seed(
            file="dev/01_category.json",
            aggregate=Category,
            repository=SqlCategoryRepository,
            names={"parent": ("parent_id", {})},
        ),
        Seed(
            file="dev/02_product.json",
            aggregate=Product,
            repository=SqlProductRepository,
            normal={"sku": ("upper",)},
            context={DEFAULT_LOCALE: "en"},
        ),
    ),
}
"""By name; what others refer to comes first."""


async def seed(engine: AsyncEngine, name: str) -> Mapping[str, int]:
    """Load a set, and return how many rows of each file were new.

    Raises:
        KeyError: There is no such set.
        SeedError: A row is not valid, or clashes with a stored one.
    """
    return await load_seeds(engine, SEEDS[name], Path("seeds"))
