"""What is kept in memory: for its time, up to a number, by pattern."""

from datetime import timedelta

import pytest

from apigen.support.core.protocols import CacheProvider
from apigen.support.infrastructure.cache import MemoryCache

HOUR = timedelta(hours=1)


@pytest.mark.criterion("R11.2")
async def test_values_are_kept_for_their_time() -> None:
    now = 0.0
    cache = MemoryCache(seconds=lambda: now)
    await cache.set("a", 1, ttl=HOUR)

    before = await cache.get("a")
    now = 3600.0

    assert isinstance(cache, CacheProvider)
    assert (before, await cache.get("a"), await cache.get("b")) == (1, None, None)


async def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache = MemoryCache(max_entries=2)
    for key in ("a", "b"):
        await cache.set(key, key, ttl=HOUR)
    await cache.get("a")
    await cache.set("c", "c", ttl=HOUR)

    assert [await cache.get(key) for key in ("a", "b", "c")] == ["a", None, "c"]


@pytest.mark.criterion("R110.4")
async def test_keys_are_forgotten_by_pattern() -> None:
    cache = MemoryCache()
    for key in ("Orders:x", "Orders:[y]?", "Others:x"):
        await cache.set(key, key, ttl=HOUR)

    await cache.delete("Orders:[y]*")
    kept = [await cache.get(key) for key in ("Orders:x", "Orders:[y]?", "Others:x")]
    await cache.delete("Orders:*")
    rest = [await cache.get(key) for key in ("Orders:x", "Others:x")]
    await cache.clear()

    assert kept == ["Orders:x", None, "Others:x"]
    assert rest == [None, "Others:x"]
    assert await cache.get("Others:x") is None
