"""Processes that send parcels and relay events until they are killed, one after the other.

Run as `python -m tests.support.infrastructure.killed URL FILE KILLS`: prints how many parcels were
told to be committed, and writes a line to FILE for each event that was delivered.
"""

import os

from apigen.support.domain.events import AnyEvent
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.outbox import OutboxRelay

from .killing import kill_workers
from .parcels import Post, SendParcel


async def work(url: str, file: str, told: int) -> None:
    """Send one parcel after the other, and write a line to `told` after each commit."""
    # Written without a buffer: what is written stays when the process is killed.
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def publish(event: AnyEvent, *, consumer: str | None = None) -> None:
        os.write(log, f"{event.event_id}\n".encode())

    post = Post(create_engine(url))
    OutboxRelay(post.engine, post.outbox, publish).start()
    while True:
        parcel = await post.packed()
        await post.send(SendParcel(id=parcel.id))
        os.write(told, b"\n")


if __name__ == "__main__":
    kill_workers(work, seed=59)
