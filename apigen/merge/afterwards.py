"""What apigen remembers of the files once the changes are made. Pure: nothing is written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from apigen.merge.changes import (
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
from apigen.merge.decide import class_of, is_revision
from apigen.merge.manifest import Manifest, ManifestEntry
from apigen.merge.merged import Happened
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile

_REMEMBERED = (Kept.EDITED, Kept.DELETED, Kept.LAYOUT, Kept.ORPHANED, Kept.CONFLICT_OPEN)
"""Kept files of which apigen still needs to know what it wrote last."""


def entries_after(
    changes: Sequence[Change], manifest: Manifest, before: Manifest
) -> Iterator[ManifestEntry]:
    """Yield the entries of the manifest as it is after `changes`.

    A file kept because it was edited or deleted keeps its old entry, and so does one left with
    markers, so that later runs still know what apigen wrote.

    Args:
        changes: All changes of a run.
        manifest: What the changes were worked out from, with declared renames in it.
        before: What the project has on disk; it knows what is kept under its old name.
    """
    for change in changes:
        inner = change.change if isinstance(change, Move) else change
        known = manifest.entries.get(change.path) or before.entries.get(change.path)
        match inner:
            case Merge(merged=merged) if merged.conflicts:
                if known is not None:
                    yield known
            case Create(file=file) | Update(file=file) | Merge(file=file):
                yield entry_of(file, known)
            case Keep(file=RenderedFile() as file, kept=Kept.UNCHANGED):
                yield entry_of(file, known)
            case Keep(file=RenderedFile() as file, kept=Kept.SEED):
                yield known if known is not None else entry_of(file, known)
            case Keep(kept=kept) if kept in _REMEMBERED and known is not None:
                yield known
            case Keep(kept=Kept.SEED) if known is not None and is_revision(known):
                # Planned by one run only; where it came from is worth knowing all the same.
                yield replace(known, file_class=FileClass.SEED)
            case _:
                pass


def bases_after(
    changes: Sequence[Change], manifest: Manifest, before: Manifest
) -> Mapping[str, bytes | None]:
    """Return what the base of each file must hold, None: there must be none.

    A path that is not in the result keeps the base it has.

    Args:
        changes: All changes of a run.
        manifest: What the changes were worked out from, with declared renames in it.
        before: What the project has on disk.
    """
    wanted: dict[str, bytes | None] = {}
    for change in changes:
        inner = change.change if isinstance(change, Move) else change
        known = manifest.entries.get(change.path)
        match inner:
            case Merge(merged=merged) if merged.conflicts:
                continue
            case Create(file=file) | Update(file=file) | Merge(file=file):
                wanted[change.path] = _base_of(file, known)
            case Keep(file=RenderedFile() as file, kept=Kept.UNCHANGED):
                wanted[change.path] = _base_of(file, known)
            case Keep(file=RenderedFile() as file, kept=Kept.EDITED) if _is_again(file, known):
                # Missing or damaged, it is found again: what would be written is what was.
                wanted[change.path] = _base_of(file, known)
            case Keep(kept=kept) if kept in _REMEMBERED:
                continue
            case Keep() | Delete() | Rewrite():
                wanted[change.path] = None
            case _:
                continue
    mentioned = {change.path for change in changes}
    for path in before.entries:
        if path not in mentioned:
            wanted[path] = None
    return wanted


def pending_entries(changes: Sequence[Change], manifest: Manifest) -> Iterator[ManifestEntry]:
    """Yield what the manifest will say of files with markers once those are resolved."""
    for change in changes:
        inner = change.change if isinstance(change, Move) else change
        if isinstance(inner, Merge) and inner.merged.conflicts:
            yield entry_of(inner.file, manifest.entries.get(change.path))


def new_orphans(changes: Sequence[Change]) -> Iterator[str]:
    """Yield `path` or `path::symbol` of everything that is kept without use."""
    for change in changes:
        inner = change.change if isinstance(change, Move) else change
        if isinstance(inner, Keep) and inner.kept is Kept.ORPHANED:
            yield change.path
        if isinstance(inner, Merge):
            for remark in inner.merged.remarks:
                if remark.happened is Happened.ORPHANED:
                    yield f"{change.path}::{remark.symbol}"


def entry_of(file: RenderedFile, known: ManifestEntry | None) -> ManifestEntry:
    """Return what the manifest says of a file that is as it was rendered."""
    file_class = class_of(file, known)
    return ManifestEntry(
        path=file.path,
        file_class=file_class,
        sha256=digest(file.content),
        elements=file.elements,
        executable=file.executable,
        ejected=file_class is not file.file_class,
    )


def _base_of(file: RenderedFile, known: ManifestEntry | None) -> bytes | None:
    return file.content if class_of(file, known) is FileClass.MERGED else None


def _is_again(file: RenderedFile, known: ManifestEntry | None) -> bool:
    return known is not None and digest(file.content) in known.hashes
