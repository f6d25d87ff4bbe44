"""Put changes into words: sentences with counts, lists, unified diffs."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

from apigen.disk.changes import (
    Change,
    Conflict,
    Create,
    Delete,
    Keep,
    Kept,
    Reason,
    Update,
)
from apigen.disk.paths import base_path, target

_WAYS_OUT = {
    Reason.EDITED: "move your change aside, regenerate, make it again; `apigen diff` shows both",
    Reason.REMOVED: "delete the file, or keep a copy of it under a name of your own",
    Reason.VENDORED: "subclass it in your own code and put it back; `apigen diff` shows the change",
    Reason.FOREIGN: "rename or remove it",
    Reason.OBSTACLE: "rename or remove it",
}


def kind(change: Change) -> str:
    """Return the word for a change: create, update, delete, keep, conflict."""
    return type(change).__name__.lower()


def sentence(changes: Sequence[Change], *, planned: bool) -> str:
    """Sum up in one sentence, such as `Created 3 files, updated 2, kept 11 of yours.`

    Args:
        changes: All changes of a run.
        planned: Whether they are only going to happen.
    """
    verbs = ("create", "update", "keep", "remove") if planned else _DONE
    numbers = (
        sum(isinstance(change, Create) for change in changes),
        sum(isinstance(change, Update) for change in changes),
        sum(_is_yours(change) for change in changes),
        sum(isinstance(change, Delete) for change in changes),
    )
    parts: list[str] = []
    for verb, number, owner in zip(verbs, numbers, ("", "", " of yours", ""), strict=True):
        if number:
            amount = str(number) if parts else counted(number, "file")
            parts.append(f"{verb} {amount}{owner}")
    if not parts:
        return "Everything is up to date."
    text = ", ".join(parts)
    return f"Would {text}." if planned else f"{text[0].upper()}{text[1:]}."


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


_DONE = ("created", "updated", "kept", "removed")


def listing(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line for each change that is not a plain keep."""
    for change in changes:
        match change:
            case Keep(kept=Kept.DELETED, path=path):
                yield f"  {'kept out':9} {path} (you deleted it)"
            case Keep(kept=Kept.EDITED, path=path):
                yield f"  {'kept':9} {path} (your edits)"
            case Conflict(path=path, reason=reason):
                yield f"  {'conflict':9} {path}: {reason.value}"
            case Keep():
                pass
            case _:
                yield f"  {kind(change):9} {change.path}"


def conflict_report(conflicts: Sequence[Conflict]) -> str:
    """Name the files that stop a run, why, and the way out of each kind."""
    verb = "stops" if len(conflicts) == 1 else "stop"
    lines = [f"{counted(len(conflicts), 'file')} {verb} this run:"]
    for reason in Reason:
        paths = [conflict.path for conflict in conflicts if conflict.reason is reason]
        if paths:
            lines.extend(f"  {path}" for path in paths)
            lines.append(f"    = {reason.value}")
            lines.append(f"    = help: {_WAYS_OUT[reason]}")
    return "\n".join(lines)


def differences(root: Path, change: Change) -> str:
    """Return what a change does to the text of its file as unified diffs; empty for a keep.

    For a conflict both sides are shown against what apigen wrote last.
    """
    match change:
        case Keep():
            return ""
        case Create(file=file):
            return _unified(b"", file.content, "/dev/null", change.path)
        case Update(file=file):
            return _unified(_read(root, change.path), file.content, change.path, change.path)
        case Delete():
            return _unified(_read(root, change.path), b"", change.path, "/dev/null")
        case Conflict(path=path, file=rendered):
            last = _read(root, base_path(path))
            yours = _read(root, path)
            new = rendered.content if rendered is not None else b""
            if not last:
                return _unified(yours, new, f"{path} (yours)", f"{path} (newly generated)")
            return _unified(last, yours, f"{path} (last generated)", f"{path} (yours)") + _unified(
                last, new, f"{path} (last generated)", f"{path} (newly generated)"
            )


def _is_yours(change: Change) -> bool:
    return isinstance(change, Keep) and change.kept in (Kept.EDITED, Kept.DELETED)


def _read(root: Path, path: str) -> bytes:
    place = target(root, path)
    return place.read_bytes() if place.is_file() and not place.is_symlink() else b""


def _unified(before: bytes, after: bytes, old: str, new: str) -> str:
    try:
        texts = before.decode(), after.decode()
    except UnicodeDecodeError:
        return f"--- {old}\n+++ {new}\n(binary)\n"
    lines = difflib.unified_diff(
        texts[0].splitlines(keepends=True), texts[1].splitlines(keepends=True), old, new
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
