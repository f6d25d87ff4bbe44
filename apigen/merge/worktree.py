"""What a merge sees of a project: yours and base, by path, read when asked.

The disk stands behind it (`apigen.disk.worktree`), or another worktree with declared renames laid
over it (`apigen.merge.renaming`). A hash answers most questions; contents are read only of files
where both sides moved.
"""

import hashlib
from collections.abc import Mapping
from typing import Protocol

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDisk:
    """A regular file."""

    sha256: str
    is_executable: bool = False
    is_read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Something that is neither a regular file nor nothing: a folder, a link, a socket."""

    kind: str


type Entry = OnDisk | Obstacle | None
"""None: nothing is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a git merge that git could not finish."""

    base: bytes | None
    """What apigen had written last on that side."""
    content: bytes


class Worktree(Protocol):
    """A project as a merge sees it, by posix paths relative to its folder."""

    def entry(self, path: str) -> Entry:
        """Return what is at `path`; the hash is the one of `content`."""

    def content(self, path: str) -> bytes:
        """Return yours; only for a path whose entry is `OnDisk`."""

    def base(self, path: str) -> bytes | None:
        """Return what apigen wrote last, None when that is not recorded."""

    def source(self, path: str) -> str:
        """Return where `path` stands on disk; another path after a declared rename."""

    def before(self, path: str) -> str | None:
        """Return the hash of what stands on disk at `source(path)`, None when nothing does.

        It differs from the entry's when a declared rename changes the text.
        """

    def rewritten(self) -> Mapping[str, tuple[int, ...]]:
        """Return the files whose text declared renames change, with the lines, from 1.

        By today's path; files of the manifest may be among them, they are looked at anyway.
        """

    def python_files(self) -> tuple[str, ...]:
        """Return every Python file of `files`."""

    def files(self) -> tuple[str, ...]:
        """Return every regular file that may mention a symbol, sorted.

        Left out are vendored code, hidden folders, environments, caches and what apigen keeps.
        """

    def sides(self, path: str) -> tuple[Side, ...]:
        """Return both sides of a file that a git merge left in conflict, else nothing."""


def digest(content: bytes) -> str:
    """Return the hash that the manifest records."""
    return hashlib.sha256(content).hexdigest()
