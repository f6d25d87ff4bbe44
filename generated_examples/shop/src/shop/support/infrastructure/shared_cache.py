"""The cache of a project that may run in several processes.

Source: requirement 13.1.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from ..core.cache_settings import SharedCacheSettings
from ..core.protocols import CacheLookup, CacheMarks, CacheProvider
from ..core.redis_settings import RedisUrl
from .cache import MemoryCache

_logger = structlog.get_logger("cache")


class SharedCache:
    """A `CacheProvider` that is another one; one that is not shared says so when it is used."""

    def __init__(self, provider: CacheProvider) -> None:
        """Keep everything in `provider`."""
        self.provider = provider
        self._is_to_tell = isinstance(provider, MemoryCache)

    @classmethod
    def at(
        cls, url: RedisUrl | None, settings: SharedCacheSettings, *, edition: str
    ) -> "SharedCache":
        """Return a cache on a server, in the memory of this process when there is none.

        Args:
            url: Of the server; nothing is connected yet.
            settings: How much is kept, and under which names.
            edition: Of the code that makes what is kept.
        """
        if url is None:
            return cls(MemoryCache(max_entries=settings.max_entries, max_bytes=settings.max_bytes))
        # The client is a tenth of the start of a project, which need not have a server.
        from .redis_cache import RedisCache

        address = url.get_secret_value()
        return cls(RedisCache.at(address, prefix=settings.prefix, edition=edition))

    async def get(self, key: str, tags: Sequence[str] = ()) -> CacheLookup:
        """Return the value of a key, and what to keep another one with."""
        return await self.provider.get(key, tags)

    async def set(
        self,
        key: str,
        value: bytes,
        *,
        ttl: timedelta,
        tags: Sequence[str] = (),
        marks: CacheMarks,
    ) -> None:
        """Keep a value for so long, unless one of its tags was dropped since."""
        if self._is_to_tell:
            self._is_to_tell = False
            _logger.info("cache_in_memory", reason="REDIS_URL is not set")
        await self.provider.set(key, value, ttl=ttl, tags=tags, marks=marks)

    async def drop(self, tags: Sequence[str]) -> None:
        """Forget the values that have any of these tags."""
        await self.provider.drop(tags)

    async def delete(self, pattern: str) -> None:
        """Forget the keys that match; `*` stands for any characters."""
        await self.provider.delete(pattern)

    async def clear(self) -> None:
        """Forget everything."""
        await self.provider.clear()

    async def close(self) -> None:
        """Give up what it holds open."""
        await self.provider.close()
