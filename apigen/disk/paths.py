"""Which places inside a project may be touched.

Nothing outside the project's folder is ever read or written: no absolute path, no `..`, and no
link that leads out of it.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

STATE = ".apigen"
"""The folder of apigen's own records."""
MANIFEST = f"{STATE}/manifest.json"
LOCK = f"{STATE}/lock.json"
BASE = f"{STATE}/base"
VERSIONS = "migrations/versions"
"""The revisions: apigen's, and those that the owner wrote."""
FINGERPRINT = f"{STATE}/cache/fingerprint.json"
FORMATTED = f"{STATE}/cache/formatted.json"
WRITTEN = f"{STATE}/cache/written.json"
JOURNAL = f"{STATE}/journal"
RUN_LOCK = f"{STATE}/lock"
SCHEMA = f"{STATE}/spec-1.schema.json"
SPEC_COPY = f"{STATE}/spec"
"""The folder of the spec's files as they were at the last run."""
CONFLICTS = f"{STATE}/conflicts.json"
PENDING = f"{STATE}/pending"
UNDO = f"{STATE}/undo"
IGNORE = f"{STATE}/.gitignore"
IGNORED = "/cache/\n/journal*\n/lock\n/undo\n"
"""What of the records is of one machine or one run, and so not committed."""


_FORBIDDEN = frozenset({"", ".", ".."})


class ProjectError(Exception):
    """The project's folder does not allow what is to be done; the text names the path."""


def base_path(path: str) -> str:
    """Return where the text of `path` as apigen wrote it last is kept."""
    return f"{BASE}/{path}"


def pending_path(path: str) -> str:
    """Return where today's rendering of `path` waits for its conflicts to be resolved."""
    return f"{PENDING}/{path}"


def target(root: Path, path: str) -> Path:
    """Return the place of `path` in the project, after making sure that it is inside.

    Args:
        root: The project's folder.
        path: Posix path relative to it.

    Raises:
        ProjectError: the path is absolute, climbs out, or a folder on its way is a link that
            leads out of the project or no folder at all.
    """
    return targets(root, (path,))[path]


def targets(root: Path, paths: Iterable[str]) -> dict[str, Path]:
    """Do the same for many paths, looking at every folder once."""
    seen: set[str] = set()
    return {path: _target(root, path, seen) for path in paths}


def _target(root: Path, path: str, seen: set[str]) -> Path:
    parts = path.split("/")
    if path.startswith("/") or "\0" in path or "\\" in path or not _FORBIDDEN.isdisjoint(parts):
        raise ProjectError(f"{path!r} is not a path inside the project")
    if parts[0].casefold() == ".git":
        raise ProjectError(f"{path!r} belongs to git")
    for depth in range(1, len(parts)):
        name = "/".join(parts[:depth])
        if name in seen:
            continue
        _refuse_other_than_folder(root, name)
        seen.add(name)
    return root / path


def _refuse_other_than_folder(root: Path, name: str) -> None:
    """Raise when something is there that is neither a folder nor a link to one inside."""
    # Asked for every folder of every path: one look is enough for all but links.
    try:
        mode = os.lstat(f"{root}/{name}").st_mode
    except OSError:
        return
    if stat.S_ISDIR(mode):
        return
    folder = root / name
    if stat.S_ISLNK(mode) and not _inside(folder, root):
        raise ProjectError(f"{folder} is a link that leads out of the project")
    if not folder.is_dir():
        raise ProjectError(f"{folder} is not a folder")


def _inside(place: Path, root: Path) -> bool:
    return place.resolve().is_relative_to(root.resolve())
