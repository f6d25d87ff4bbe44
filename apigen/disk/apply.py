"""Bring a project to what the changes say, records included, in one transaction.

The records are the manifest, the base (what apigen wrote last of every file its owner may edit),
the open conflicts with the renderings that wait for them, and whatever the caller adds; they move
together with the files or not at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from apigen.disk.conflicts import OpenConflict, print_conflicts, read_conflicts
from apigen.disk.git import Stages, clear_unmerged, mark_unmerged, staged_entries
from apigen.disk.manifest import print_manifest
from apigen.disk.paths import (
    CONFLICTS,
    IGNORE,
    IGNORED,
    MANIFEST,
    ProjectError,
    base_path,
    pending_path,
    target,
)
from apigen.disk.snapshot import snapshot
from apigen.disk.steps import Remove, Step, Write
from apigen.disk.undo import commit_undoably
from apigen.merge.afterwards import bases_after, entries_after, pending_entries
from apigen.merge.changes import (
    Blocked,
    Change,
    Create,
    Delete,
    Keep,
    Kept,
    Merge,
    Move,
    Rewrite,
    Update,
)
from apigen.merge.manifest import Manifest
from apigen.merge.worktree import Obstacle, digest


def apply(
    root: Path,
    changes: Sequence[Change],
    manifest: Manifest,
    *,
    records: Mapping[str, bytes | None],
    renamed: Manifest | None = None,
) -> None:
    """Write, merge, move and delete, and record it.

    Args:
        root: The project's folder, held by `run_lock`.
        changes: Nothing among them that is blocked.
        manifest: What the project has on disk.
        records: More files to bring up to date: path to content, None to remove it.
        renamed: The manifest with declared renames in it, when there are any.

    Raises:
        ProjectError: a change is blocked, or the project can not be written; in both cases
            nothing was.
    """
    blocked = [change.path for change in changes if isinstance(change, Blocked)]
    if blocked:
        raise ProjectError(f"{blocked[0]} can not be written")
    conflicted = _conflicted(changes)
    staged = staged_entries(root, conflicted)
    stages = {path: _stages(root, manifest, conflicted[path]) for path in staged}
    before = read_conflicts(root)
    still = {c.path for c in changes if isinstance(c, Keep) and c.kept is Kept.CONFLICT_OPEN}
    opened = _opened(changes, renamed or manifest, conflicted, staged)
    wanted = dict(_records(changes, manifest, renamed or manifest))
    wanted |= {pending_path(found.path): None for found in before if found.path not in still}
    wanted |= {pending_path(path): merge.file.content for path, merge in conflicted.items()}
    open_ = [found for found in before if found.path in still]
    wanted[CONFLICTS] = print_conflicts([*open_, *opened])
    steps = [*_steps(root, changes), *record_steps(root, wanted | dict(records))]
    commit_undoably(root, steps)
    clear_unmerged(
        root, {c.path: c.staged for c in before if c.path not in still and c.staged is not None}
    )
    mark_unmerged(root, staged, stages)


def record_steps(root: Path, wanted: Mapping[str, bytes | None]) -> Iterator[Step]:
    """Yield what brings records to the wanted content, None for absent; by path."""
    present = snapshot(root, wanted)
    for path in sorted(wanted):
        content = wanted[path]
        if isinstance(present.entries[path], Obstacle):
            raise ProjectError(f"{target(root, path)} is not a file")
        before = present.sha256(path)
        if content is None:
            if before is not None:
                yield Remove(path=path, before=before)
        elif before != digest(content):
            yield Write(path=path, content=content, before=before)


def _steps(root: Path, changes: Sequence[Change]) -> Iterator[Step]:
    for change in changes:
        match change:
            case Create(path=path, file=file):
                is_executable = file.executable or None
                yield Write(path=path, content=file.content, before=None, executable=is_executable)
            case Update() | Merge() | Rewrite():
                yield from _write(change, change.path, change.before, None)
            case Move(path=path, source=source, change=inner):
                mode = target(root, source).stat().st_mode & 0o7777
                yield from _write(inner, path, None, mode)
                yield Remove(path=source, before=inner.before)
            case Delete(path=path, before=before):
                yield Remove(path=path, before=before)
            case _:
                pass


def _write(
    change: Update | Merge | Rewrite, path: str, before: str | None, mode: int | None
) -> Iterator[Step]:
    content = change.file.content if isinstance(change, Update) else change.content
    if before is None or before != digest(content) or isinstance(change, Update):
        executable = change.executable if isinstance(change, Update) else None
        yield Write(path=path, content=content, before=before, executable=executable, mode=mode)


def _records(
    changes: Sequence[Change], manifest: Manifest, renamed: Manifest
) -> Iterator[tuple[str, bytes | None]]:
    for path, content in bases_after(changes, renamed, manifest).items():
        yield base_path(path), content
    links = renamed.links or manifest.links
    yield MANIFEST, print_manifest(entries_after(changes, renamed, manifest), links)
    yield IGNORE, IGNORED.encode()


def _conflicted(changes: Sequence[Change]) -> dict[str, Merge]:
    inner = ((c.path, c.change if isinstance(c, Move) else c) for c in changes)
    return {
        path: change
        for path, change in inner
        if isinstance(change, Merge) and change.merged.conflicts
    }


def _opened(
    changes: Sequence[Change],
    manifest: Manifest,
    conflicted: Mapping[str, Merge],
    staged: Mapping[str, str],
) -> Iterator[OpenConflict]:
    for entry in pending_entries(changes, manifest):
        found = conflicted[entry.path].merged.conflicts
        yield OpenConflict(
            entry=entry,
            symbols=tuple(conflict.symbol for conflict in found),
            staged=staged.get(entry.path),
        )


def _stages(root: Path, manifest: Manifest, merge: Merge) -> Stages:
    base = target(root, base_path(merge.path))
    is_known = merge.path in manifest.entries and base.is_file()
    return Stages(
        base=base.read_bytes() if is_known else b"",
        mine=target(root, merge.path).read_bytes(),
        theirs=merge.file.content,
    )
