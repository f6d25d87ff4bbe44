"""Edits of single nodes of a YAML text: every byte outside of the node stays.

Text is spliced at the positions that reading remembers and nothing is written anew, so comments,
quotes, order, anchors, indentation and line ends have no chance to change. Each edit has a few ways
to be written; the first that reads as intended is taken, and when none does (an alias shares the
mapping, an anchor would go that is used elsewhere) the edit is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from apigen.source.extents import content_end
from apigen.source.flow_edits import flow_insertions, flow_removals
from apigen.source.loader import load_text
from apigen.source.meaning import (
    Path,
    meaning,
    meaning_of,
    own_entries,
    reads_as,
    with_another,
    with_one,
    without_one,
)
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.positions import Positions
from apigen.source.spans import text_span
from apigen.source.splices import Splice, spliced
from apigen.source.written import Value, block_lines, scalar_texts
from apigen.values import dataclass

_ANCHOR = re.compile(r"[ \t]*&[^\s,\[\]{}]+")


class UneditableError(Exception):
    """The edit would change more than its node, or can not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """A text with an entry more."""

    text: str
    start: int
    """Offset of the first letter of its key."""
    end: int
    """Offset behind its value."""


def with_entry(
    text: str, path: Path, key: str, value: Value, *, first: bool = False, step: int = 2
) -> Inserted:
    """Return `text` with `key: value` in the mapping at `path`, as its last entry or its first.

    Raises:
        UneditableError: there is no such mapping, it has the key, or an alias shares it.
    """
    root = _root(text)
    mapping, parent = _mapping(root, path)
    if mapping.entry(key) is not None:
        message = f"`{key}` is there already"
        raise UneditableError(message)
    wanted = with_one(meaning(root), path, key, meaning_of(value), first=first)
    positions = Positions(text)
    start = _start(mapping, positions)
    if text[start : start + 1] == "{":
        ways = flow_insertions(positions, mapping, own_entries(mapping), start, key, value, first)
    else:
        ways = _block_insertions(positions, mapping, parent, key, value, first, step)
    for splices in ways:
        edited = spliced(text, splices)
        if reads_as(edited, wanted):
            at, end = _extent(edited, (*path, key))
            return Inserted(text=edited, start=at, end=end)
    message = f"`{_shown(path)}` is written in a way that cannot be added to"
    raise UneditableError(message)


def without_entry(text: str, path: Path) -> str:
    """Return `text` without the entry at `path`, its comment on the same line included.

    Raises:
        UneditableError: there is none, or something else needs what is written there.
    """
    root = _root(text)
    positions = Positions(text)
    wanted = without_one(meaning(root), path)
    for splices in _removals(root, positions, path):
        edited = spliced(text, splices)
        if reads_as(edited, wanted):
            return edited
    message = f"`{_shown(path)}` is written in a way that cannot be removed by itself"
    raise UneditableError(message)


def without_entries(text: str, paths: Sequence[Path]) -> str:
    """Return `text` without the entries at several paths, as `without_entry` takes one out.

    Raises:
        UneditableError: one of them can not go by itself.
    """
    root = _root(text)
    positions = Positions(text)
    wanted = meaning(root)
    together: list[Splice] = []
    for path in paths:
        wanted = without_one(wanted, path)
        together += next(iter(_removals(root, positions, path)), [])
    if _are_apart(together):
        # Rows have an entry each, and reading the text again for each would take long.
        edited = spliced(text, together)
        if reads_as(edited, wanted):
            return edited
    for path in paths:
        text = without_entry(text, path)
    return text


def _are_apart(splices: list[Splice]) -> bool:
    ordered = sorted(splices, key=lambda one: one.start)
    return all(one.end <= other.start for one, other in pairwise(ordered))


def paths_of_keys(text: str) -> Mapping[tuple[int, int], Path]:
    """Return the path of every entry by line and column of its key, without quotes."""
    found: dict[tuple[int, int], Path] = {}
    waiting: list[tuple[Path, Node]] = [((), _root(text))]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, MappingNode):
            for entry in node.entries:
                at = text_span(entry.key_node)
                found[at.line, at.column] = (*path, entry.key)
                waiting.append(((*path, entry.key), entry.value))
        elif isinstance(node, SequenceNode):
            waiting += [((*path, place), item) for place, item in enumerate(node.items)]
    return found


def with_scalar(text: str, path: Path, old: str, new: str) -> str:
    """Return `text` with the scalar at `path`, whose text is `old`, saying `new`.

    Only the letters that differ are touched where the scalar is written plainly.

    Raises:
        UneditableError: there is no such scalar, or an alias shares it.
    """
    root = _root(text)
    mapping, _ = _mapping(root, path[:-1])
    node = mapping.get(str(path[-1]))
    if not isinstance(node, ScalarNode) or node.raw != old:
        message = f"`{_shown(path)}` is not `{old}`"
        raise UneditableError(message)
    wanted = with_another(meaning(root), path, ("scalar", new, new))
    positions = Positions(text)
    start, end = positions.bounds(node.span)[0], content_end(positions, node)
    source = text[start:end]
    ways = [f"{source[0]}{new}{source[-1]}"] if node.quoted else [new]
    for way in (*ways, *scalar_texts(new)):
        edited = spliced(text, [Splice(start=start, end=end, text=way)])
        if reads_as(edited, wanted):
            return edited
    message = f"`{_shown(path)}` is written in a way that cannot be changed"
    raise UneditableError(message)


def mapping_at(text: str, path: Path) -> MappingNode:
    """Return the mapping at `path`.

    Raises:
        UneditableError: there is none.
    """
    return _mapping(_root(text), path)[0]


def _removals(root: MappingNode, positions: Positions, path: Path) -> Iterator[list[Splice]]:
    """Yield the ways to take an entry out."""
    mapping, parent = _mapping(root, path[:-1])
    entry = mapping.entry(str(path[-1]))
    if entry is None:
        message = f"there is no `{_shown(path)}`"
        raise UneditableError(message)
    start = _start(mapping, positions)
    if positions.text[start : start + 1] == "{":
        yield from flow_removals(positions, mapping, own_entries(mapping), entry)
    else:
        yield from _block_removals(positions, mapping, parent, entry)


def _root(text: str) -> MappingNode:
    loaded = load_text(text, file="")
    if loaded.value is None or loaded.has_errors:
        message = "the file cannot be read"
        raise UneditableError(message)
    return loaded.value


def _mapping(root: MappingNode, path: Path) -> tuple[MappingNode, Entry | None]:
    node: Node | None = root
    parent: Entry | None = None
    for key in path:
        match node, key:
            case MappingNode(), str():
                parent = node.entry(key)
                node = parent.value if parent is not None else None
            case SequenceNode(items=items), int() if key < len(items):
                parent, node = None, items[key]
            case _:
                node = None
    if not isinstance(node, MappingNode):
        message = f"there is no mapping `{_shown(path)}`"
        raise UneditableError(message)
    return node, parent


def _start(node: MappingNode, positions: Positions) -> int:
    """Return where a mapping begins, behind its anchor."""
    start, end = positions.bounds(node.span)
    if positions.text[start : start + 1] == "&":
        while start < end and not positions.text[start].isspace():
            start += 1
        while start < end and positions.text[start].isspace():
            start += 1
    return start


def _extent(text: str, path: Path) -> tuple[int, int]:
    mapping, _ = _mapping(_root(text), path[:-1])
    entry = mapping.entry(str(path[-1]))
    assert entry is not None
    positions = Positions(text)
    return positions.bounds(entry.key_span)[0], content_end(positions, entry.value)


def _shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the file"


# -------------------------------------------------------------------- block style


def _block_insertions(
    positions: Positions,
    mapping: MappingNode,
    parent: Entry | None,
    key: str,
    value: Value,
    first: bool,
    step: int,
) -> Iterator[list[Splice]]:
    own = own_entries(mapping)
    column = own[0].key_span.column if own else mapping.span.column
    indent = " " * (column - 1)
    text = positions.text
    for lines in block_lines(key, value, step=step):
        if first:
            # Below the key of the mapping, so that comments stay with the entry they stand above.
            at = positions.bounds(own[0].key_span)[0] if parent is None and own else None
            if parent is not None:
                line = positions.bounds(parent.key_span)[1]
                end = positions.next_line(line)
            else:
                end = positions.line_start(at or 0)
            broken = positions.line_break(end)
            new = "".join(f"{indent}{line}{broken}" for line in lines)
            yield [Splice(start=end, end=end, text=new)]
            continue
        ends = dict.fromkeys((content_end(positions, mapping), positions.bounds(mapping.span)[1]))
        for end in ends:
            at = positions.next_line(max(end - 1, 0) if text[end - 1 : end] in "\r\n" else end)
            broken = positions.line_break(positions.line_start(end))
            new = broken.join(f"{indent}{line}" for line in lines)
            is_open = at == len(text) and not text.endswith(("\n", "\r"))
            new = f"{broken}{new}" if is_open else f"{new}{broken}"
            yield [Splice(start=at, end=at, text=new)]


def _item_removals(
    positions: Positions, mapping: MappingNode, entry: Entry
) -> Iterator[list[Splice]]:
    """Yield how the first entry of a mapping goes that stands behind the dash of a list."""
    start = positions.bounds(entry.key_span)[0]
    own = own_entries(mapping)
    if len(own) == 1:
        end = max(content_end(positions, entry.value), positions.bounds(entry.key_span)[1] + 1)
        yield [Splice(start=start, end=end, text="{}")]
        return
    following = positions.bounds(own[1].key_span)[0]
    above = positions.text[start : positions.line_start(following)].splitlines()
    if not any(line.lstrip().startswith("#") for line in above):
        yield [Splice(start=start, end=following, text="")]


def _block_removals(
    positions: Positions, mapping: MappingNode, parent: Entry | None, entry: Entry
) -> Iterator[list[Splice]]:
    text = positions.text
    key, key_end = positions.bounds(entry.key_span)
    start = positions.line_start(key)
    if text[start:key].strip():
        if not text[start:key].strip(" -"):
            yield from _item_removals(positions, mapping, entry)
        return
    value_end = max(content_end(positions, entry.value), text.index(":", key_end) + 1)
    end = positions.next_line(value_end)
    if end == len(text) and not text.endswith(("\n", "\r")) and start > 0:
        # The text has no final line end, and keeps having none.
        before = positions.line_end(positions.line_start(start - 1))
        cut = Splice(start=before, end=end, text="")
    else:
        cut = Splice(start=start, end=end, text="")
    if len(own_entries(mapping)) > 1 or parent is None:
        yield [cut]
        return
    colon = text.index(":", positions.bounds(parent.key_span)[1]) + 1
    anchor = _ANCHOR.match(text, colon)
    at = colon if anchor is None else anchor.end()
    yield [cut, Splice(start=at, end=at, text=" {}")]
    yield [cut]
