"""Processes that send parcels and relay events until they are killed, one after the other.

Run as `python -m tests.support.infrastructure.killed URL FILE KILLS`: prints how many parcels were
told to be committed, and writes a line to FILE for each event that was delivered. Processes are
forked from this one, which has imported everything: that makes hundreds of them cheap.
"""

import asyncio
import os
import random
import signal
import sys

from apigen.support.domain.events import AnyEvent
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.outbox import OutboxRelay

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


def kill_one(url: str, file: str, *, after: int) -> int:
    """Kill a process once it has told of so many commits; return how many it told of."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        asyncio.run(work(url, file, writing))
    os.close(writing)
    told = sum(len(os.read(reading, 1)) for _ in range(after))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while rest := os.read(reading, 100):
        told += len(rest)
    os.close(reading)
    return told


if __name__ == "__main__":
    chance = random.Random(59)
    print(
        sum(
            kill_one(sys.argv[1], sys.argv[2], after=chance.randint(1, 8))
            for _ in range(int(sys.argv[3]))
        )
    )
