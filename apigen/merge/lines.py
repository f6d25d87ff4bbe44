"""Merge by lines: what is neither Python nor data, and what does not parse.

A region that both sides changed differently is a conflict with markers around its lines. Files
that are sets of lines (`.gitignore`) have none: what either side added is united, what either
side removed is gone. Every function takes texts with plain line ends.
"""

from apigen.merge.conflict_text import conflict_lines, first_line_numbers
from apigen.merge.merged import Merged, SymbolConflict


def settled(base: str, mine: str, theirs: str) -> str | None:
    """Return the text when only one side moved, or both alike; None: both moved."""
    if mine == theirs or base == theirs:
        return mine
    return theirs if base == mine else None


def merge_lines(base: str, mine: str, theirs: str) -> Merged:
    """Merge three texts by lines. The symbol of every conflict is empty: lines have no names."""
    alone = settled(base, mine, theirs)
    if alone is not None:
        return Merged(text=alone)
    from merge3 import Merge3

    merged: list[str] = []
    found: list[tuple[str, str, str]] = []
    for group in Merge3(_lines(base), _lines(mine), _lines(theirs)).merge_groups():
        if group[0] != "conflict":
            merged.extend(group[1])
            continue
        before, ours, other = ("".join(part) for part in group[1:])
        if ours == other:
            merged.append(ours)
            continue
        found.append((ours, before, other))
        merged.append(conflict_lines(ours, before, other))
    text = "".join(merged)
    return Merged(
        text=_ended_as(text, mine),
        conflicts=tuple(
            SymbolConflict(symbol="", line=line, mine=ours, base=before, theirs=other)
            for line, (ours, before, other) in zip(first_line_numbers(text), found, strict=True)
        ),
    )


def merge_line_set(base: str, mine: str, theirs: str) -> Merged:
    """Unite the lines of a file in which every line stands for itself.

    The owner's order and comments stay. A line that theirs brought goes after its nearest
    predecessor there; one that theirs dropped goes, unless the owner wrote it too.
    """
    alone = settled(base, mine, theirs)
    if alone is not None:
        return Merged(text=alone)
    before, ours, other = (_lines(text) for text in (base, mine, theirs))
    dropped = set(before) - set(other)
    merged = [line for line in ours if line not in dropped or not line.strip()]
    known = set(before) | set(merged)
    for index, line in enumerate(other):
        if line not in known and line.strip():
            merged.insert(_place(merged, other[:index]), line)
    return Merged(text=_ended_as("".join(merged), mine))


def _place(lines: list[str], predecessors: list[str]) -> int:
    for line in reversed(predecessors):
        if line.strip() and line in lines:
            return lines.index(line) + 1
    return 0


def _lines(text: str) -> list[str]:
    """Return the lines, each closed: a missing last line end is no difference of its line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return lines[:-1] if text.endswith("\n") or not text else lines


def _ended_as(text: str, mine: str) -> str:
    """Return the text with the owner's last line end: none when they have none."""
    if text.endswith("\n") and mine and not mine.endswith("\n"):
        return text[:-1]
    return text
