"""Threads that outlive their test would have another one blamed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled() -> Iterator[None]:
    """Wait, at the end of the block, for the threads of connections that failed in it.

    aiosqlite tells the thread of a failed connection to stop and does not wait for it; it would
    answer to the closed loop of the test.
    """
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if "_connection_worker_thread" in thread.name:
            thread.join(timeout=5)
