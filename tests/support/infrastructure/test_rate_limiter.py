"""Requests are counted as the algorithm says, in memory and on a server that processes share."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import time as wall_clock
from uuid import uuid4

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from apigen.support.application.rate_limits import Rate, RateAlgorithm
from apigen.support.infrastructure.rate_limiter import CountingRateLimiter

SLIDING = RateAlgorithm.SLIDING_WINDOW
BUCKET = RateAlgorithm.TOKEN_BUCKET
FIXED = RateAlgorithm.FIXED_WINDOW
SIX = Rate(6, 60)
NOWHERE = SecretStr("redis://:secret@127.0.0.1:1/0")


class Time:
    """A clock that tests set."""

    def __init__(self) -> None:
        # At the begin of a minute.
        self.now = 1_800_000_000.0

    def seconds(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server(redis_url: str) -> SecretStr:
    return SecretStr(redis_url)


@asynccontextmanager
async def limiter(
    url: SecretStr | None = None, *, prefix: str | None = None, time: Time | None = None
) -> AsyncIterator[CountingRateLimiter]:
    made = CountingRateLimiter(
        prefix=prefix or f"test-{uuid4().hex}",
        redis_url=url,
        seconds=time.seconds if time else (lambda: 0.0),
        now=time.seconds if time else wall_clock,
    )
    try:
        yield made
    finally:
        await made.close()


async def allowed(limiter: CountingRateLimiter, rate: Rate, algorithm: RateAlgorithm) -> int:
    """Return how many requests are allowed at once."""
    count = 0
    while not (await limiter.count("key", rate, algorithm)).is_limited:
        count += 1
    return count


@pytest.mark.criterion("R69.1")
@pytest.mark.parametrize("algorithm", RateAlgorithm)
@pytest.mark.parametrize("is_shared", [False, True])
async def test_a_rate_is_kept(algorithm: RateAlgorithm, is_shared: bool, server: SecretStr) -> None:
    async with limiter(server if is_shared else None) as counting:
        verdicts = [await counting.count("a", Rate(3, 3600), algorithm) for _ in range(5)]
        other = await counting.count("b", Rate(3, 3600), algorithm)

    assert [verdict.is_limited for verdict in verdicts] == [False] * 3 + [True] * 2
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0, 0]
    assert verdicts[0].retry_s == 0
    assert 0 < verdicts[-1].retry_s <= 2 * 3600
    assert not other.is_limited


@pytest.mark.criterion("R69.1")
async def test_a_sliding_window_forgets_bit_by_bit(time: Time) -> None:
    async with limiter(time=time) as counting:
        assert await allowed(counting, SIX, SLIDING) == 6
        time.now += 60 + 30
        # Half of the last minute counts still.
        assert await allowed(counting, SIX, SLIDING) == 3


@pytest.mark.criterion("R69.1")
async def test_a_bucket_is_refilled_all_the_time(time: Time) -> None:
    async with limiter(time=time) as counting:
        assert await allowed(counting, SIX, BUCKET) == 6
        time.now += 20
        assert await allowed(counting, SIX, BUCKET) == 2


@pytest.mark.criterion("R69.1")
async def test_a_fixed_window_begins_anew(time: Time) -> None:
    async with limiter(time=time) as counting:
        time.now += 59
        assert await allowed(counting, SIX, FIXED) == 6
        time.now += 1
        assert await allowed(counting, SIX, FIXED) == 6


@pytest.mark.criterion("R69.3")
@pytest.mark.parametrize("algorithm", RateAlgorithm)
@pytest.mark.parametrize("begin", [0, 17, 59])
async def test_who_waits_as_told_is_let_in(
    algorithm: RateAlgorithm, begin: int, time: Time
) -> None:
    time.now += begin
    async with limiter(time=time) as counting:
        await allowed(counting, SIX, algorithm)
        refused = await counting.count("key", SIX, algorithm)
        time.now += refused.retry_s

        assert not (await counting.count("key", SIX, algorithm)).is_limited
        assert refused.retry_s <= math.ceil(60 + 60 / 6)


async def test_processes_share_what_a_server_counts(server: SecretStr) -> None:
    prefix = f"test-{uuid4().hex}"
    async with limiter(server, prefix=prefix) as one, limiter(server, prefix=prefix) as other:
        counted = [await each.count("a", Rate(3, 60), FIXED) for each in (one, other) * 2]

    assert [verdict.is_limited for verdict in counted] == [False, False, False, True]


async def test_projects_on_one_server_do_not_meet(server: SecretStr) -> None:
    async with limiter(server) as one, limiter(server) as other:
        await one.count("a", Rate(1, 60), FIXED)

        assert not (await other.count("a", Rate(1, 60), FIXED)).is_limited


async def test_without_the_server_each_process_counts_by_itself(time: Time) -> None:
    async with limiter(NOWHERE, time=time) as counting:
        with capture_logs() as logs:
            verdicts = [await counting.count("a", Rate(2, 3600), SLIDING) for _ in range(3)]
            time.now += 10
            await counting.count("a", Rate(2, 3600), SLIDING)

    assert [verdict.is_limited for verdict in verdicts] == [False, False, True]
    # Once, however many requests and attempts there are; the address has a password.
    assert [entry["event"] for entry in logs] == ["rate_limits_in_memory"]
    assert "secret" not in str(logs)


async def test_a_server_that_is_back_is_used_again(server: SecretStr, time: Time) -> None:
    async with limiter(server, time=time) as counting:
        store = counting._server
        counting._server = None
        async with limiter(NOWHERE) as lost:
            counting._server = lost._server
            with capture_logs() as logs:
                await counting.count("a", Rate(2, 3600), FIXED)
                counting._server = store
                await counting.count("a", Rate(2, 3600), FIXED)
                early = list(logs)
                time.now += 6
                await counting.count("a", Rate(2, 3600), FIXED)

    assert [entry["event"] for entry in early] == ["rate_limits_in_memory"]
    assert logs[-1]["event"] == "rate_limits_shared_again"
