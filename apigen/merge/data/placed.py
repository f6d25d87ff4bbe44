"""Entries from what a reader found: which lines, blank lines and comments belong to each."""

from collections.abc import Sequence

from apigen.merge.data.tree import (
    Container,
    Entry,
    Node,
    Shape,
    line_end,
    line_start,
    normal_of,
    numbered,
    split_lead,
)
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A key with its value, as it stands in the text."""

    key: str
    head: int
    value_from: int
    value: Node
    tail: int


def block(text: str, shape: Shape, found: Sequence[Found], start: int) -> Container:
    """Return a container whose entries each begin a line.

    Args:
        text: The whole text.
        shape: Mapping or sequence.
        found: The entries, in order.
        start: Where the lines of the first entry begin; within a line behind a dash.
    """
    starts_inline = start > 0 and text[start - 1] != "\n"
    entries: list[Entry] = []
    position = start
    for number, (key, one) in enumerate(zip(_unique(shape, found), found, strict=True)):
        is_inline = starts_inline and number == 0
        body = one.head if is_inline else line_start(text, one.head)
        end = one.tail if _is_at_line_start(text, one.tail) else line_end(text, one.tail)
        gap = body if is_inline else position
        lead = body if is_inline else split_lead(text, gap, body)
        entries.append(
            _entry(key, one, gap=gap, lead=lead, body=body, end=end, owns_lines=not is_inline)
        )
        position = end
    first = found[0].head if found else start
    return Container(
        start=start,
        end=position,
        shape=shape,
        is_flow=False,
        entries=tuple(entries),
        normal=normal_of(shape, entries),
        column=first - line_start(text, first),
        starts_inline=starts_inline,
    )


def flow(
    text: str, shape: Shape, found: Sequence[Found], start: int, end: int, *, is_ordered: bool
) -> Container:
    """Return a container in brackets; `start` and `end` are outside of them."""
    entries: list[Entry] = []
    position = line_end(text, start)
    close = line_start(text, end - 1)
    for key, one in zip(_unique(shape, found), found, strict=True):
        stop = _behind_separator(text, one.tail, end)
        rest = text[stop : line_end(text, stop)]
        begin = line_start(text, one.head)
        owns_lines = (
            begin > start
            and not text[begin : one.head].strip()
            and (not rest.strip() or rest.lstrip().startswith("#"))
            and line_end(text, stop) <= close
        )
        if owns_lines:
            gap = min(position, begin)
            lead, body, stop = split_lead(text, gap, begin), begin, line_end(text, stop)
        else:
            gap = lead = body = one.head
        entries.append(
            _entry(key, one, gap=gap, lead=lead, body=body, end=stop, owns_lines=owns_lines)
        )
        position = stop
    first = found[0].head if found else start
    return Container(
        start=start,
        end=end,
        shape=shape,
        is_flow=True,
        entries=tuple(entries),
        normal=normal_of(shape, entries),
        column=first - line_start(text, first),
        is_ordered=is_ordered,
    )


def _unique(shape: Shape, found: Sequence[Found]) -> tuple[str, ...]:
    keys = tuple(one.key for one in found)
    return numbered(keys) if shape is Shape.SEQUENCE else keys


def _entry(
    key: str, one: Found, *, gap: int, lead: int, body: int, end: int, owns_lines: bool
) -> Entry:
    return Entry(
        key=key,
        gap=gap,
        lead=lead,
        body=body,
        head=one.head,
        value_from=one.value_from,
        value=one.value,
        tail=one.tail,
        end=end,
        owns_lines=owns_lines,
    )


def _is_at_line_start(text: str, position: int) -> bool:
    return position > 0 and text[position - 1] == "\n"


def _behind_separator(text: str, position: int, limit: int) -> int:
    """Return the place behind the comma that follows, or the place itself."""
    at = position
    while at < limit and text[at] in " \t\n":
        at += 1
    return at + 1 if at < limit and text[at] == "," else position
