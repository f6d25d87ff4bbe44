"""Projects in memory to carry declared renames into: a rendering, the same renamed, and edits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from apigen.evolve.record import Rename
from apigen.merge.manifest import Manifest, ManifestEntry
from apigen.merge.renaming.renamed import Renamed, renamed_worktree
from apigen.merge.worktree import Entry, OnDisk, Side, digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A worktree without a disk."""

    contents: Mapping[str, bytes]
    bases: Mapping[str, bytes] = field(default_factory=dict)

    def entry(self, path: str) -> Entry:
        content = self.contents.get(path)
        return OnDisk(sha256=digest(content)) if content is not None else None

    def content(self, path: str) -> bytes:
        return self.contents[path]

    def base(self, path: str) -> bytes | None:
        return self.bases.get(path)

    def source(self, path: str) -> str:
        return path

    def before(self, path: str) -> str | None:
        content = self.contents.get(path)
        return digest(content) if content is not None else None

    def rewritten(self) -> Mapping[str, tuple[int, ...]]:
        return {}

    def files(self) -> tuple[str, ...]:
        return tuple(sorted(path for path in self.contents if "/support/" not in path))

    def python_files(self) -> tuple[str, ...]:
        return tuple(path for path in self.files() if path.endswith(".py"))

    def sides(self, path: str) -> tuple[Side, ...]:
        del path
        return ()


def rendering(texts: Mapping[str, str], *, elements: tuple[str, ...] = ()) -> Rendering:
    """Return files that apigen would have written, all from the same elements."""
    files = [
        RenderedFile(
            path=path,
            content=text.encode(),
            file_class=FileClass.VENDORED if "/support/" in path else FileClass.MERGED,
            elements=elements,
            executable=False,
        )
        for path, text in sorted(texts.items())
    ]
    return Rendering(files=tuple(files))


def manifest_of(written: Rendering) -> Manifest:
    """Return what apigen remembers of files it wrote."""
    return Manifest(
        entries={
            file.path: ManifestEntry(
                path=file.path,
                file_class=file.file_class,
                sha256=digest(file.content),
                elements=file.elements,
            )
            for file in written.files
        }
    )


def carried(
    old: Rendering,
    new: Rendering,
    yours: Mapping[str, str | bytes | None],
    *,
    renames: Sequence[Rename] = (),
    written: Rendering | None = None,
    spec: Collection[str] = (),
) -> Renamed:
    """Carry the difference of two renderings into a project.

    Args:
        old: The last run's spec.
        new: The same with the renames.
        yours: What stands in the project instead of, or beside, what was written; None: deleted.
        renames: The renames.
        written: What apigen wrote last, when older templates did.
        spec: The spec's own files.
    """
    written = written or old
    contents = {file.path: file.content for file in written.files}
    for path, text in yours.items():
        if text is None:
            del contents[path]
        else:
            contents[path] = text.encode() if isinstance(text, str) else text
    bases = {
        file.path: file.content for file in written.files if file.file_class is FileClass.MERGED
    }
    return renamed_worktree(
        Memory(contents=contents, bases=bases),
        manifest_of(written),
        old=old,
        renamed=new,
        renames=renames,
        spec=spec,
    )
