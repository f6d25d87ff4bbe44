"""Processes that ask for tasks and do them until they are killed, one after the other.

Run as `python -m tests.support.infrastructure.killed_tasks URL FILE KILLS`: prints how many tasks
were told to be taken in, and writes a line to FILE for each that was begun.
"""

import asyncio
import os
import random
import signal
import sys

from apigen.support.infrastructure.engine import create_engine

from .errands import run_errands


def kill_one(url: str, file: str, *, after: int) -> int:
    """Kill a process once it has told of so many tasks; return how many it told of."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        asyncio.run(run_errands(create_engine(url), file, writing))
    os.close(writing)
    told = sum(len(os.read(reading, 1)) for _ in range(after))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    while rest := os.read(reading, 100):
        told += len(rest)
    os.close(reading)
    return told


if __name__ == "__main__":
    chance = random.Random(67)
    print(
        sum(
            kill_one(sys.argv[1], sys.argv[2], after=chance.randint(1, 8))
            for _ in range(int(sys.argv[3]))
        )
    )
