"""Values that all processes keep together, in Redis or Valkey.

All keys of a project are in one slot of a cluster, so that a value and the marks of its tags come
with one question. A mark is a random text: it does not come back, also when the server has lost or
evicted it.

Source: requirements 11.2, 13.1.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from time import monotonic, time
from typing import Any
from uuid import uuid4

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from ..core.protocols import CacheLookup, CacheMarks

_logger = structlog.get_logger("cache")

_AWAY_S = 5.0
"""How long a server that did not answer is not asked again."""

_WARNING_S = 60.0
"""How often is said at most that it does not answer."""

_TIMEOUT_S = 0.5
"""How long an answer is waited for: a database would have answered by then."""

_TRACE_MS = 600_000
"""How long is known that a tag was dropped for which nothing is kept: longer than a query takes."""

_CONNECTIONS = 32
_MAX_VALUE_BYTES = 1024 * 1024
_CHUNK = 500
"""How many keys go with one command."""

_MAX_OWED = 10_000
"""Of how many tags is remembered that they could not be dropped; of more, everything is."""

_EVERYTHING = "*all"
_BEGUN = "*begun"

# KEYS: the value's, then those of the tags. ARGV: marks of the tags when they were looked at, then
# value, time it was made, time to live in ms, a new mark. A value is kept with the marks that its
# tags have; a tag that has none gets one, which lives as long as the value at least. It begins with
# `k`, that of a tag that was dropped with `d`: where there was none and there is one with `k`,
# nothing was dropped.
_SET = """
local tags = #KEYS - 1
local value, made, ttl, fresh = unpack(ARGV, tags + 1)
ttl = tonumber(ttl)
local marks = {}
for i = 1, tags do
  marks[i] = redis.call('GET', KEYS[i + 1]) or ''
  local same = marks[i] == ARGV[i] or (ARGV[i] == '' and marks[i]:sub(1, 1) == 'k')
  if not same then return 0 end
end
for i = 1, tags do
  if marks[i] == '' then
    marks[i] = fresh
    redis.call('SET', KEYS[i + 1], fresh, 'PX', ttl)
  elseif redis.call('PTTL', KEYS[i + 1]) < ttl then
    redis.call('PEXPIRE', KEYS[i + 1], ttl)
  end
end
redis.call('SET', KEYS[1], made .. ' ' .. table.concat(marks, ' ') .. '\\n' .. value, 'PX', ttl)
return 1
"""


class RedisCache:
    """A `CacheProvider` on a server.

    When the server does not answer nothing is kept and nothing is found for some seconds; what was
    dropped meanwhile is dropped before anything is found again.
    """

    def __init__(
        self,
        client: Redis,
        *,
        prefix: str,
        edition: str = "",
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """Keep values on a server that others may use too.

        Args:
            client: Reads bytes.
            prefix: What all keys begin with; the same for all who drop each other's values.
            edition: What the values are made by: other code finds none of them.
            seconds: A clock that never goes back.
        """
        self._client = client
        self._tags = f"{{{prefix}}}:tag:"
        self._values = f"{{{prefix}}}:value:{edition}:"
        self._all_values = f"{{{prefix}}}:value:"
        self._seconds = seconds
        self._set = client.register_script(_SET)
        self._away_until = float("-inf")
        self._warned = float("-inf")
        self._owed: dict[str, int] = {}
        self._drops = 0
        self._dropping: set[asyncio.Task[None]] = set()

    @classmethod
    def at(cls, url: str, *, prefix: str, edition: str = "") -> "RedisCache":
        """Return a cache on the server of a URL; it is connected to when it is asked."""
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_TIMEOUT_S,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            # Once more at once: the server may have closed a connection that lay idle.
            retry=Retry(NoBackoff(), 1),
        )
        return cls(Redis.from_pool(pool), prefix=prefix, edition=edition)

    async def get(self, key: str, tags: Sequence[str] = ()) -> CacheLookup:
        """Return the value of a key, and what to keep another one with."""
        found = await self._asked(lambda: self._get(key, tags))
        return found or CacheLookup()

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
        if len(value) > _MAX_VALUE_BYTES:
            return
        ttl_ms = max(1, int(ttl.total_seconds() * 1000))
        keys = [self._values + key, *self._tag_keys(tags)]
        made, fresh = f"{time():.3f}", f"k{uuid4().hex}"
        arguments: tuple[str | bytes | int, ...] = (*map(str, marks), value, made, ttl_ms, fresh)
        await self._asked(lambda: self._set(keys=keys, args=arguments))

    async def drop(self, tags: Sequence[str]) -> None:
        """Forget the values that have any of these tags."""
        # A client that goes away must not take what it has changed with it.
        task = asyncio.create_task(self._drop(tags))
        self._dropping.add(task)
        task.add_done_callback(self._dropping.discard)
        await asyncio.shield(task)

    async def delete(self, pattern: str) -> None:
        """Forget the keys that match; `*` stands for any characters."""
        await self.drop((_BEGUN,))
        # Only the star has a meaning. The first one is whatever edition: others forget it too.
        await self._asked(lambda: self._delete(_escaped(f"{self._all_values}*:{pattern}")))

    async def clear(self) -> None:
        """Forget everything."""
        await self.drop((_EVERYTHING,))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _get(self, key: str, tags: Sequence[str]) -> CacheLookup:
        # Any: the client's type does not tell whether it decodes what it reads; this one does not.
        answer: Any = await self._client.mget(self._values + key, *self._tag_keys(tags))
        found: bytes | None = answer[0]
        said = tuple((mark or b"").decode() for mark in answer[1:])
        if found is not None:
            head, _, value = found.partition(b"\n")
            made, *kept = head.decode().split(" ")
            # The first mark is for what is being worked out, not for what is kept.
            if tuple(kept[1:]) == said[1:]:
                return CacheLookup(value, max(0.0, time() - float(made)), said)
        return CacheLookup(marks=said)

    async def _drop(self, tags: Iterable[str]) -> None:
        self._owe(tags)
        await self._asked(self._nothing)

    async def _nothing(self) -> None:
        """Ask for nothing: what is owed is dropped before anything is asked."""

    async def _delete(self, pattern: str) -> None:
        found: list[bytes] = []
        async for key in self._client.scan_iter(match=pattern, count=_CHUNK):
            found.append(key)
            if len(found) >= _CHUNK:
                await self._client.unlink(*found)
                found.clear()
        if found:
            await self._client.unlink(*found)

    def _tag_keys(self, tags: Sequence[str]) -> list[str]:
        return [self._tags + tag for tag in (_BEGUN, _EVERYTHING, *tags)]

    def _owe(self, tags: Iterable[str]) -> None:
        self._drops += 1
        self._owed.update(dict.fromkeys(tags, self._drops))
        if len(self._owed) > _MAX_OWED:
            self._owed = {_EVERYTHING: self._drops}

    async def _pay(self) -> None:
        """Drop what is owed."""
        owed = tuple(self._owed.items())
        for start in range(0, len(owed), _CHUNK):
            chunk = owed[start : start + _CHUNK]
            async with self._client.pipeline(transaction=False) as commands:
                for tag, _ in chunk:
                    commands.set(self._tags + tag, f"d{uuid4().hex}", px=_TRACE_MS)
                await commands.execute()
            for tag, drop in chunk:
                # Owed anew since, by a change that may have come after the command.
                if self._owed.get(tag) == drop:
                    del self._owed[tag]

    async def _asked[T](self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Return what the server answers; None when it is away."""
        if self._seconds() < self._away_until:
            return None
        try:
            if self._owed:
                await self._pay()
            return await ask()
        except (RedisError, OSError) as error:
            self._be_away(error)
            return None

    def _be_away(self, error: Exception) -> None:
        now = self._seconds()
        self._away_until = now + _AWAY_S
        if now - self._warned >= _WARNING_S:
            self._warned = now
            _logger.warning("cache_away", reason=type(error).__name__, owed=len(self._owed))


def _escaped(pattern: str) -> str:
    return "".join(f"\\{sign}" if sign in "[]?\\^" else sign for sign in pattern)
