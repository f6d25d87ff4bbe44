"""A process that sends parcels and relays events until it is killed.

Run as `python -m tests.support.infrastructure.killed URL FILE`: writes a line to standard output
for each parcel whose transaction is committed, and to FILE for each event that was delivered.
"""

import asyncio
import os
import sys

from apigen.support.domain.events import AnyEvent
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.outbox import OutboxRelay

from .parcels import Post, SendParcel


async def work(url: str, file: str) -> None:
    """Send one parcel after the other."""
    # Written without a buffer: what is written stays when the process is killed.
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def publish(event: AnyEvent, *, consumer: str | None = None) -> None:
        os.write(log, f"{event.event_id}\n".encode())

    post = Post(create_engine(url))
    OutboxRelay(post.engine, post.outbox, publish).start()
    while True:
        parcel = await post.packed()
        await post.send(SendParcel(id=parcel.id))
        os.write(sys.stdout.fileno(), f"{parcel.id}\n".encode())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2]))
