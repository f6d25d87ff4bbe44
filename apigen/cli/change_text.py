"""Put changes into words: a word for each, lists, the sentence with counts."""

from collections import Counter
from collections.abc import Iterator, Sequence

from apigen.merge.changes import (
    Blocked,
    Change,
    Keep,
    Kept,
    Merge,
    Move,
    Reason,
    Rewrite,
)
from apigen.merge.merged import Happened, Remark
from apigen.merge.worktree import digest

_WAYS_OUT = {
    Reason.VENDORED: "`apigen eject PATH` makes the file yours, and it is merged from then on",
    Reason.TAKEN: "rename your own, or choose another name in the spec",
    Reason.FOREIGN: "rename or remove it",
    Reason.OBSTACLE: "rename or remove it",
    Reason.NO_BASE: "restore `.apigen/base/PATH` from version control",
    Reason.MARKERS: "decide in the file, then `apigen resolve PATH`",
    Reason.UNREADABLE: "mend the file, then run it again",
    Reason.READ_ONLY: "allow writing to it",
    Reason.DIRTY: "commit them, or run it with --allow-dirty",
}
_VERBS = (
    ("create", "created"),
    ("update", "updated"),
    ("merge", "merged"),
    ("conflict", "left in conflict"),
    ("move", "moved"),
    ("rewrite", "rewrote"),
    ("keep", "kept"),
    ("delete", "removed"),
)
"""Words of `kind` that are counted, in the order of the sentence, and what is said afterwards."""
_PLANNED = {"conflict": "leave in conflict", "delete": "remove"}
_MOST_SYMBOLS = 3
_YOURS = (Kept.EDITED, Kept.DELETED, Kept.ORPHANED, Kept.CONFLICT_OPEN)


def kind(change: Change) -> str:
    """Return the word for a change.

    One of create, update, merge, conflict (a merge that leaves markers), move, rewrite, keep,
    orphan (kept without use), delete, blocked. A merge that comes to what is there already is a
    keep: only what apigen remembers of the file moves.
    """
    match change:
        case Merge() if _writes_nothing(change):
            return "keep"
        case Merge(merged=merged) if merged.conflicts:
            return "conflict"
        case Move(change=Merge(merged=merged)) if merged.conflicts:
            return "conflict"
        case Keep(kept=Kept.ORPHANED):
            return "orphan"
        case _:
            return type(change).__name__.lower()


def merge_of(change: Change) -> Merge | None:
    """Return the merge that a change is or, after a rename, has in it."""
    match change:
        case Merge():
            return change
        case Move(change=Merge() as inner):
            return inner
        case _:
            return None


def sentence(changes: Sequence[Change], *, planned: bool) -> str:
    """Sum up in one sentence, such as `Created 3 files, merged 1, kept 11 of yours, removed 2.`

    Args:
        changes: All changes of a run.
        planned: Whether they are only going to happen.
    """
    numbers = Counter(_counted_as(change) for change in changes)
    parts: list[str] = []
    for word, done in _VERBS:
        if not numbers[word]:
            continue
        amount = f"{numbers[word]:,}" if parts else counted(numbers[word], "file")
        verb, _, rest = (_PLANNED.get(word, word) if planned else done).partition(" ")
        owner = " of yours" if word == "keep" else ""
        parts.append(f"{verb} {amount}{owner}{f' {rest}' if rest else ''}")
    if not parts:
        return "Everything is up to date."
    text = ", ".join(parts)
    return f"Would {text}." if planned else f"{text[0].upper()}{text[1:]}."


def counted(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def listing(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line for each change that is not a plain keep; a conflict has one a symbol."""
    for change in changes:
        match change:
            case Keep(kept=kept, path=path):
                told = _KEPT.get(kept)
                if told is not None:
                    yield _row(told[0], f"{path} ({told[1].replace('PATH', path)})")
            case Blocked(path=path, reason=reason, detail=detail):
                yield _row("blocked", f"{path}: {reason.value}{f' ({detail})' if detail else ''}")
            case Move(path=path, source=source):
                yield _row("move", f"{source} -> {path}{_detail(change)}")
                yield from _conflicts(change)
            case Merge(merged=merged) if merged.conflicts:
                yield from _conflicts(change)
            case Merge(path=path) if _writes_nothing(change):
                yield _row("kept", f"{path} (your edits)")
            case _:
                yield _row(kind(change), f"{change.path}{_detail(change)}")


_KEPT = {
    Kept.DELETED: ("kept out", "you deleted it; `apigen regenerate --restore PATH`"),
    Kept.EDITED: ("kept", "your edits"),
    Kept.ORPHANED: ("orphan", "the spec has no use for it, but you edited it"),
    Kept.CONFLICT_OPEN: ("conflict", "still open; `apigen resolve PATH`"),
}


def remark_line(path: str, remark: Remark) -> str:
    """Return what its owner should know of a symbol, with the command that goes with it."""
    name = f"{path}::{remark.symbol}" if remark.symbol else path
    match remark.happened:
        case Happened.STAYS_DELETED:
            what = f"{remark.detail} of {name}" if remark.detail else name
            return f"{what} stays deleted; for the new one: `{remark_command(path, remark)}`"
        case Happened.RENAMED:
            return f"{name} was renamed to {remark.detail} by you; it is kept up to date there"
        case Happened.MOVED:
            return f"{name} looks moved to {remark.detail}: `{remark_command(path, remark)}`"
        case Happened.ORPHANED:
            return (
                f"{name} is kept without use, because you edited it: delete it, or "
                f"`{remark_command(path, remark)}`"
            )
        case Happened.RESTORED:
            return f"{name} is back"


def remark_command(path: str, remark: Remark) -> str:
    """Return the command that acts on a remark, empty when there is nothing to do."""
    name = f"{path}::{remark.symbol}" if remark.symbol else path
    match remark.happened:
        case Happened.STAYS_DELETED:
            return f"apigen regenerate --restore {name}"
        case Happened.MOVED:
            return f"apigen adopt {remark.detail}"
        case Happened.ORPHANED:
            return f"apigen adopt {name}"
        case Happened.RENAMED | Happened.RESTORED:
            return ""


def blocked_report(blocked: Sequence[Blocked]) -> str:
    """Name the files that stop a run, why, and the way out of each kind."""
    verb = "stops" if len(blocked) == 1 else "stop"
    lines = [f"{counted(len(blocked), 'file')} {verb} this run:"]
    for reason in Reason:
        found = [one for one in blocked if one.reason is reason]
        if found:
            lines.extend(f"  {one.path}{f': {one.detail}' if one.detail else ''}" for one in found)
            lines.append(f"    = {reason.value}")
            path = found[0].path if len(found) == 1 else "PATH"
            lines.append(f"    = help: {way_out(reason, path)}")
    return "\n".join(lines)


def way_out(reason: Reason, path: str) -> str:
    """Return what its owner can do about a file that stops a run."""
    return _WAYS_OUT[reason].replace("PATH", path)


def _counted_as(change: Change) -> str:
    """Return the word under which the sentence counts a change; a plain keep counts for none."""
    if isinstance(change, Keep):
        return "keep" if change.kept in _YOURS else ""
    return kind(change)


def _writes_nothing(merge: Merge) -> bool:
    return not merge.merged.conflicts and digest(merge.content) == merge.before


def _row(word: str, text: str) -> str:
    return f"  {word:9} {text}"


def _conflicts(change: Change) -> Iterator[str]:
    merge = merge_of(change)
    for conflict in merge.merged.conflicts if merge is not None else ():
        symbol = f": {conflict.symbol}" if conflict.symbol else ""
        yield _row("conflict", f"{change.path}:{conflict.line}{symbol}")


def _detail(change: Change) -> str:
    """Return what of the owner's is in a merged file, or which lines a rename changed."""
    merge = merge_of(change)
    if merge is not None and not merge.merged.conflicts:
        return f" (with {yours_in(merge)})"
    match change:
        case Rewrite(lines=lines) | Move(change=Rewrite(lines=lines)):
            shown = ", ".join(str(line) for line in lines)
            return f" ({'line' if len(lines) == 1 else 'lines'} {shown})"
        case _:
            return ""


def yours_in(merge: Merge) -> str:
    """Return what of a merged file is its owner's: `Task.rename of yours`, `f left out by you`."""
    from apigen.cli.symbol_difference import different_lines, different_symbols

    text = merge.content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    theirs = merge.file.content.decode("utf-8", "replace")
    for one, other, whose in ((text, theirs, "of yours"), (theirs, text, "left out by you")):
        names = different_symbols(one, other) if merge.path.endswith(".py") else None
        if names:
            shown = names[:_MOST_SYMBOLS]
            rest = len(names) - len(shown)
            more = f" and {counted(rest, 'symbol')} more" if rest else ""
            return f"{', '.join(shown)}{more} {whose}"
        different = different_lines(one, other)
        if different:
            return f"{counted(different, 'line')} {whose}"
    return "your line ends"
