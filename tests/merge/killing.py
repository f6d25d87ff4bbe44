"""Kill a run at its n-th call that touches the disk: in a process of its own, without a farewell.

A write is killed twice: before it, and half-way.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

_CALLS = ("replace", "rename", "unlink", "mkdir", "rmdir", "chmod", "fsync", "sync")
_KILLED = 9


def killed_runs(
    prepared: Path, folder: Path, run: Callable[[Path], object], *, most: int = 2000
) -> Iterator[tuple[int, Path]]:
    """Yield a copy of a project for each call at which `run` was killed in it.

    The last one yielded is of the run that survived.

    Args:
        prepared: The project before the run.
        folder: Where to put the copies.
        run: Given the copy.
        most: Fails above so many calls.
    """
    for at in range(1, most):
        root = folder / str(at)
        shutil.copytree(prepared, root, symlinks=True)
        survived = _survives(run, root, at)
        yield at, root
        shutil.rmtree(root)
        if survived:
            return
    raise AssertionError(f"the run makes more than {most} calls")


def _survives(run: Callable[[Path], object], root: Path, at: int) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _die_at(at)
            run(root)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, _KILLED), "the run failed by itself"
    return code == 0


def _die_at(at: int) -> None:
    """Make this process end at its `at`-th call."""
    made = 0

    def counted() -> bool:
        nonlocal made
        made += 1
        return made == at

    def dying[**P, T](original: Callable[P, T]) -> Callable[P, T]:
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if counted():
                os._exit(_KILLED)
            return original(*args, **kwargs)

        return call

    for name in _CALLS:
        setattr(os, name, dying(getattr(os, name)))
    write = Path.write_bytes

    def write_bytes(self: Path, data: bytes) -> int:
        if counted():
            os._exit(_KILLED)
        if counted():
            write(self, data[: len(data) // 2])
            os._exit(_KILLED)
        return write(self, data)

    Path.write_bytes = write_bytes  # type: ignore[method-assign, assignment]
