"""A worktree seen with its declared renames done: other paths, other contents, same disk."""

from collections.abc import Mapping
from dataclasses import replace

from apigen.merge.worktree import Entry, OnDisk, Side, Worktree, digest
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A `Worktree` over another one. Paths are the new ones unless they say otherwise."""

    under: Worktree
    moves: Mapping[str, str]
    """Old path to new."""
    sources: Mapping[str, str]
    """New path to old."""
    contents: Mapping[str, bytes]
    """Yours, where the renames change it."""
    bases: Mapping[str, bytes]
    """What apigen would have written, where the renames change it."""
    lines: Mapping[str, tuple[int, ...]]

    def entry(self, path: str) -> Entry:
        """Return what is at `path` after the renames."""
        if path in self.moves and path not in self.sources:
            return None
        found = self.under.entry(self.source(path))
        content = self.contents.get(path)
        if content is None or not isinstance(found, OnDisk):
            return found
        return replace(found, sha256=digest(content))

    def content(self, path: str) -> bytes:
        """Return yours with the renames done."""
        content = self.contents.get(path)
        return self.under.content(self.source(path)) if content is None else content

    def base(self, path: str) -> bytes | None:
        """Return what apigen would have written last."""
        if path in self.moves and path not in self.sources:
            return None
        base = self.bases.get(path)
        return self.under.base(self.source(path)) if base is None else base

    def source(self, path: str) -> str:
        """Return where `path` stands on disk."""
        return self.sources.get(path, path)

    def before(self, path: str) -> str | None:
        """Return the hash of what stands at `source(path)`."""
        return self.under.before(self.source(path))

    def rewritten(self) -> Mapping[str, tuple[int, ...]]:
        """Return the files whose text the renames change, with the lines."""
        return self.lines

    def python_files(self) -> tuple[str, ...]:
        """Return every Python file."""
        return self._moved(self.under.python_files())

    def files(self) -> tuple[str, ...]:
        """Return every file."""
        return self._moved(self.under.files())

    def sides(self, path: str) -> tuple[Side, ...]:
        """Return both sides of a file that a git merge left in conflict: as they are."""
        return self.under.sides(self.source(path))

    def _moved(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(self.moves.get(path, path) for path in paths))
