"""What runs merged into files of their owner, so that a second run asks for no commit in between.

Git calls such a file edited, but nobody edited it: what its owner wrote was in a commit when the
merge was made. The note holds hashes; it is of one machine and not committed, and without it a
commit is asked for.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from apigen.disk.notes import read_note, write_note
from apigen.disk.paths import WRITTEN, ProjectError
from apigen.disk.snapshot import snapshot
from apigen.merge.changes import Change, Merge, Move, Rewrite
from apigen.merge.worktree import digest


def as_runs_left(root: Path, paths: Iterable[str]) -> frozenset[str]:
    """Return which of `paths` nobody touched since a run merged into them."""
    known = _known(root)
    present = snapshot(root, [path for path in paths if path in known])
    return frozenset(path for path in present.entries if present.sha256(path) == known[path])


def note_written(root: Path, changes: Iterable[Change]) -> None:
    """Take note of what a run merged; a folder that can not be written is no harm."""
    merged = {path: sha256 for change in changes for path, sha256 in _merged(change)}
    if not merged:
        return
    with suppress(OSError, ProjectError):
        write_note(root, WRITTEN, dict(sorted({**_known(root), **merged}.items())))


def _merged(change: Change) -> Iterable[tuple[str, str]]:
    match change:
        case Move(path=path, change=Merge() | Rewrite() as inner):
            return ((path, digest(inner.content)),)
        case Merge(path=path, content=content, merged=merged) if not merged.conflicts:
            return ((path, digest(content)),)
        case Rewrite(path=path, content=content):
            return ((path, digest(content)),)
        case _:
            return ()


def _known(root: Path) -> Mapping[str, str]:
    """Return the note; one that is missing or damaged knows nothing."""
    with suppress(OSError, ValueError, ProjectError):
        note = read_note(root, WRITTEN)
        if isinstance(note, dict):
            return {str(path): str(sha256) for path, sha256 in note.items()}
    return {}
