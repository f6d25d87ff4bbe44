"""A process that does nothing but tasks, until it is told to stop.

Source: requirement 67.1.
"""

import asyncio
import signal
from contextlib import suppress

from .task_worker import TaskWorker


async def work_until_stopped(worker: TaskWorker, *, grace_s: float = 30.0) -> None:
    """Do tasks until SIGTERM or SIGINT comes; those that are under way are done to their end.

    Args:
        worker: Does them.
        grace_s: How long that may take; what takes longer is given back to other workers.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        # Not every platform can; Ctrl-C ends the process there all the same.
        with suppress(NotImplementedError):
            loop.add_signal_handler(name, stopped.set)
    worker.start()
    try:
        await stopped.wait()
    finally:
        await worker.stop(grace_s=grace_s)
