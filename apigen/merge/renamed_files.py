"""What declared renames add to the decision about a file: it is written, moved, or both.

A rename changes text that nobody else changed, so that a file which would be kept has to be
written after all; and the file stands elsewhere until the run is over.
"""

from collections.abc import Iterator
from dataclasses import replace

from apigen.merge.changes import (
    Blocked,
    Change,
    Delete,
    Keep,
    Kept,
    Merge,
    Move,
    Reason,
    Rewrite,
    Update,
)
from apigen.merge.merged import Merged
from apigen.merge.text import NotText, text_of
from apigen.merge.worktree import OnDisk, Worktree
from apigen.render.renderer import RenderedFile


def with_rename(change: Change, worktree: Worktree) -> Change:
    """Return the change with what a declared rename does to the same file.

    Args:
        change: Decided from the texts with renamed symbols.
        worktree: The project with the renames laid over it.
    """
    path = change.path
    source, before = worktree.source(path), worktree.before(path)
    present = worktree.entry(path)
    if not isinstance(present, OnDisk) or before is None:
        return change
    if source == path and before == present.sha256:
        return change
    match change:
        case Keep(kept=Kept.CONFLICT_OPEN):
            return Blocked(path=source, reason=Reason.MARKERS, file=change.file)
        case Keep(file=None):
            return Keep(path=source, kept=change.kept, file=None)
        case Keep(file=RenderedFile() as file, kept=Kept.UNCHANGED):
            moved: Update | Merge = Update(path=path, file=file, before=before)
        case Keep(file=RenderedFile() as file):
            moved = _with_content_of(path, file, worktree, before)
        case Update(file=file):
            moved = Update(path=path, file=file, before=before)
        case Merge(file=file, content=content, merged=merged):
            moved = Merge(path=path, file=file, before=before, content=content, merged=merged)
        case Delete():
            return Delete(path=source, before=before)
        case Blocked():
            return replace(change, path=source)
        case _:
            return change
    return moved if source == path else Move(path=path, source=source, change=moved)


def rewrites(worktree: Worktree, known: frozenset[str]) -> Iterator[Change]:
    """Yield the files of the owner's own that declared renames change.

    Args:
        worktree: The project with the renames laid over it.
        known: Files that are decided about already.
    """
    for path, lines in worktree.rewritten().items():
        present, before = worktree.entry(path), worktree.before(path)
        if path in known or before is None or not isinstance(present, OnDisk):
            continue
        source = worktree.source(path)
        rewrite = Rewrite(path=path, before=before, content=worktree.content(path), lines=lines)
        if present.is_read_only:
            yield Blocked(path=path, reason=Reason.READ_ONLY, file=None)
        elif source == path:
            yield rewrite
        else:
            yield Move(path=path, source=source, change=rewrite)


def _with_content_of(path: str, file: RenderedFile, worktree: Worktree, before: str) -> Merge:
    """Return a merge that writes the owner's text with the renamed symbols."""
    content = worktree.content(path)
    try:
        text = text_of(content)
    except NotText:
        text = ""
    return Merge(path=path, file=file, before=before, content=content, merged=Merged(text=text))
