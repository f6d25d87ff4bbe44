"""Symbols that stay deleted because their owner moved them to another file: said, never guessed.

The remark names the place; `apigen adopt PLACE` links it, and changes reach it there from then on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from apigen.merge.changes import Change, Merge
from apigen.merge.merged import Happened, Remark
from apigen.merge.text import NotText, text_of
from apigen.merge.worktree import Worktree


def with_moved(changes: Sequence[Change], worktree: Worktree) -> tuple[Change, ...]:
    """Return the changes, with the remarks on symbols that stand in another file saying where.

    Reads the project's Python files only when a symbol of today's rendering stays deleted.
    """
    return tuple(_told(change, worktree) for change in changes)


def _told(change: Change, worktree: Worktree) -> Change:
    if not isinstance(change, Merge) or not change.path.endswith(".py"):
        return change
    remarks = tuple(_remark(remark, change, worktree) for remark in change.merged.remarks)
    if remarks == change.merged.remarks:
        return change
    return replace(change, merged=replace(change.merged, remarks=remarks))


def _remark(remark: Remark, change: Merge, worktree: Worktree) -> Remark:
    if remark.happened is not Happened.STAYS_DELETED or remark.detail:
        return remark
    from apigen.merge.python.likenesses import find_moved

    place = find_moved(text_of(change.file.content), remark.symbol, _others(change.path, worktree))
    if place is None:
        return remark
    return Remark(happened=Happened.MOVED, symbol=remark.symbol, detail=place)


def _others(path: str, worktree: Worktree) -> Iterator[tuple[str, str]]:
    for other in worktree.python_files():
        if other == path:
            continue
        try:
            yield other, text_of(worktree.content(other))
        except NotText:
            continue
