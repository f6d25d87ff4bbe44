"""What caches promise, in memory and on a server; and what is theirs alone."""

import asyncio
import socket
from datetime import timedelta
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from apigen.support.core.protocols import CacheProvider
from apigen.support.infrastructure.cache import LRUCache, MemoryCache
from apigen.support.infrastructure.redis_cache import RedisCache

HOUR = timedelta(hours=1)


async def keep(cache: CacheProvider, key: str, *tags: str, ttl: timedelta = HOUR) -> None:
    """Keep the key as its own value."""
    found = await cache.get(key, tags)
    assert found.marks is not None
    await cache.set(key, key.encode(), ttl=ttl, tags=tags, marks=found.marks)


async def kept(cache: CacheProvider, key: str, *tags: str) -> bytes | None:
    """Return the value of a key."""
    return (await cache.get(key, tags)).value


class TestEveryCache:
    """Contract of `CacheProvider`."""

    @pytest.mark.criterion("R11.2", "R13.1")
    async def test_values_are_found_until_all_is_cleared(self, cache: CacheProvider) -> None:
        await keep(cache, "a")
        await keep(cache, "b", "x")
        found = await cache.get("a")

        assert isinstance(cache, CacheProvider)
        assert (found.value, await kept(cache, "b", "x"), await kept(cache, "c")) == (
            b"a",
            b"b",
            None,
        )
        assert 0 <= found.age_s < 60
        await cache.clear()
        assert (await kept(cache, "a"), await kept(cache, "b", "x")) == (None, None)

    async def test_values_end_with_their_time(self, cache: CacheProvider) -> None:
        await keep(cache, "a", "x", ttl=timedelta(milliseconds=30))
        before = await kept(cache, "a", "x")
        await asyncio.sleep(0.05)

        assert (before, await kept(cache, "a", "x")) == (b"a", None)

    @pytest.mark.criterion("R123.3")
    async def test_a_tag_drops_what_has_it_and_nothing_else(self, cache: CacheProvider) -> None:
        await keep(cache, "a", "x", "y")
        await keep(cache, "b", "y")
        await keep(cache, "c", "z")

        await cache.drop(["x"])
        once = [
            await kept(cache, "a", "x", "y"),
            await kept(cache, "b", "y"),
            await kept(cache, "c", "z"),
        ]
        await cache.drop(["y", "unknown"])

        assert once == [None, b"b", b"c"]
        assert [await kept(cache, "b", "y"), await kept(cache, "c", "z")] == [None, b"c"]

    async def test_what_was_dropped_can_be_kept_anew(self, cache: CacheProvider) -> None:
        for _ in range(3):
            await keep(cache, "a", "x")
            assert await kept(cache, "a", "x") == b"a"
            await cache.drop(["x"])
            assert await kept(cache, "a", "x") is None

    @pytest.mark.parametrize("is_known", [False, True], ids=["first", "again"])
    async def test_what_was_read_before_a_drop_is_not_kept_after_it(
        self, cache: CacheProvider, is_known: bool
    ) -> None:
        """The race of a reader with a writer."""
        if is_known:
            await keep(cache, "other", "x")
        reader = await cache.get("a", ("x",))
        await cache.drop(["x"])
        assert reader.marks is not None

        await cache.set("a", b"old", ttl=HOUR, tags=("x",), marks=reader.marks)

        assert await kept(cache, "a", "x") is None

    @pytest.mark.parametrize("how", ["delete", "clear"])
    async def test_what_was_read_before_all_was_forgotten_is_not_kept(
        self, cache: CacheProvider, how: str
    ) -> None:
        reader = await cache.get("Orders:a", ())
        if how == "clear":
            await cache.clear()
        else:
            await cache.delete("Orders:*")
        assert reader.marks is not None

        await cache.set("Orders:a", b"old", ttl=HOUR, marks=reader.marks)

        assert await kept(cache, "Orders:a") is None

    @pytest.mark.criterion("R110.4")
    async def test_keys_are_forgotten_by_pattern(self, cache: CacheProvider) -> None:
        keys = ("Orders:x", "Orders:[y]?", "Others:x")
        for key in keys:
            await keep(cache, key)

        await cache.delete("Orders:[y]*")
        first = [await kept(cache, key) for key in keys]
        await cache.delete("Orders:*")

        assert first == [b"Orders:x", None, b"Others:x"]
        assert [await kept(cache, key) for key in keys] == [None, None, b"Others:x"]

    async def test_bytes_come_back_as_they_were(self, cache: CacheProvider) -> None:
        value = bytes(range(256)) + b"\n \n"
        found = await cache.get("a", ("x",))
        assert found.marks is not None
        await cache.set("a", value, ttl=HOUR, tags=("x",), marks=found.marks)
        await cache.set("empty", b"", ttl=HOUR, tags=("x",), marks=found.marks)

        assert await kept(cache, "a", "x") == value
        assert await kept(cache, "empty", "x") == b""

    async def test_many_keys_are_forgotten_at_once(self, cache: CacheProvider) -> None:
        for number in range(1_200):
            await keep(cache, f"Orders:{number}", f"row:{number}")
        await cache.drop([f"row:{number}" for number in range(700)])
        left = [number for number in range(1_200) if await self._has(cache, number)]
        await cache.delete("Orders:*")

        assert left == list(range(700, 1_200))
        assert not any([await self._has(cache, number) for number in range(0, 1_200, 50)])

    async def _has(self, cache: CacheProvider, number: int) -> bool:
        return await kept(cache, f"Orders:{number}", f"row:{number}") is not None


class TestMemory:
    """What only the cache of one process can be asked."""

    async def test_time_is_that_of_the_clock(self) -> None:
        now = 0.0
        cache = MemoryCache(seconds=lambda: now)
        await keep(cache, "a")
        now = 3599.0
        found = await cache.get("a")
        now = 3600.0

        assert (found.value, found.age_s, await kept(cache, "a")) == (b"a", 3599.0, None)

    async def test_what_was_not_asked_for_longest_goes_first(self) -> None:
        cache = MemoryCache(max_entries=2)
        await keep(cache, "a", "x")
        await keep(cache, "b", "x")
        await kept(cache, "a", "x")
        await keep(cache, "c", "x")

        assert [await kept(cache, key, "x") for key in ("a", "b", "c")] == [b"a", None, b"c"]

    async def test_values_have_so_many_bytes_together(self) -> None:
        cache = MemoryCache(max_bytes=100_000)
        found = await cache.get("a", ("x",))
        assert found.marks is not None
        for number in range(200):
            await cache.set(str(number), bytes(5_000), ttl=HOUR, tags=("x",), marks=found.marks)
        await cache.set("large", bytes(20_000), ttl=HOUR, tags=("x",), marks=found.marks)
        left = [number for number in range(200) if await kept(cache, str(number), "x")]

        assert left == list(range(200 - len(left), 200))
        assert 10 <= len(left) <= 20
        assert await kept(cache, "large", "x") is None
        await cache.drop(["x"])
        assert cache._entries.weight == 0
        assert cache._tagged == {}

    async def test_forgotten_drops_make_marks_old_rather_than_young(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cache = MemoryCache()
        reader = await cache.get("a", ("x",))
        await cache.drop(["x"])
        await cache.drop([f"row:{number}" for number in range(20_000)])
        assert reader.marks is not None

        await cache.set("a", b"old", ttl=HOUR, tags=("x",), marks=reader.marks)

        assert await kept(cache, "a", "x") is None


@pytest.mark.criterion("R39.5")
def test_lru_cache_is_generic_and_bounded_in_number_and_weight() -> None:
    gone: list[int] = []
    cache = LRUCache[int, str](
        max_entries=3,
        max_weight=16,
        weigh=lambda _, value: len(value),
        evicted=lambda key, _: gone.append(key),
    )
    for key, value in enumerate(("a", "bb", "cc", "d")):
        cache.set(key, value)
    cache.set(4, "too long")
    cache.set(1, "b")

    assert (cache.oldest_first(), gone, cache.weight, len(cache)) == ([2, 3, 1], [0], 4, 3)
    assert (cache.pop(2), cache.pop(2), cache.weight) == ("cc", None, 2)


class TestServer:
    """What only a cache on a server can be asked."""

    async def test_processes_drop_each_others_values_unless_their_prefix_differs(
        self, redis_url: str
    ) -> None:
        prefix = f"test-{uuid4().hex}"
        one, same = (RedisCache.at(redis_url, prefix=prefix) for _ in range(2))
        other = RedisCache.at(redis_url, prefix=f"{prefix}-other")
        await keep(one, "a", "x")

        seen = [await kept(cache, "a", "x") for cache in (one, same, other)]
        await other.drop(["x"])
        kept_still = await kept(one, "a", "x")
        await same.drop(["x"])

        assert seen == [b"a", b"a", None]
        assert (kept_still, await kept(one, "a", "x")) == (b"a", None)
        for cache in (one, same, other):
            await cache.close()

    async def test_other_code_finds_no_values_but_drops_them(self, redis_url: str) -> None:
        prefix = f"test-{uuid4().hex}"
        old = RedisCache.at(redis_url, prefix=prefix, edition="1")
        new = RedisCache.at(redis_url, prefix=prefix, edition="2")
        await keep(old, "a", "x")

        seen = await kept(new, "a", "x")
        await new.drop(["x"])

        assert (seen, await kept(old, "a", "x")) == (None, None)
        await keep(old, "a", "x")
        await new.delete("a*")
        assert await kept(old, "a", "x") is None
        for cache in (old, new):
            await cache.close()

    async def test_values_are_gone_when_the_server_has_lost_a_mark(self, redis_url: str) -> None:
        prefix = f"test-{uuid4().hex}"
        cache = RedisCache.at(redis_url, prefix=prefix)
        client = Redis.from_url(redis_url)
        await keep(cache, "a", "x")
        await client.delete(f"{{{prefix}}}:tag:x")

        lost = await kept(cache, "a", "x")
        await keep(cache, "b", "x")

        assert (lost, await kept(cache, "a", "x"), await kept(cache, "b", "x")) == (
            None,
            None,
            b"b",
        )
        await client.aclose()
        await cache.close()

    async def test_all_that_is_kept_ends_by_itself(self, redis_url: str) -> None:
        prefix = f"test-{uuid4().hex}"
        cache = RedisCache.at(redis_url, prefix=prefix)
        client = Redis.from_url(redis_url)
        await keep(cache, "a", "x", ttl=timedelta(seconds=50))
        await keep(cache, "b", "x", ttl=timedelta(seconds=500))
        await cache.drop(["y"])
        await cache.get("never kept", ("row:1", "row:2"))

        ends = {
            key.decode().removeprefix(f"{{{prefix}}}:"): await client.pttl(key)
            async for key in client.scan_iter(match=f"{{{prefix}}}*")
        }

        assert sorted(ends) == ["tag:*all", "tag:*begun", "tag:x", "tag:y", "value::a", "value::b"]
        assert all(end > 0 for end in ends.values()), ends
        # A tag outlives what has it; its end may have been asked for a moment later.
        assert ends["tag:x"] >= ends["value::b"] - 1000
        await client.aclose()
        await cache.close()

    async def test_reads_go_on_when_the_server_is_away_and_it_is_not_asked_for_a_while(
        self, redis_url: str
    ) -> None:
        now = 0.0
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nowhere = f"redis://127.0.0.1:{taken.getsockname()[1]}"
            client = RedisCache.at(nowhere, prefix="test")._client
            cache = RedisCache(client, prefix="test", seconds=lambda: now)
            with capture_logs() as logs:
                first = await cache.get("a", ("x",))
                await cache.drop(["x"])
                await cache.set("a", b"a", ttl=HOUR, tags=("x",), marks=("", "", ""))
                await cache.delete("*")
                now = 10.0
                again = await cache.get("a", ("x",))

        assert (first.value, first.marks, again.marks) == (None, None, None)
        assert [log["event"] for log in logs] == ["cache_away"]
        await cache.close()

    async def test_what_was_dropped_while_the_server_was_away_is_dropped_before_it_is_read(
        self, redis_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 0.0
        prefix = f"test-{uuid4().hex}"
        client = RedisCache.at(redis_url, prefix=prefix)._client
        cache = RedisCache(client, prefix=prefix, seconds=lambda: now)
        await keep(cache, "a", "x")
        await keep(cache, "b", "y")
        with monkeypatch.context() as broken:
            broken.setattr(client, "pipeline", _refuse)
            await cache.drop(["x"])
            away = await cache.get("a", ("x",))
        now = 10.0

        assert away.marks is None
        assert [await kept(cache, "a", "x"), await kept(cache, "b", "y")] == [None, b"b"]
        await cache.close()

    async def test_a_client_that_goes_away_does_not_keep_a_change_to_itself(
        self, redis_url: str
    ) -> None:
        cache = RedisCache.at(redis_url, prefix=f"test-{uuid4().hex}")
        await keep(cache, "a", "x")
        change = asyncio.create_task(cache.drop(["x"]))
        await asyncio.sleep(0)
        change.cancel()
        await asyncio.gather(change, return_exceptions=True)
        await asyncio.gather(*cache._dropping)

        assert await kept(cache, "a", "x") is None
        await cache.close()


def _refuse(**_options: object) -> None:
    raise OSError("no route to host")
