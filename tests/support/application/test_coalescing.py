"""Those who ask the same at the same time wait for one answer."""

import asyncio

import pytest

from apigen.support.application.coalescing import RequestCoalescing


class Work:
    """Counts how often it is begun, and ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.end = asyncio.Event()
        self.fails = False

    async def __call__(self) -> int:
        self.begun += 1
        await self.end.wait()
        if self.fails:
            raise ConnectionError("away")
        return self.begun


@pytest.mark.criterion("R13.4", "R62.1", "R62.2", "R62.4")
async def test_equal_requests_are_answered_once() -> None:
    flights = RequestCoalescing[str, int](key=str.lower)
    work, other = Work(), Work()
    asked = [asyncio.create_task(flights.run(key, work)) for key in ("a", "A", "a")]
    asked.append(asyncio.create_task(flights.run("b", other)))
    await asyncio.sleep(0)
    for one in (work, other):
        one.end.set()

    assert await asyncio.gather(*asked) == [1, 1, 1, 1]
    assert await flights.run("a", work) == 2
    assert (flights.statistics.asked, flights.statistics.shared) == (5, 2)
    assert flights.statistics.hit_rate == 0.4


async def test_who_asked_first_can_go_away() -> None:
    flights = RequestCoalescing[str, int](key=str)
    work = Work()
    first, second = (asyncio.create_task(flights.run("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    work.end.set()

    assert await second == 1
    assert first.cancelled()


async def test_nothing_is_worked_out_for_nobody() -> None:
    flights = RequestCoalescing[str, int](key=str)
    given_up, work = Work(), Work()
    asked = [asyncio.create_task(flights.run("a", given_up)) for _ in range(2)]
    await asyncio.sleep(0)
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    work.end.set()

    assert await flights.run("a", work) == 1
    assert (given_up.begun, flights._flights) == (1, {})


async def test_a_failure_is_told_to_all_who_wait_and_to_nobody_after() -> None:
    flights = RequestCoalescing[str, int](key=str)
    work = Work()
    work.fails = True
    asked = [asyncio.create_task(flights.run("a", work)) for _ in range(3)]
    await asyncio.sleep(0)
    work.end.set()
    told = await asyncio.gather(*asked, return_exceptions=True)
    work.fails = False

    assert [type(one) for one in told] == [ConnectionError] * 3
    assert await flights.run("a", work) == 2


@pytest.mark.criterion("R62.3")
async def test_who_loses_patience_leaves_the_work_to_those_who_wait() -> None:
    flights = RequestCoalescing[str, int](key=str, timeout_s=0.05)
    work = Work()
    first = asyncio.create_task(flights.run("a", work))
    await asyncio.sleep(0.03)
    second = asyncio.create_task(flights.run("a", work))
    told = (await asyncio.gather(first, return_exceptions=True))[0]
    work.end.set()

    assert isinstance(told, TimeoutError)
    assert await second == 1
