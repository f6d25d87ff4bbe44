"""Which process runs on which processor, where the system lets one choose."""

import os
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    """The worker's processor, and that of everything else; None where there is no choice."""

    worker: int | None
    load: int | None


def choose() -> Cores:
    """Return two processors, or no choice on a machine of one or without affinity."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores(worker=None, load=None)
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        return Cores(worker=None, load=None)
    return Cores(worker=usable[0], load=usable[1])


def pinned(core: int | None) -> Callable[[], None] | None:
    """Return what a child process calls before it runs its program."""
    if core is None:
        return None
    return lambda: os.sched_setaffinity(0, {core})


def pin(process: int, core: int | None) -> None:
    """Move a running process, unless it is gone or belongs to somebody else."""
    if core is None:
        return
    try:
        os.sched_setaffinity(process, {core})
    except (ProcessLookupError, PermissionError):
        return
