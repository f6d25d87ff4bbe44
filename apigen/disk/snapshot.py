"""What stands on disk at the paths apigen cares about: hashes, nothing of meaning.

Only asked paths are looked at, so that an owner's other files, of any number and size, cost
nothing. Links are never followed.
"""

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from apigen.disk.paths import targets
from apigen.merge.worktree import Entry, Obstacle, OnDisk, digest
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The asked paths of one project at one moment."""

    entries: Mapping[str, Entry]

    def sha256(self, path: str) -> str | None:
        """Return the hash of the file at `path`, None when there is no file."""
        match self.entries[path]:
            case OnDisk(sha256=found):
                return found
            case _:
                return None


def snapshot(root: Path, paths: Iterable[str]) -> Snapshot:
    """Look at `paths` below `root`.

    Raises:
        ProjectError: a path leads out of the project.
        OSError: a file can not be read.
    """
    return Snapshot(entries={path: entry(place) for path, place in targets(root, paths).items()})


def entry(place: Path) -> Entry:
    """Look at one place, without following a link."""
    try:
        mode = place.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISREG(mode):
        return OnDisk(
            sha256=digest(place.read_bytes()),
            is_executable=bool(mode & 0o111),
            is_read_only=not mode & 0o200,
        )
    if stat.S_ISLNK(mode):
        return Obstacle(kind="a link")
    return Obstacle(kind="a folder" if stat.S_ISDIR(mode) else "not a regular file")
