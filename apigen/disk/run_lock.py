"""One run at a time in a project.

The operating system drops the lock when its holder ends, however it ends, so that a dead holder
never blocks anybody; the number in the file only serves the message.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apigen.disk.paths import IGNORE, IGNORED, RUN_LOCK, ProjectError, target


@contextmanager
def run_lock(root: Path) -> Iterator[None]:
    """Hold the project for one run.

    Raises:
        ProjectError: another run holds it; the text names its process.
    """
    place = target(root, RUN_LOCK)
    place.parent.mkdir(parents=True, exist_ok=True)
    ignore = target(root, IGNORE)
    if not ignore.exists():
        ignore.write_text(IGNORED)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise ProjectError(
                f"another apigen (process {holder}) is at work in {root}: wait for it to end"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
