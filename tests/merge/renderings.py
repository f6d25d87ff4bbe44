"""Projects of a few files, made from renderings that a test writes down."""

from pathlib import Path

from apigen.disk.apply import apply
from apigen.disk.conflicts import read_conflicts
from apigen.disk.manifest import read_manifest
from apigen.disk.worktree import DiskWorktree
from apigen.merge.changes import Change
from apigen.merge.decide import decide
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering


def file(
    path: str,
    text: str,
    file_class: FileClass = FileClass.MERGED,
    *,
    executable: bool = False,
) -> RenderedFile:
    """Make a rendered file."""
    return RenderedFile(
        path=path,
        content=text.encode(),
        file_class=file_class,
        elements=("shop.Order",),
        executable=executable,
    )


def rendering(*files: RenderedFile | tuple[str, str] | tuple[str, str, FileClass]) -> Rendering:
    """Make a rendering of files, or of (path, text[, class])."""
    made = [one if isinstance(one, RenderedFile) else file(*one) for one in files]
    return Rendering(files=tuple(sorted(made, key=lambda one: one.path)))


def compared(
    root: Path, today: Rendering, *, restore: frozenset[str] = frozenset()
) -> tuple[Change, ...]:
    """Compare `today` with the project in `root`."""
    manifest = read_manifest(root)
    open_conflicts = frozenset(found.path for found in read_conflicts(root))
    return decide(
        today,
        manifest,
        DiskWorktree(root, manifest),
        restore=restore,
        open_conflicts=open_conflicts,
    )


def applied(
    root: Path, today: Rendering, *, restore: frozenset[str] = frozenset()
) -> tuple[Change, ...]:
    """Bring the project in `root` to `today`."""
    changes = compared(root, today, restore=restore)
    apply(root, changes, read_manifest(root), records={})
    return changes


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    """Return content and permissions of every file, what is of one machine left out."""
    return {
        name: (place.read_bytes(), place.stat().st_mode & 0o777)
        for place in sorted(root.rglob("*"))
        if place.is_file() and not is_local(name := place.relative_to(root).as_posix())
    }


def is_local(path: str) -> bool:
    """Whether a file is of one machine or one run."""
    return path in (".apigen/lock", ".apigen/undo") or path.startswith((".apigen/cache/", ".git/"))


def digest_of(place: Path) -> str:
    """Return the hash of a file."""
    return digest(place.read_bytes())
