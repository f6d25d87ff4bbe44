"""What the last run left in `.apigen/`: the lock, and the spec as it was.

The spec's files are kept as they were, so that what a change means for clients can be worked out
by reading both. Lowering them is not the disk's business.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from apigen.disk.paths import LOCK, STATE, ProjectError, target
from apigen.evolve.lock import LockError, parse_lock
from apigen.evolve.record import LastRun, Lock

SPEC_FOLDER = f"{STATE}/spec"
ROOT = "apigen.yaml"
"""What the root file is called there, whatever it is called elsewhere."""


def read_last_run(project: Path) -> LastRun:
    """Read the lock and the texts of the spec; `system` is left to the caller.

    Raises:
        ProjectError: the lock is damaged.
    """
    return LastRun(lock=read_lock(project), spec=read_spec(project), system=None)


def read_lock(project: Path) -> Lock | None:
    """Read the lock; None when there is none.

    Raises:
        ProjectError: it is damaged.
    """
    place = target(project, LOCK)
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return parse_lock(content)
    except LockError as problem:
        raise ProjectError(
            f"{place} can not be read ({problem}): restore it from version control"
        ) from problem


def read_spec(project: Path) -> Mapping[str, str]:
    """Return the texts of the last run's spec by path, the root first; empty when unknown."""
    folder = target(project, SPEC_FOLDER)
    if not (folder / ROOT).is_file():
        return {}
    names = [ROOT, *(name for name in _names(folder) if name != ROOT)]
    texts: dict[str, str] = {}
    for name in names:
        try:
            texts[name] = (folder / name).read_bytes().decode("utf-8").removeprefix("\ufeff")
        except (OSError, UnicodeDecodeError):
            # What can not be read is as good as not there: the lock knows the ids.
            return {}
    return texts


def spec_records(root: str, sources: Mapping[str, str]) -> dict[str, bytes]:
    """Return what a run keeps of its spec: path in the project to content.

    Args:
        root: Name of the root file in `sources`.
        sources: Text of every file of the spec by path, data files too where they matter.
    """
    return {
        f"{SPEC_FOLDER}/{ROOT if name == root else name}": text.encode()
        for name, text in sorted(sources.items())
    }


def stale_spec_records(project: Path, records: Iterable[str]) -> tuple[str, ...]:
    """Return the paths of files of the last run's spec that today's has not."""
    folder = target(project, SPEC_FOLDER)
    if not folder.is_dir():
        return ()
    kept = frozenset(records)
    found = (f"{SPEC_FOLDER}/{name}" for name in _names(folder))
    return tuple(path for path in found if path not in kept)


def _names(folder: Path) -> tuple[str, ...]:
    found: list[str] = []
    for place, folders, files in folder.walk():
        folders.sort()
        found += ((place / name).relative_to(folder).as_posix() for name in files)
    return tuple(sorted(found))
