"""Values that are kept in the memory of this process for a while.

Source: requirements 11.2, 44.3.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from fnmatch import fnmatchcase
from time import monotonic


class MemoryCache:
    """A `CacheProvider` of bounded size: what was not asked for longest goes first."""

    def __init__(
        self, *, max_entries: int = 10_000, seconds: Callable[[], float] = monotonic
    ) -> None:
        """Keep at most so many entries; `seconds` is a clock that never goes back."""
        self._max_entries = max_entries
        self._seconds = seconds
        self._entries: OrderedDict[str, tuple[float, object]] = OrderedDict()

    async def get(self, key: str) -> object | None:
        """Return the value of a key, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        until, value = entry
        if self._seconds() >= until:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return value

    async def set(self, key: str, value: object, *, ttl: timedelta) -> None:
        """Keep a value for so long."""
        self._entries[key] = (self._seconds() + ttl.total_seconds(), value)
        self._entries.move_to_end(key)
        while len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)

    async def delete(self, pattern: str) -> None:
        """Forget the keys that match; `*` stands for any characters."""
        # Only the star has a meaning: brackets and question marks are common in keys.
        plain = pattern.replace("[", "[[]").replace("?", "[?]")
        for key in [key for key in self._entries if fnmatchcase(key, plain)]:
            del self._entries[key]

    async def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
