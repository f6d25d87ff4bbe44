"""Values that are kept in the memory of this process for a while.

Other processes are not told what is dropped here: with several of them, a value can be as old as
its time to live in all but the one that changed something.

Source: requirements 11.2, 13.1, 39.5, 44.3.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from time import monotonic

from ..core.protocols import CacheLookup, CacheMarks

_DROPS = 10_000
"""Of how many tags is remembered when each was dropped last."""

_OVERHEAD_BYTES = 400
"""What an entry costs beside its key and value, about."""


class LRUCache[KeyT, ValueT]:
    """As much as there is room for: what was not asked for longest goes first."""

    def __init__(
        self,
        *,
        max_entries: int,
        max_weight: int | None = None,
        weigh: Callable[[KeyT, ValueT], int] = lambda _key, _value: 1,
        evicted: Callable[[KeyT, ValueT], None] = lambda _key, _value: None,
    ) -> None:
        """Make room.

        Args:
            max_entries: The most entries.
            max_weight: The most that all of them weigh together; None: whatever they do.
            weigh: Returns the weight of an entry.
            evicted: Told what had to go.
        """
        self._max_entries = max_entries
        self._max_weight = max_weight
        self._weigh = weigh
        self._evicted = evicted
        self._entries: OrderedDict[KeyT, ValueT] = OrderedDict()
        self.weight = 0
        """Of all entries."""

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def get(self, key: KeyT) -> ValueT | None:
        """Return the value of a key, or None."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def set(self, key: KeyT, value: ValueT) -> None:
        """Put a value in, in place of the key's last one; too heavy a value is not taken."""
        self.pop(key)
        weight = self._weigh(key, value)
        if self._max_weight is not None and weight > self._max_weight // 8:
            return
        self._entries[key] = value
        self.weight += weight
        while len(self._entries) > self._max_entries or (
            self._max_weight is not None and self.weight > self._max_weight
        ):
            oldest, gone = self._entries.popitem(last=False)
            self.weight -= self._weigh(oldest, gone)
            self._evicted(oldest, gone)

    def pop(self, key: KeyT) -> ValueT | None:
        """Take a value out, and return it."""
        found = self._entries.pop(key, None)
        if found is not None:
            self.weight -= self._weigh(key, found)
        return found

    def oldest_first(self) -> list[KeyT]:
        """Return the keys, the one not asked for longest first."""
        return list(self._entries)

    def clear(self) -> None:
        """Take everything out."""
        self._entries.clear()
        self.weight = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    value: bytes
    made: float
    until: float
    tags: tuple[str, ...]


class MemoryCache:
    """A `CacheProvider` of bounded size."""

    def __init__(
        self,
        *,
        max_entries: int = 10_000,
        max_bytes: int = 64 * 1024 * 1024,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """Keep at most so many entries and bytes; `seconds` is a clock that never goes back."""
        self._seconds = seconds
        self._entries = LRUCache[str, _Entry](
            max_entries=max_entries,
            max_weight=max_bytes,
            weigh=lambda key, entry: len(key) + len(entry.value) + _OVERHEAD_BYTES,
            evicted=self._unlist,
        )
        self._tagged: dict[str, set[str]] = {}
        # When each tag was dropped last, counted in drops. The youngest drop of those that are
        # forgotten is part of all marks, so that none ever comes back.
        self._drops = 0
        self._forgotten = 0
        self._dropped = LRUCache[str, int](max_entries=_DROPS, evicted=self._forget)

    async def get(self, key: str, tags: Sequence[str] = ()) -> CacheLookup:
        """Return the value of a key, and what to keep another one with."""
        entry = self._entries.get(key)
        if entry is not None:
            now = self._seconds()
            if now < entry.until and entry.tags == tuple(tags):
                return CacheLookup(entry.value, now - entry.made, ())
            self._remove(key)
        return CacheLookup(marks=self._marks(tags))

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
        if marks != self._marks(tags):
            return
        now = self._seconds()
        entry = _Entry(value, now, now + ttl.total_seconds(), tuple(tags))
        self._remove(key)
        for tag in entry.tags:
            self._tagged.setdefault(tag, set()).add(key)
        self._entries.set(key, entry)
        if self._entries.get(key) is None:
            self._unlist(key, entry)

    async def drop(self, tags: Sequence[str]) -> None:
        """Forget the values that have any of these tags."""
        self._drops += 1
        for tag in tags:
            self._dropped.set(tag, self._drops)
            for key in tuple(self._tagged.get(tag, ())):
                self._remove(key)

    async def delete(self, pattern: str) -> None:
        """Forget the keys that match; `*` stands for any characters."""
        # Only the star has a meaning: brackets and question marks are common in keys.
        plain = pattern.replace("[", "[[]").replace("?", "[?]")
        self._refuse_begun()
        for key in self._entries.oldest_first():
            if fnmatchcase(key, plain):
                self._remove(key)

    async def clear(self) -> None:
        """Forget everything."""
        self._refuse_begun()
        self._entries.clear()
        self._tagged.clear()

    async def close(self) -> None:
        """Forget everything."""
        await self.clear()

    def _marks(self, tags: Sequence[str]) -> CacheMarks:
        return (self._forgotten, *(self._dropped.get(tag) or 0 for tag in tags))

    def _refuse_begun(self) -> None:
        """Let nothing be kept that is being worked out now."""
        self._drops += 1
        self._forgotten = self._drops
        self._dropped.clear()

    def _forget(self, _tag: str, drop: int) -> None:
        self._forgotten = max(self._forgotten, drop)

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key)
        if entry is not None:
            self._unlist(key, entry)

    def _unlist(self, key: str, entry: _Entry) -> None:
        for tag in entry.tags:
            listed = self._tagged.get(tag)
            if listed is not None:
                listed.discard(key)
                if not listed:
                    del self._tagged[tag]
