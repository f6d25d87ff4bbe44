# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Where this project keeps what it has answered."""

from pathlib import Path

from shop.core.settings import Settings
from shop.support.core.edition import code_edition
from shop.support.infrastructure.shared_cache import SharedCache

PACKAGE = Path(__file__).parents[1]


def open_cache(settings: Settings) -> SharedCache:
    """Return the cache; nothing is connected yet."""
    return SharedCache.at(settings.redis_url, settings.cache, edition=code_edition(PACKAGE))


async def forget_answers(settings: Settings) -> None:
    """Have all processes forget what they have answered: rows were changed past them."""
    if settings.redis_url is None:
        return
    cache = open_cache(settings)
    try:
        await cache.clear()
    finally:
        await cache.close()
