"""Ways to add an entry to a mapping in braces, and to take one out of it."""

from collections.abc import Iterator

from apigen.source.node import Entry, MappingNode
from apigen.source.positions import Positions
from apigen.source.splices import Splice
from apigen.source.written import Value, flow_texts


def flow_insertions(
    positions: Positions,
    mapping: MappingNode,
    own: tuple[Entry, ...],
    start: int,
    key: str,
    value: Value,
    first: bool,
) -> Iterator[list[Splice]]:
    """Yield edits that add an entry; the braces begin at `start`."""
    text = positions.text
    close = positions.bounds(mapping.span)[1] - 1
    for entry in flow_texts(key, value):
        if not text[start + 1 : close].strip():
            yield [Splice(start=start + 1, end=close, text=f" {entry} ")]
            continue
        if first:
            at = positions.bounds(own[0].key_span)[0] if own else start + 1
            yield [Splice(start=at, end=at, text=f"{entry}, ")]
            continue
        last = max((_end(positions, known) for known in own), default=close)
        tail = text[last:close]
        comma = _comma(tail)
        if "\n" not in tail and "\r" not in tail:
            if comma is None:
                at = last if not tail.strip() else last + len(tail.rstrip())
                yield [Splice(start=at, end=at, text=f", {entry}")]
            else:
                at = last + comma + 1
                yield [Splice(start=at, end=at, text=f" {entry},")]
            continue
        column = _column(positions, own)
        line = positions.line_end(last if comma is None else last + comma)
        new = f"{positions.line_break(last)}{' ' * (column - 1)}{entry}"
        if comma is None and line == last:
            yield [Splice(start=last, end=last, text=f",{new}")]
        elif comma is None:
            yield [
                Splice(start=last, end=last, text=","),
                Splice(start=line, end=line, text=new),
            ]
        else:
            yield [Splice(start=line, end=line, text=f"{new},")]


def flow_removals(
    positions: Positions, mapping: MappingNode, own: tuple[Entry, ...], entry: Entry
) -> Iterator[list[Splice]]:
    """Yield edits that take an entry out."""
    text = positions.text
    if entry not in own:
        return
    at = own.index(entry)
    key, end = positions.bounds(entry.key_span)[0], _end(positions, entry)
    close = positions.bounds(mapping.span)[1] - 1
    if len(own) == 1:
        comma = _comma(text[end:close])
        stop = end if comma is None else end + comma + 1
        before = text[:key].rstrip(" ")
        after = stop + len(text[stop:]) - len(text[stop:].lstrip(" "))
        is_alone = before.endswith("{") and text[after : after + 1] == "}"
        if is_alone:
            yield [Splice(start=len(before), end=after, text="")]
        yield [Splice(start=key, end=stop, text="")]
        return
    start = positions.line_start(key)
    tail = text[end : positions.line_end(end)]
    comma = _comma(tail)
    rest = tail[comma + 1 :] if comma is not None else tail
    has_line = not text[start:key].strip() and (not rest.strip() or rest.strip().startswith("#"))
    if has_line and close > positions.line_end(end):
        cut = Splice(start=start, end=positions.next_line(end), text="")
        if comma is None and at == len(own) - 1:
            previous = _end(positions, own[at - 1])
            before_comma = _comma(text[previous:key])
            if before_comma is not None:
                place = previous + before_comma
                yield [cut, Splice(start=place, end=place + 1, text="")]
        yield [cut]
    if at < len(own) - 1:
        following = positions.bounds(own[at + 1].key_span)[0]
        yield [Splice(start=key, end=following, text="")]
    else:
        yield [Splice(start=_end(positions, own[at - 1]), end=end, text="")]


def _end(positions: Positions, entry: Entry) -> int:
    return max(positions.bounds(entry.value.span)[1], positions.bounds(entry.key_span)[1])


def _column(positions: Positions, own: tuple[Entry, ...]) -> int:
    """Return the column of the entries that begin a line."""
    for entry in reversed(own):
        start = positions.bounds(entry.key_span)[0]
        if not positions.text[positions.line_start(start) : start].strip():
            return entry.key_span.column
    return own[-1].key_span.column if own else 1


def _comma(text: str) -> int | None:
    """Return where the comma stands in what follows a value: blanks, comments, perhaps a comma."""
    at = 0
    while at < len(text):
        if text[at] == ",":
            return at
        if text[at] == "#":
            while at < len(text) and text[at] not in "\r\n":
                at += 1
        elif text[at].isspace():
            at += 1
        else:
            return None
    return None
