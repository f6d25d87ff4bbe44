"""`.apigen/undo`: what reverts the last transaction, byte for byte, records included.

It is written by the transaction itself, so that it is there exactly when there is something to
undo. It holds no more than what the transaction replaced or removed.
"""

from collections.abc import Sequence
from pathlib import Path

from apigen.disk.conflicts import read_conflicts
from apigen.disk.git import clear_unmerged
from apigen.disk.journal import commit
from apigen.disk.paths import UNDO, ProjectError, target
from apigen.disk.snapshot import entry, snapshot
from apigen.disk.steps import Remove, Step, Write, parse_steps, print_steps
from apigen.merge.worktree import OnDisk, digest


def commit_undoably(root: Path, steps: Sequence[Step]) -> None:
    """Carry out all steps or none, and note how to revert them.

    Raises:
        ProjectError: as `commit`.
    """
    if steps:
        content = print_steps([_inverse(root, step) for step in reversed(steps)])
        found = entry(target(root, UNDO))
        before = found.sha256 if isinstance(found, OnDisk) else None
        commit(root, [*steps, Write(path=UNDO, content=content, before=before)])


def undo(root: Path) -> tuple[Step, ...]:
    """Revert the last transaction.

    Returns:
        What was done.

    Raises:
        ProjectError: there is nothing to undo, or files changed since, which the text names.
    """
    place = target(root, UNDO)
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        raise ProjectError(f"there is nothing to undo in {root}") from None
    steps = parse_steps(content, place)
    changed = _changed(root, steps)
    if changed:
        raise ProjectError(
            f"nothing was undone: {_listed(changed)} changed since the last run; undo those edits "
            "first, or keep what is there"
        )
    before = read_conflicts(root)
    commit(root, [*steps, Remove(path=UNDO, before=digest(content))])
    left = {conflict.path for conflict in read_conflicts(root)}
    gone = (conflict for conflict in before if conflict.path not in left)
    clear_unmerged(root, {one.path: one.staged for one in gone if one.staged is not None})
    return steps


def _inverse(root: Path, step: Step) -> Step:
    after = digest(step.content) if isinstance(step, Write) else None
    if step.before is None:
        return Remove(path=step.path, before=after or "")
    place = target(root, step.path)
    return Write(
        path=step.path,
        content=place.read_bytes(),
        before=after,
        mode=place.stat().st_mode & 0o7777,
    )


def _changed(root: Path, steps: Sequence[Step]) -> list[str]:
    present = snapshot(root, [step.path for step in steps])
    return sorted(
        step.path
        for step in steps
        if present.sha256(step.path) != step.before
        or (step.before is None and present.entries[step.path] is not None)
    )


def _listed(paths: list[str], most: int = 5) -> str:
    shown = ", ".join(paths[:most])
    return shown if len(paths) <= most else f"{shown} and {len(paths) - most} more files"
