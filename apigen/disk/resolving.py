"""Close conflicts: take one side or what its owner made of the file, and move the base.

All named files or none. Afterwards a file is as any other that both sides moved and were merged.
"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from apigen.disk.apply import record_steps
from apigen.disk.conflicts import OpenConflict, print_conflicts, read_conflicts
from apigen.disk.git import clear_unmerged
from apigen.disk.manifest import print_manifest, read_manifest
from apigen.disk.paths import (
    CONFLICTS,
    MANIFEST,
    ProjectError,
    base_path,
    pending_path,
    target,
)
from apigen.disk.undo import commit_undoably
from apigen.merge.conflict_text import BASE, MINE, THEIRS, mine_alone, theirs_alone
from apigen.merge.text import NotText, laid_out, layout_of, text_of
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass

_MARKERS = (MINE, BASE, THEIRS)


class Chosen(StrEnum):
    """Whose version the conflicts of a file are resolved to."""

    MINE = "mine"
    THEIRS = "theirs"


def resolve(root: Path, paths: Sequence[str], chosen: Chosen | None) -> None:
    """Close the conflicts of files.

    Args:
        root: The project's folder, held by `run_lock`.
        paths: Files with open conflicts.
        chosen: None: their owner has edited the markers out.

    Raises:
        ProjectError: a file has no open conflict, or still markers; nothing was done.
    """
    conflicts = {found.path: found for found in read_conflicts(root)}
    unknown = [path for path in paths if path not in conflicts]
    if unknown:
        raise ProjectError(f"{unknown[0]} has no open conflict")
    manifest = read_manifest(root)
    entries = dict(manifest.entries)
    wanted: dict[str, bytes | None] = {}
    for path in paths:
        wanted |= _closed(root, conflicts[path], chosen)
        if not conflicts[path].is_of_own_file:
            entries[path] = conflicts[path].entry
    rest = [found for path, found in conflicts.items() if path not in paths]
    wanted[CONFLICTS] = print_conflicts(rest)
    wanted[MANIFEST] = print_manifest(entries.values(), manifest.links)
    commit_undoably(root, list(record_steps(root, wanted)))
    closed = (conflicts[path] for path in paths)
    clear_unmerged(root, {one.path: one.staged for one in closed if one.staged is not None})


def marker_lines(text: str) -> tuple[int, ...]:
    """Return the numbers of lines that are markers, from 1."""
    lines = enumerate(text.split("\n"), 1)
    return tuple(number for number, line in lines if line in _MARKERS)


def _closed(root: Path, conflict: OpenConflict, chosen: Chosen | None) -> dict[str, bytes | None]:
    """Return what the file, its base and its pending rendering are to hold."""
    path = conflict.path
    waiting = target(root, pending_path(path))
    if not waiting.is_file() or digest(waiting.read_bytes()) != conflict.entry.sha256:
        raise ProjectError(f"{waiting} is missing or damaged: restore it from version control")
    is_merged = conflict.entry.file_class is FileClass.MERGED
    wanted: dict[str, bytes | None] = {
        base_path(path): waiting.read_bytes() if is_merged else None,
        pending_path(path): None,
    }
    place = target(root, path)
    if not place.exists():
        # Its owner deleted it, which is a decision too.
        return wanted
    content = place.read_bytes()
    try:
        text = text_of(content)
    except NotText as problem:
        raise ProjectError(f"{path} {problem}") from problem
    if chosen is not None:
        one_side = mine_alone(text) if chosen is Chosen.MINE else theirs_alone(text)
        wanted[path] = laid_out(one_side, layout_of(content), text)
        return wanted
    left = marker_lines(text)
    if left:
        places = ", ".join(str(number) for number in left)
        raise ProjectError(
            f"{path} still has conflict markers (lines {places}): decide there, or take one side "
            "with --mine or --theirs"
        )
    return wanted
