"""The project on disk as a merge sees it: read when asked, every file once."""

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from apigen.disk.git import sides, unmerged_paths
from apigen.disk.paths import base_path, target
from apigen.disk.snapshot import entry
from apigen.merge.manifest import Manifest
from apigen.merge.worktree import Entry, OnDisk, Side
from apigen.plan.file import FileClass

_SKIPPED = frozenset({"node_modules", "__pycache__", "build", "dist", "htmlcov", "site-packages"})


class DiskWorktree:
    """Implements `apigen.merge.worktree.Worktree`."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self._root = root
        self._manifest = manifest
        self._entries: dict[str, Entry] = {}

    def entry(self, path: str) -> Entry:
        """Return what is at `path`."""
        if path not in self._entries:
            self._entries[path] = entry(target(self._root, path))
        return self._entries[path]

    def content(self, path: str) -> bytes:
        """Return the content of a regular file."""
        return target(self._root, path).read_bytes()

    def base(self, path: str) -> bytes | None:
        """Return what apigen wrote last, None when that is not recorded."""
        place = target(self._root, base_path(path))
        return place.read_bytes() if place.is_file() and not place.is_symlink() else None

    def source(self, path: str) -> str:
        """Return `path`: nothing is renamed here."""
        return path

    def before(self, path: str) -> str | None:
        """Return the hash of the file at `path`, None when there is none."""
        found = self.entry(path)
        return found.sha256 if isinstance(found, OnDisk) else None

    def rewritten(self) -> Mapping[str, tuple[int, ...]]:
        """Return nothing: nothing is renamed here."""
        return {}

    def sides(self, path: str) -> tuple[Side, ...]:
        """Return both sides of a file that a git merge left in conflict."""
        return sides(self._root, path) if path in self._unmerged else ()

    def python_files(self) -> tuple[str, ...]:
        """Return the Python files among `files`."""
        return tuple(path for path in self.files() if path.endswith(".py"))

    def files(self) -> tuple[str, ...]:
        """Return every file that may mention a symbol, sorted."""
        vendored = {
            path
            for path, known in self._manifest.entries.items()
            if known.file_class is FileClass.VENDORED and not known.ejected
        }
        return tuple(sorted(set(self._walk(self._root, "", set())) - vendored))

    @cached_property
    def _unmerged(self) -> frozenset[str]:
        return unmerged_paths(self._root)

    def _walk(self, folder: Path, prefix: str, seen: set[Path]) -> Iterator[str]:
        """Yield files below a folder; a folder with two names is walked under that of the link."""
        real = folder.resolve()
        if real in seen or not real.is_relative_to(self._root.resolve()):
            return
        seen.add(real)
        with os.scandir(folder) as found:
            items = sorted(found, key=lambda item: (not item.is_symlink(), item.name))
        if any(item.name == "pyvenv.cfg" for item in items):
            return
        for item in items:
            if item.name.startswith(".") and not prefix and item.is_dir():
                continue
            if item.is_file(follow_symlinks=False):
                yield f"{prefix}{item.name}"
            elif item.is_dir() and item.name not in _SKIPPED and not item.name.startswith("."):
                yield from self._walk(Path(item.path), f"{prefix}{item.name}/", seen)
