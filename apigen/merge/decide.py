"""What becomes of every file: the table of merge.md at the level of files.

Hash first: what only one side moved needs no reading. What both moved goes to the merger of its
kind. Nothing is written here, and nothing an owner wrote is ever replaced without being merged.
"""

from collections.abc import Iterator

from apigen.merge.both_moved import merged_change, same_but_for_layout
from apigen.merge.changes import (
    Blocked,
    Change,
    Create,
    Delete,
    Keep,
    Kept,
    Merge,
    Move,
    Reason,
    Rewrite,
    Update,
)
from apigen.merge.looks_moved import with_moved
from apigen.merge.manifest import Manifest, ManifestEntry
from apigen.merge.renamed_files import rewrites, with_rename
from apigen.merge.worktree import Obstacle, OnDisk, Worktree, digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering

_REVISIONS = "migrations/versions/"
"""Written once each. apigen 0.1 recorded them as merged."""


def decide(
    rendering: Rendering,
    manifest: Manifest,
    worktree: Worktree,
    *,
    restore: frozenset[str] = frozenset(),
    open_conflicts: frozenset[str] = frozenset(),
) -> tuple[Change, ...]:
    """Tell what becomes of each file, sorted by path.

    Args:
        rendering: Today's files.
        manifest: What apigen wrote last.
        worktree: The project.
        restore: `path` or `path::symbol` that its owner deleted and wants back.
        open_conflicts: Files with a conflict of an earlier run.
    """
    today = {file.path: file for file in rendering.files}
    changes: list[Change] = []
    for path, file in today.items():
        if path in open_conflicts and worktree.entry(path) is not None:
            kept = Keep(path=path, kept=Kept.CONFLICT_OPEN, file=file)
            changes.append(with_rename(kept, worktree))
            continue
        wanted = frozenset(
            name.partition("::")[2] for name in restore if name.partition("::")[0] == path
        )
        change = _change(file, manifest.entries.get(path), worktree, wanted)
        changes.append(with_rename(change, worktree))
    for path, entry in manifest.entries.items():
        if path in today:
            continue
        if path in open_conflicts and worktree.entry(path) is not None:
            changes.append(Keep(path=path, kept=Kept.CONFLICT_OPEN, file=None))
        else:
            changes.extend(with_rename(one, worktree) for one in _vanished(entry, worktree))
    # A file of its owner's own has a conflict where a symbol that was linked went.
    own = open_conflicts - {*today, *manifest.entries}
    changes += (
        Keep(path=path, kept=Kept.CONFLICT_OPEN, file=None)
        for path in own
        if worktree.entry(path) is not None
    )
    changes.extend(rewrites(worktree, frozenset({*today, *manifest.entries, *own})))
    changes = list(with_moved(changes, worktree))
    if manifest.links:
        from apigen.merge.links import with_links

        changes = list(with_links(changes, rendering, manifest.links, worktree))
    return tuple(sorted(changes, key=lambda change: change.path))


def refuse_dirty(changes: tuple[Change, ...], dirty: frozenset[str]) -> tuple[Change, ...]:
    """Return the changes with those blocked that would write over edits not committed.

    An update or a deletion is none of them: what stands there is what apigen wrote.
    """
    return tuple(_refused(change) if _writes(change) & dirty else change for change in changes)


def written_over(changes: tuple[Change, ...]) -> frozenset[str]:
    """Return the paths at which something an owner wrote would be written over."""
    return frozenset(path for change in changes for path in _writes(change))


def is_seed(entry: ManifestEntry) -> bool:
    """Whether a file is its owner's since it was written."""
    return entry.file_class is FileClass.SEED or is_revision(entry)


def is_revision(entry: ManifestEntry) -> bool:
    """Whether a file is a migration: planned by the run that writes it, and by no other."""
    return entry.path.startswith(_REVISIONS)


def class_of(file: RenderedFile, known: ManifestEntry | None) -> FileClass:
    """Return the class of a file in this project: one that was ejected is merged."""
    if known is not None and known.ejected and file.file_class is FileClass.VENDORED:
        return FileClass.MERGED
    return file.file_class


def _change(
    file: RenderedFile, known: ManifestEntry | None, worktree: Worktree, restore: frozenset[str]
) -> Change:
    path = file.path
    present = worktree.entry(path)
    rendered = digest(file.content)
    is_unmoved = known is not None and rendered in known.hashes and not known.others
    file_class = class_of(file, known)
    match present:
        case None:
            # An owner may delete what is theirs; support code is not, and a copy loses nothing.
            if known is None or file_class is FileClass.VENDORED or "" in restore:
                return Create(path=path, file=file)
            return Keep(path=path, kept=Kept.DELETED, file=file)
        case Obstacle(kind=kind):
            if is_unmoved and file_class is not FileClass.VENDORED:
                return Keep(path=path, kept=Kept.EDITED, file=file)
            return Blocked(path=path, reason=Reason.OBSTACLE, file=file, detail=kind)
        case OnDisk(sha256=hash_, is_executable=is_executable):
            pass
    if hash_ == rendered:
        if _executable(file, known) in (None, is_executable):
            return Keep(path=path, kept=Kept.UNCHANGED, file=file)
        return _unless_read_only(present, _update(file, known, hash_))
    is_untouched = known is not None and hash_ in known.hashes
    if file_class is FileClass.SEED or (known is not None and is_seed(known) and not is_untouched):
        return Keep(path=path, kept=Kept.SEED, file=file)
    if is_untouched:
        if same_but_for_layout(path, lambda: worktree.content(path), file.content):
            return Keep(path=path, kept=Kept.LAYOUT, file=file)
        return _unless_read_only(present, _update(file, known, hash_))
    if file_class is FileClass.VENDORED:
        reason = Reason.FOREIGN if known is None else Reason.VENDORED
        return Blocked(path=path, reason=reason, file=file)
    if is_unmoved and not restore:
        return Keep(path=path, kept=Kept.EDITED, file=file)
    return _unless_read_only(present, merged_change(file, known, worktree, restore))


def _update(file: RenderedFile, known: ManifestEntry | None, before: str) -> Update:
    executable = _executable(file, known)
    return Update(path=file.path, file=file, before=before, executable=executable)


def _executable(file: RenderedFile, known: ManifestEntry | None) -> bool | None:
    """Return whether apigen makes it executable; None: as before, so its owner's choice stays."""
    if known is None or known.executable in (None, file.executable):
        return None
    return file.executable


def _unless_read_only(present: OnDisk, change: Change) -> Change:
    if not present.is_read_only or isinstance(change, Keep | Blocked):
        return change
    file = change.file if isinstance(change, Update | Merge) else None
    return Blocked(path=change.path, reason=Reason.READ_ONLY, file=file)


def _vanished(known: ManifestEntry, worktree: Worktree) -> Iterator[Change]:
    path = known.path
    present = worktree.entry(path)
    if present is None:
        return
    if is_seed(known):
        yield Keep(path=path, kept=Kept.SEED, file=None)
        return
    if isinstance(present, OnDisk) and _is_untouched(known, present, worktree):
        yield _unless_read_only(present, Delete(path=path, before=present.sha256))
    else:
        yield Keep(path=path, kept=Kept.ORPHANED, file=None)


def _is_untouched(known: ManifestEntry, present: OnDisk, worktree: Worktree) -> bool:
    """Whether a file is what apigen wrote, or that after a formatter."""
    if present.sha256 in known.hashes:
        return True
    base = worktree.base(known.path)
    if base is None or digest(base) not in known.hashes:
        return False
    return same_but_for_layout(known.path, lambda: worktree.content(known.path), base)


def _writes(change: Change) -> set[str]:
    """Return the paths at which a change replaces what somebody wrote."""
    match change:
        case Merge(path=path) | Rewrite(path=path):
            return {path}
        case Move(source=source, change=Merge() | Rewrite()):
            return {source}
        case _:
            return set()


def _refused(change: Change) -> Blocked:
    inner = change.change if isinstance(change, Move) else change
    file = inner.file if isinstance(inner, Merge | Update) else None
    path = change.source if isinstance(change, Move) else change.path
    return Blocked(path=path, reason=Reason.DIRTY, file=file)
