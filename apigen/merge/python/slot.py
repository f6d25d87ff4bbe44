"""One part of a node, and lists as such parts."""

import ast
from collections.abc import Iterable

from apigen.merge.python.items import Items, Nodes, elements
from apigen.merge.python.source import Located, Source
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slot:
    """A part with a name."""

    source: Source
    name: str
    start: int
    end: int
    node: Located | None = None
    items: Items | None = None
    prefix: str = ""
    """What stands before it where a version that lacks it gets it."""
    optional: bool = False

    @property
    def text(self) -> str:
        """As written."""
        return self.source.text[self.start : self.end]

    @property
    def norm(self) -> tuple[str, ...]:
        """Its forms."""
        return self.items.norm if self.items else self.source.norm(self.start, self.end)


def words(source: Source, node: Located) -> tuple[str, ...]:
    """Give the forms of a node."""
    return source.norm(source.start(node), source.end(node))


def argument_groups(
    source: Source, values: Iterable[ast.expr], keywords: Iterable[ast.keyword]
) -> list[tuple[tuple[str, ...], Nodes]]:
    """Give key and nodes of arguments in the order of the text."""
    groups: list[tuple[int, tuple[str, ...], Nodes]] = []
    groups += [(source.start(value), ("item", *words(source, value)), (value,)) for value in values]
    for keyword in keywords:
        key = (
            ("keyword", keyword.arg) if keyword.arg else ("unpacked", *words(source, keyword.value))
        )
        groups.append((source.start(keyword), key, (keyword.value,)))
    return [(key, nodes) for _start, key, nodes in sorted(groups, key=lambda each: each[0])]


def listed_slot(
    source: Source,
    name: str,
    start: int,
    end: int,
    groups: list[tuple[tuple[str, ...], Nodes]],
    *,
    is_bracketed: bool = True,
    keeps_comma: bool = False,
) -> Slot | None:
    """Give the slot of a list between brackets, None when it does not read as one."""
    cut = elements(source, start, end, groups)
    if cut is None:
        return None
    items = Items(
        source=source,
        start=start,
        end=end,
        elements=cut,
        is_bracketed=is_bracketed,
        keeps_comma=keeps_comma,
    )
    return Slot(source=source, name=name, start=start, end=end, items=items)


def open_bracket(source: Source, start: int, end: int, bracket: str) -> int | None:
    """Give the offset after the first bracket of a kind in a span."""
    return next((at + 1 for at, mark in source.marks_in(start, end) if mark == bracket), None)


def closing(source: Source, start: int, end: int) -> int | None:
    """Give the offset of the bracket that closes the region beginning at `start`."""
    depth = 1
    for offset, mark in source.marks_in(start, end):
        depth += (mark in "([{") - (mark in ")]}")
        if depth == 0:
            return offset
    return None
