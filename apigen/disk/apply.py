"""Bring a project to what the changes say, records included, in one transaction.

The records are the manifest, the base (what apigen wrote last of every file its owner may edit)
and whatever the caller adds; they move together with the files or not at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from apigen.disk.changes import Change, Conflict, Create, Delete, Keep, Kept, Update, recorded
from apigen.disk.journal import Remove, Step, Write, commit
from apigen.disk.manifest import Manifest, print_manifest
from apigen.disk.paths import MANIFEST, ProjectError, base_path, target
from apigen.disk.snapshot import Obstacle, digest, snapshot
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile


def apply(
    root: Path, changes: Sequence[Change], manifest: Manifest, *, records: Mapping[str, bytes]
) -> None:
    """Write, update and delete, and record it.

    Args:
        root: The project's folder, held by `run_lock`.
        changes: Without conflicts.
        manifest: The one `changes` were worked out from.
        records: More files to bring up to date: path to content.

    Raises:
        ProjectError: a change is a conflict, or the project can not be written; in both cases
            nothing was.
    """
    conflicts = [change.path for change in changes if isinstance(change, Conflict)]
    if conflicts:
        raise ProjectError(f"{conflicts[0]} can not be written")
    steps = [*_steps(changes), *_records(root, changes, manifest, records)]
    commit(root, steps)


def _steps(changes: Sequence[Change]) -> Iterator[Step]:
    for change in changes:
        match change:
            case Create(path=path, file=file):
                yield Write(
                    path=path, content=file.content, before=None, executable=file.executable
                )
            case Update(path=path, file=file, before=before):
                yield Write(
                    path=path, content=file.content, before=before, executable=file.executable
                )
            case Delete(path=path, before=before):
                yield Remove(path=path, before=before)
            case _:
                pass


def _records(
    root: Path, changes: Sequence[Change], manifest: Manifest, records: Mapping[str, bytes]
) -> Iterator[Step]:
    wanted: dict[str, bytes | None] = {
        base_path(path): content for path, content in _bases(changes, manifest)
    }
    wanted |= records
    wanted[MANIFEST] = print_manifest(recorded(tuple(changes), manifest))
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


def _bases(changes: Sequence[Change], manifest: Manifest) -> Iterator[tuple[str, bytes | None]]:
    """Yield what the base of each file must hold; None: there must be none."""
    kept = set()
    for change in changes:
        match change:
            case Create(file=file) | Update(file=file):
                content = _base_of(file)
            case Keep(file=RenderedFile() as file, kept=Kept.UNCHANGED):
                content = _base_of(file)
            case Keep(file=RenderedFile()):
                # Its owner moved on: the base stays what apigen wrote last.
                kept.add(change.path)
                continue
            case _:
                content = None
        kept.add(change.path)
        yield change.path, content
    for path in manifest.entries:
        if path not in kept:
            yield path, None


def _base_of(file: RenderedFile) -> bytes | None:
    return file.content if file.file_class is FileClass.MERGED else None
