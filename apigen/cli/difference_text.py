"""Unified diffs of what a run would change, and of what an owner has changed."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from apigen.disk.paths import base_path, target
from apigen.merge.changes import (
    Blocked,
    Change,
    Create,
    Delete,
    Keep,
    Merge,
    Move,
    Rewrite,
    Update,
)
from apigen.merge.manifest import ManifestEntry
from apigen.plan.file import FileClass


def differences(root: Path, change: Change) -> str:
    """Return what a change does to the text of its file as a unified diff; empty for a keep.

    For a file that stops the run both sides are shown against what apigen wrote last.
    """
    match change:
        case Keep():
            return ""
        case Create(path=path, file=file):
            return unified(b"", file.content, "/dev/null", path)
        case Update(path=path, file=file):
            return unified(_read(root, path), file.content, path, path)
        case Merge(path=path, content=content) | Rewrite(path=path, content=content):
            return unified(_read(root, path), content, path, path)
        case Move(path=path, source=source, change=inner):
            content = inner.file.content if isinstance(inner, Update) else inner.content
            return unified(_read(root, source), content, source, path) or (
                f"--- {source}\n+++ {path}\n"
            )
        case Delete(path=path):
            return unified(_read(root, path), b"", path, "/dev/null")
        case Blocked(path=path, file=rendered):
            last = _read(root, base_path(path))
            yours = _read(root, path)
            new = rendered.content if rendered is not None else b""
            if not last:
                return unified(yours, new, f"{path} (yours)", f"{path} (newly generated)")
            return unified(last, yours, f"{path} (last generated)", f"{path} (yours)") + unified(
                last, new, f"{path} (last generated)", f"{path} (newly generated)"
            )


def own_differences(
    root: Path, entries: Mapping[str, ManifestEntry]
) -> Iterator[tuple[str, str, str]]:
    """Yield what the owner changed in the files that apigen wrote, by path.

    Seeds are left out: they are the owner's from the first day, and what they were is not kept.

    Yields:
        Path, `edited` or `deleted`, and the unified diff from what apigen wrote last.
    """
    for path in sorted(entries):
        entry = entries[path]
        last = _read(root, base_path(path))
        is_merged = entry.file_class is FileClass.MERGED or entry.ejected
        if not is_merged or not (last or _is_file(root, base_path(path))):
            continue
        if not _is_file(root, path):
            yield path, "deleted", unified(last, b"", path, "/dev/null")
            continue
        yours = _read(root, path)
        if yours != last:
            yield path, "edited", unified(last, yours, f"{path} (last generated)", path)


def unified(before: bytes, after: bytes, old: str, new: str) -> str:
    """Return a unified diff of two contents, empty when they are the same."""
    if before == after:
        return ""
    try:
        texts = before.decode(), after.decode()
    except UnicodeDecodeError:
        return f"--- {old}\n+++ {new}\n(binary)\n"
    lines = [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(_lines(texts[0]), _lines(texts[1]), old, new)
    ]
    return "".join(lines)


def _lines(text: str) -> Sequence[str]:
    """Split at line feeds only: nothing else ends a line in the tools that read diffs."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _is_file(root: Path, path: str) -> bool:
    place = target(root, path)
    return place.is_file() and not place.is_symlink()


def _read(root: Path, path: str) -> bytes:
    return target(root, path).read_bytes() if _is_file(root, path) else b""
