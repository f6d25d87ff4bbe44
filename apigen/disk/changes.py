"""What a rendering would do to a project, file by file; nothing is done here.

The rule of this step: what apigen wrote and nobody touched is apigen's to replace or remove; what
somebody edited is kept, and when it would have to change as well, that is a conflict.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from apigen.disk.manifest import Manifest, ManifestEntry
from apigen.disk.snapshot import Obstacle, Snapshot, digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering


class Kept(StrEnum):
    """Why a file stays as it is."""

    UNCHANGED = "unchanged"
    """It is what would be written."""
    EDITED = "edited"
    """Its owner changed it, and apigen has nothing new for it."""
    SEED = "seed"
    """It was written once and is its owner's."""
    DELETED = "deleted"
    """Its owner deleted it; it is not brought back."""


class Reason(StrEnum):
    """Why a file can not be written."""

    EDITED = "edited by hand, and the spec changes it too"
    REMOVED = "edited by hand, and the spec has no use for it any more"
    VENDORED = "vendored code that was edited by hand"
    FOREIGN = "in the way: apigen did not write it"
    OBSTACLE = "in the way: it is not a regular file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Nothing is there."""

    path: str
    file: RenderedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is there is what apigen wrote last."""

    path: str
    file: RenderedFile
    before: str
    """Hash of the content to be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Nothing is written. `file` is None when apigen has no such file to write any more."""

    path: str
    kept: Kept
    file: RenderedFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """The spec has no use for it any more, and nobody touched it."""

    path: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Writing would lose what somebody wrote. `file` is None when it would be deleted."""

    path: str
    reason: Reason
    file: RenderedFile | None


type Change = Create | Update | Keep | Delete | Conflict


def paths_of_interest(rendering: Rendering, manifest: Manifest) -> tuple[str, ...]:
    """Return the paths whose state on disk decides what happens."""
    return tuple(sorted({file.path for file in rendering.files} | set(manifest.entries)))


def compare(rendering: Rendering, manifest: Manifest, disk: Snapshot) -> tuple[Change, ...]:
    """Tell what would happen to each file, sorted by path.

    Args:
        rendering: Today's files.
        manifest: What apigen wrote last.
        disk: The state of `paths_of_interest`.
    """
    today = {file.path: file for file in rendering.files}
    changes = [_change(file, manifest.entries.get(path), disk) for path, file in today.items()]
    for path, entry in manifest.entries.items():
        if path not in today:
            changes.extend(_vanished(entry, disk))
    return tuple(sorted(changes, key=lambda change: change.path))


def recorded(changes: tuple[Change, ...], manifest: Manifest) -> Iterator[ManifestEntry]:
    """Yield the entries of the manifest as it is after `changes`.

    A file kept because it was edited or deleted keeps its old entry, so that the next run still
    knows what apigen wrote.
    """
    for change in changes:
        match change:
            case Create(file=file) | Update(file=file):
                yield _entry(file)
            case Keep(file=RenderedFile() as file, kept=Kept.UNCHANGED):
                yield _entry(file)
            case Keep(file=RenderedFile() as file, path=path):
                old = manifest.entries.get(path)
                yield old if old is not None else _entry(file)
            case _:
                pass


def by_path(changes: tuple[Change, ...]) -> Mapping[str, Change]:
    """Index changes by path."""
    return {change.path: change for change in changes}


def _change(file: RenderedFile, known: ManifestEntry | None, disk: Snapshot) -> Change:
    path = file.path
    if isinstance(disk.entries[path], Obstacle):
        return Conflict(path=path, reason=Reason.OBSTACLE, file=file)
    present = disk.sha256(path)
    rendered = digest(file.content)
    if present is None:
        # An owner may delete what is theirs; support code is not, and nothing is lost by a copy.
        if known is None or file.file_class is FileClass.VENDORED:
            return Create(path=path, file=file)
        return Keep(path=path, kept=Kept.DELETED, file=file)
    if present == rendered:
        return Keep(path=path, kept=Kept.UNCHANGED, file=file)
    if file.file_class is FileClass.SEED:
        return Keep(path=path, kept=Kept.SEED, file=file)
    if known is None:
        return Conflict(path=path, reason=Reason.FOREIGN, file=file)
    if present == known.sha256:
        return Update(path=path, file=file, before=present)
    if file.file_class is FileClass.VENDORED:
        return Conflict(path=path, reason=Reason.VENDORED, file=file)
    if rendered == known.sha256:
        return Keep(path=path, kept=Kept.EDITED, file=file)
    return Conflict(path=path, reason=Reason.EDITED, file=file)


def _vanished(known: ManifestEntry, disk: Snapshot) -> Iterator[Change]:
    if isinstance(disk.entries[known.path], Obstacle):
        yield Conflict(path=known.path, reason=Reason.OBSTACLE, file=None)
        return
    present = disk.sha256(known.path)
    if present is None:
        return
    if known.file_class is FileClass.SEED:
        yield Keep(path=known.path, kept=Kept.SEED, file=None)
    elif present == known.sha256:
        yield Delete(path=known.path, before=present)
    else:
        yield Conflict(path=known.path, reason=Reason.REMOVED, file=None)


def _entry(file: RenderedFile) -> ManifestEntry:
    return ManifestEntry(
        path=file.path,
        file_class=file.file_class,
        sha256=digest(file.content),
        elements=file.elements,
    )
