"""Processes that die while they do tasks lose none of them, and do few of them twice."""

import asyncio
import os
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from apigen.support.core.retry import RetryPolicy
from apigen.support.infrastructure.engine import create_engine, reading

from .errands import ERRAND, Home, all_rows, drop_tables

KILLS = int(os.environ.get("APIGEN_KILLS", "3"))
"""How often a process is killed; 20 show more than 3."""


@pytest.mark.slow
async def test_no_task_is_lost_with_a_process(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'home.db'}"
    if dialect == "postgresql":
        url = request.getfixturevalue("postgresql")
    log = tmp_path / "begun"
    after_leases = datetime.now(UTC) + timedelta(minutes=5)
    patient = replace(ERRAND, retry=RetryPolicy(attempts=1000))
    home = Home(create_engine(url), lambda: after_leases, definitions=(patient,))
    await home.create_tables()

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.infrastructure.killed_tasks"),
        *(url, str(log), str(KILLS)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told = int((await process.communicate())[0].split()[-1])
    begun = Counter(line for line in log.read_text().splitlines() if len(line) == 36)
    with structlog.testing.capture_logs():
        await home.worker.run_due()
    begun.update(str(run.context.id) for run in home.runs)

    async with reading(home.engine) as connection:
        rows = (await connection.execute(all_rows())).all()
    assert len(rows) >= told
    assert {row.state for row in rows} == {"succeeded"}
    assert set(begun) == {str(row.id) for row in rows}
    # Each attempt is one beginning, and only what a kill interrupted was begun again.
    assert all(begun[str(row.id)] <= row.attempts for row in rows)
    assert sum(row.attempts - 1 for row in rows) <= KILLS * home.worker.policy.concurrency
    await drop_tables(home.engine)
    await home.engine.dispose()
