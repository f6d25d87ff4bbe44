"""Comments beside and above entries, merged like values: the owner's win."""

from bisect import bisect_left

from apigen.merge.data.composed import line_comment
from apigen.merge.data.tree import Document, Entry


def notes(document: Document, start: int, end: int) -> tuple[str, ...]:
    """Return the comments that begin within a span."""
    places = [place for place, _ in document.comments]
    found = document.comments[bisect_left(places, start) : bisect_left(places, end)]
    return tuple(note for _, note in found)


def merged_lead(
    base: Document, before: Entry | None, lead: str, theirs: Document, entry: Entry
) -> str | None:
    """Return the comment lines above an entry as theirs has them; None: the owner's stay."""
    if before is None:
        return None
    older = _stripped(base.text[before.lead : before.body])
    other = theirs.text[entry.lead : entry.body]
    if _stripped(lead) != older or _stripped(other) == older:
        return None
    return other


def merged_comment(
    base: Document,
    before: Entry | None,
    mine: Document,
    entry: Entry,
    theirs: Document,
    other: Entry,
) -> str | None:
    """Return the comment at an entry's end as theirs has it; None: the owner's stays."""
    if before is None or not (entry.owns_lines and other.owns_lines and before.owns_lines):
        return None
    if mine.text[entry.tail - 1] == "\n" or theirs.text[other.tail - 1] == "\n":
        return None
    older, ours, new = (
        line_comment(document.text, one)
        for document, one in ((base, before), (mine, entry), (theirs, other))
    )
    return new if ours.strip() == older.strip() and new.strip() != older.strip() else None


def _stripped(lines: str) -> list[str]:
    return [line.strip() for line in lines.splitlines()]
