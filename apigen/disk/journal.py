"""All or nothing: every write is in a journal before the first file is touched.

The journal holds the new contents, is flushed to the medium, and gets its name in one step. A run
killed before that has changed nothing; a run killed after it is finished by the next one, which
replays the journal. A replay never overwrites what somebody wrote in between.
"""

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from apigen.disk.paths import JOURNAL, ProjectError, target, targets
from apigen.disk.snapshot import entry
from apigen.disk.steps import Remove, Step, Write, parse_steps, print_steps
from apigen.merge.worktree import OnDisk

_TEMPORARY = ".apigen-new"
_FLUSH_ALL_FROM = 64
"""So many files are flushed by one call for the whole system rather than one by one."""


def commit(root: Path, steps: Sequence[Step]) -> None:
    """Carry out all steps, or none.

    Raises:
        ProjectError: a file changed since it was looked at, or the system refuses a write; the
            project is as it was.
    """
    if not steps:
        return
    places = targets(root, (step.path for step in steps))
    _refuse_changed(steps, places)
    try:
        _write_journal(root, steps)
    except OSError as problem:
        with contextlib.suppress(OSError):
            _unfinished(root).unlink(missing_ok=True)
        raise ProjectError(f"nothing was written: {problem}") from problem
    previous: dict[str, tuple[bytes, int] | None] = {}
    folders: list[Path] = []
    try:
        for step in steps:
            place = places[step.path]
            previous[step.path] = _as_it_is(place) if step.before is not None else None
            _carry_out(step, place, folders)
    except OSError as problem:
        _undo(previous, places, folders)
        _discard(root)
        raise ProjectError(f"everything was put back: {problem}") from problem
    _flush([places[step.path] for step in steps if isinstance(step, Write)])
    _remove_empty_folders(root, steps)
    _discard(root)


def refuse_unfinished(root: Path) -> None:
    """Make sure that no killed run left the project half-way.

    Raises:
        ProjectError: one did.
    """
    if target(root, JOURNAL).exists():
        raise ProjectError(f"a run was interrupted in {root}: `apigen regenerate` finishes it")


def recover(root: Path) -> int:
    """Finish what a killed run began.

    Returns:
        How many files were written or removed by the replay.
    """
    with contextlib.suppress(FileNotFoundError):
        _unfinished(root).unlink()
    place = target(root, JOURNAL)
    if not place.is_file():
        return 0
    steps = parse_steps(place.read_bytes(), place)
    done = 0
    for step in steps:
        where = target(root, step.path)
        with contextlib.suppress(FileNotFoundError):
            where.with_name(f".{where.name}{_TEMPORARY}").unlink()
        found = entry(where)
        present = found.sha256 if isinstance(found, OnDisk) else None
        # Anything but the state before the run is either done already or somebody's edit.
        if present == step.before and (found is None) == (step.before is None):
            _carry_out(step, where, [])
            done += 1
    _flush([target(root, step.path) for step in steps if isinstance(step, Write)])
    _remove_empty_folders(root, steps)
    _discard(root)
    return done


def _refuse_changed(steps: Iterable[Step], places: dict[str, Path]) -> None:
    for step in steps:
        found = entry(places[step.path])
        present = found.sha256 if isinstance(found, OnDisk) else None
        if present != step.before or (found is not None and present is None):
            raise ProjectError(f"{step.path} changed while apigen was at work: run it again")


def _carry_out(step: Step, place: Path, folders: list[Path]) -> None:
    match step:
        case Remove():
            place.unlink()
        case Write():
            if not place.parent.is_dir():
                missing = [folder for folder in place.parents if not folder.exists()]
                for folder in reversed(missing):
                    folder.mkdir()
                    folders.append(folder)
            temporary = place.with_name(f".{place.name}{_TEMPORARY}")
            temporary.write_bytes(step.content)
            mode = _mode(step, place, temporary)
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(place)


def _mode(step: Write, place: Path, temporary: Path) -> int | None:
    """Return the permissions a file gets, None for those of any new file."""
    mode = step.mode
    if mode is None and step.before is not None:
        mode = place.stat().st_mode & 0o7777
    if step.executable is None:
        return mode
    if mode is None:
        if not step.executable:
            return None
        mode = temporary.stat().st_mode & 0o7777
    return mode | 0o111 if step.executable else mode & ~0o111


def _as_it_is(place: Path) -> tuple[bytes, int]:
    return place.read_bytes(), place.stat().st_mode & 0o7777


def _undo(
    previous: dict[str, tuple[bytes, int] | None],
    places: dict[str, Path],
    folders: Sequence[Path],
) -> None:
    for path, was in reversed(previous.items()):
        place = places[path]
        with contextlib.suppress(OSError):
            place.with_name(f".{place.name}{_TEMPORARY}").unlink(missing_ok=True)
            if was is None:
                place.unlink(missing_ok=True)
            else:
                place.write_bytes(was[0])
                place.chmod(was[1])
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _write_journal(root: Path, steps: Sequence[Step]) -> None:
    unfinished = _unfinished(root)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    with unfinished.open("wb") as stream:
        stream.write(print_steps(steps))
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(target(root, JOURNAL))


def _flush(places: Sequence[Path]) -> None:
    """Bring contents to the medium before the journal that could replay them goes."""
    if len(places) >= _FLUSH_ALL_FROM:
        os.sync()
        return
    for place in places:
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(place, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _remove_empty_folders(root: Path, steps: Iterable[Step]) -> None:
    for step in steps:
        if not isinstance(step, Remove):
            continue
        folder = target(root, step.path).parent
        while folder != root:
            with contextlib.suppress(OSError):
                # What Python left beside a module that is gone is nobody's work.
                _drop_bytecode(folder)
                folder.rmdir()
            if folder.exists():
                break
            folder = folder.parent


def _drop_bytecode(folder: Path) -> None:
    cache = folder / "__pycache__"
    if [found.name for found in folder.iterdir()] != ["__pycache__"] or cache.is_symlink():
        return
    for compiled in cache.glob("*.pyc"):
        compiled.unlink()
    cache.rmdir()


def _unfinished(root: Path) -> Path:
    return target(root, f"{JOURNAL}.unfinished")


def _discard(root: Path) -> None:
    target(root, JOURNAL).unlink(missing_ok=True)
