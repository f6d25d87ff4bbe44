"""A pool keeps its promises whatever becomes of those who wait, and of what it lends."""

import asyncio
import random
from typing import Any, cast

import asyncpg
import pytest

from apigen.support.core.errors import PoolInvariantViolation, PoolTimeoutError
from apigen.support.infrastructure.postgresql_connections import PostgreSQLConnections


class Line:
    """Looks like a connection of asyncpg."""

    def __init__(self) -> None:
        self.is_open = True

    def is_closed(self) -> bool:
        return not self.is_open

    def terminate(self) -> None:
        self.is_open = False

    async def close(self) -> None:
        self.is_open = False


class Server:
    """Makes connections, and knows how many are open."""

    def __init__(self, refusals: int = 0) -> None:
        self.lines: list[Line] = []
        self.refusals = refusals

    async def connect(self) -> asyncpg.Connection:
        await asyncio.sleep(0)
        if self.refusals:
            self.refusals -= 1
            raise OSError("refused")
        self.lines.append(Line())
        return cast(asyncpg.Connection, self.lines[-1])

    @property
    def open(self) -> int:
        return sum(line.is_open for line in self.lines)


def pool_of(server: Server, **options: Any) -> PostgreSQLConnections:
    """Return a pool of three."""
    return PostgreSQLConnections(
        server.connect, **({"limit": 3, "timeout_s": 5.0, "rest_s": 60.0} | options)
    )


def books(pool: PostgreSQLConnections) -> tuple[int, int, int]:
    """Return the size, what rests and what is lent."""
    pool.require_balance()
    return pool.counters["size"], pool.counters["idle"], pool.counters["lent"]


@pytest.mark.criterion("R32.2")
async def test_the_connection_that_came_back_last_is_lent_first() -> None:
    server = Server()
    pool = pool_of(server)
    (first, _), (second, _) = await pool.take(), await pool.take()
    pool.give_back(first)
    pool.give_back(second)

    assert (await pool.take())[0] is second
    assert books(pool) == (2, 1, 1)


async def test_those_who_wait_are_served_in_their_order() -> None:
    pool = pool_of(Server(), limit=1)
    served: list[int] = []

    async def use(number: int) -> None:
        connection, _ = await pool.take()
        served.append(number)
        await asyncio.sleep(0)
        pool.give_back(connection)

    await asyncio.gather(*(use(number) for number in range(9)))

    assert served == list(range(9))
    assert books(pool) == (1, 1, 0)


async def test_a_place_is_passed_on_when_its_connection_is_lost() -> None:
    server = Server()
    pool = pool_of(server, limit=1)
    lost, _ = await pool.take()
    waits = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    pool.discard(lost)

    connection, _ = await waits

    assert connection is not lost
    assert (server.open, books(pool)) == (1, (1, 0, 1))


async def test_who_can_not_connect_leaves_the_place_to_the_next() -> None:
    pool = pool_of(Server(refusals=1), limit=1)

    results = await asyncio.gather(pool.take(), pool.take(), return_exceptions=True)

    assert isinstance(results[0], OSError)
    assert not isinstance(results[1], BaseException)
    assert books(pool) == (1, 0, 1)


async def test_what_has_rested_too_long_is_replaced() -> None:
    server = Server()
    pool = pool_of(server, rest_s=0.0)
    pool.give_back((await pool.take())[0])

    await pool.take()

    assert (len(server.lines), server.open) == (2, 1)


async def test_what_is_lent_when_the_pool_closes_is_closed_when_it_comes_back() -> None:
    server = Server()
    pool = pool_of(server)
    (first, _), (second, _) = await pool.take(), await pool.take()
    pool.give_back(first)

    await pool.close()
    assert server.open == 1
    pool.give_back(second)
    assert (server.open, books(pool)) == (0, (0, 0, 0))


async def test_books_that_do_not_balance_are_told() -> None:
    pool = pool_of(Server())
    connection, _ = await pool.take()
    pool.give_back(connection)
    pool.give_back(connection)

    with pytest.raises(PoolInvariantViolation):
        pool.require_balance()


@pytest.mark.parametrize("seed", range(20))
async def test_nothing_is_lost_when_users_are_cancelled(seed: int) -> None:
    chance = random.Random(seed)
    server = Server()
    pool = pool_of(server, timeout_s=0.003)
    most = 0

    async def use() -> None:
        nonlocal most
        connection, _ = await pool.take()
        most = max(most, pool.counters["lent"])
        try:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(chance.choice((0, 0, 0.001)))
            if chance.random() < 0.2:
                connection.terminate()
        except asyncio.CancelledError:
            pool.discard(connection)
            raise
        pool.give_back(connection)
        if chance.random() < 0.1:
            pool.expire()

    tasks = []
    for _ in range(100):
        tasks.append(asyncio.create_task(use()))
        if chance.random() < 0.5:
            await asyncio.sleep(0)
        if chance.random() < 0.4:
            chance.choice(tasks).cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert {type(result) for result in results} <= {
        type(None),
        asyncio.CancelledError,
        PoolTimeoutError,
        # Of one that is being made, on a machine with much else to do.
        TimeoutError,
    }
    size, idle, lent = books(pool)
    assert (lent, size) == (0, idle)
    assert server.open == idle
    assert most <= 3
