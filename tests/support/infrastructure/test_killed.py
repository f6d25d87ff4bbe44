"""Processes that die between a commit and the delivery of its events lose none of them."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from apigen.support.domain.events import AnyEvent
from apigen.support.infrastructure.engine import create_engine, reading
from apigen.support.infrastructure.outbox import OutboxRelay

from .parcels import OUTBOX_TABLE, ParcelRow, ParcelStatus, Post, Row

KILLS = int(os.environ.get("APIGEN_KILLS", "3"))
"""How often a process is killed; 200 show more than 3."""


@pytest.mark.slow
@pytest.mark.criterion("R59.1", "R59.2", "R16.4")
async def test_no_event_is_lost_with_a_process(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'post.db'}"
    if dialect == "postgresql":
        url = request.getfixturevalue("postgresql")
    log = tmp_path / "delivered"
    post = Post(create_engine(url))
    await post.create_tables()

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.infrastructure.killed", url, str(log), str(KILLS)),
        stdout=asyncio.subprocess.PIPE,
    )
    told = int((await process.communicate())[0])
    seen = {line for line in log.read_text().splitlines() if len(line) == 36}

    async def publish(event: AnyEvent, *, consumer: str | None = None) -> None:
        seen.add(str(event.event_id))

    after_leases = datetime.now(UTC) + timedelta(minutes=2)
    relay = OutboxRelay(post.engine, post.outbox, publish, clock=lambda: after_leases)
    while await relay.relay_once():
        pass

    async with reading(post.engine) as connection:
        outbox = (await connection.execute(sa.select(OUTBOX_TABLE))).all()
        sent = sa.select(sa.func.count()).where(ParcelRow.status == ParcelStatus.SENT)
        assert await connection.scalar(sent) == len(outbox) >= told
    assert seen == {str(row.event_id) for row in outbox}
    assert [row for row in outbox if row.published_at is None] == []
    async with post.engine.begin() as connection:
        await connection.run_sync(Row.metadata.drop_all)
    await post.engine.dispose()
