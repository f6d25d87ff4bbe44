"""Kill processes that work, and count what they told of.

Processes are forked from this one, which has imported everything: that makes hundreds of them
cheap.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

type Work = Callable[[str, str, int], Coroutine[Any, Any, None]]
"""Works on the database at a URL, with a file to write to, and tells a pipe, a byte a time."""


def kill_workers(work: Work, *, seed: int) -> None:
    """Print how much was told of in all; `URL FILE KILLS` are the arguments of the program."""
    url, file, kills = sys.argv[1:]
    chance = random.Random(seed)
    print(sum(_kill_one(work, url, file, after=chance.randint(1, 8)) for _ in range(int(kills))))


def _kill_one(work: Work, url: str, file: str, *, after: int) -> int:
    """Kill a process once it has told of so much; return how much it told of."""
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
