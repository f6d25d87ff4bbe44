"""What is told of pools: waits in one line, losses, a database that is away and comes back."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from apigen.support.core.errors import DatabaseConnectionError, PoolTimeoutError
from apigen.support.core.settings import DatabaseSettings
from apigen.support.infrastructure.engine import create_engine, reading
from apigen.support.infrastructure.pool_watch import PoolState, PoolWatch

FULL = PoolState(limit=3, used=3, idle=0)


def watch_of(state: PoolState = FULL) -> PoolWatch:
    """Return a watch that tells soon."""
    return PoolWatch("queries", lambda: state, tell_every_s=0.02)


@pytest.mark.criterion("R79.3")
async def test_all_waits_of_a_while_are_one_line() -> None:
    watch = watch_of()

    async def wait(seconds: float) -> None:
        with watch.waiting():
            await asyncio.sleep(seconds)

    with capture_logs() as lines:
        await asyncio.gather(wait(0), wait(0.001), wait(0.002))
        assert watch.queue_depth == 0
        await asyncio.sleep(0.05)

    (line,) = lines
    assert line["event"] == "database_pool_exhausted"
    assert line["log_level"] == "info"
    assert (line["waited"], line["most_waiting"], line["waiting"]) == (3, 3, 0)
    assert 0 < line["mean_wait_ms"] <= line["longest_wait_ms"]


@pytest.mark.criterion("R79.3")
async def test_who_still_waits_is_told_of() -> None:
    watch = watch_of()

    with capture_logs() as lines, watch.waiting():
        await asyncio.sleep(0.05)
        assert watch.queue_depth == 1

    assert [(line["log_level"], line["waiting"], line["waited"]) for line in lines] == [
        ("warning", 1, 0)
    ]


async def test_nothing_is_told_of_a_pool_in_which_nobody_waits() -> None:
    with capture_logs() as lines:
        watch = watch_of(PoolState(limit=3, used=1, idle=2))
        watch.reached()
        watch.close()

    assert lines == []


@pytest.mark.criterion("R79.2")
async def test_a_database_that_is_away_is_one_alert_and_its_return_another() -> None:
    moments = iter((1.0, 4.5))
    watch = PoolWatch("queries", lambda: FULL, seconds=lambda: next(moments))

    with capture_logs() as lines:
        for _ in range(3):
            watch.unreachable(ConnectionRefusedError("at secret.example"))
        watch.reached()
        watch.reached()

    assert [(line["event"], line["log_level"]) for line in lines] == [
        ("database_unreachable", "error"),
        ("database_reached_again", "warning"),
    ]
    assert lines[0]["reason"] == "ConnectionRefusedError"
    assert (lines[1]["after_s"], lines[1]["attempts"]) == (3.5, 3)


@pytest.mark.criterion("R32.3", "R79.3")
async def test_waits_for_transactions_are_told_too(tmp_path: Path) -> None:
    settings = DatabaseSettings(pool_size=1, max_overflow=0, pool_timeout_s=0.1)
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'p.db'}", settings)

    with capture_logs() as lines:
        async with reading(engine):
            with pytest.raises(PoolTimeoutError):
                async with reading(engine):
                    pass
        await engine.dispose()

    (line,) = lines
    assert (line["pool"], line["log_level"], line["timeouts"]) == ("transactions", "error", 1)
    assert line["longest_wait_ms"] >= 90


@pytest.mark.criterion("R79.2")
async def test_a_database_that_no_transaction_reaches_is_told_of() -> None:
    engine = create_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")

    with capture_logs() as lines:
        for _ in range(2):
            with pytest.raises(DatabaseConnectionError):
                async with reading(engine):
                    pass
        await engine.dispose()

    assert [(line["event"], line["pool"]) for line in lines] == [
        ("database_unreachable", "transactions")
    ]


async def test_a_connection_of_who_has_gone_is_not_lost(postgresql: str) -> None:
    """Clients that leave in the midst of an export would fill the log with warnings."""
    engine = create_engine(postgresql)

    async def ask() -> None:
        async with engine.connect() as connection:
            await connection.execute(sa.text("SELECT pg_sleep(60)"))

    with capture_logs() as logged:
        asked = asyncio.create_task(ask())
        await asyncio.sleep(0.5)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        async with engine.connect() as connection:
            found = await connection.scalar(sa.text("SELECT 1"))
        await engine.dispose()

    assert (asked.cancelled(), found, logged) == (True, 1, [])
