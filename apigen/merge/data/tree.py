"""A data file as a tree over its text: which characters each key, item and value takes.

The three languages differ in how such a tree is read, not in how trees are merged. Positions are
offsets into the text the tree was read from.
"""

from collections.abc import Sequence
from enum import StrEnum

from apigen.values import dataclass

type Normal = tuple[object, ...]
"""What a value means, without its layout: equal for equal values, and nothing else."""


class Shape(StrEnum):
    """What a container is."""

    MAPPING = "mapping"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A value without parts."""

    start: int
    end: int
    normal: Normal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key with its value, or an item of a sequence."""

    key: str
    """Unique in its container: of an item, what tells it from its neighbours."""
    gap: int
    """Where the blank lines before it begin; up to `lead`."""
    lead: int
    """Where the comment lines before it begin; up to `body`."""
    body: int
    """Start of its first line, or its own start when it shares that line."""
    head: int
    """Start of the key, the dash or the item itself."""
    value_from: int
    """Behind the key and its sign; the value's start for an item without a sign."""
    value: "Node"
    tail: int
    """End of the value."""
    end: int
    """Behind the separator, the comment and the line end, when it ends its line."""
    owns_lines: bool
    """No other entry stands on its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A mapping or a sequence."""

    start: int
    end: int
    shape: Shape
    is_flow: bool
    """In brackets, with separators."""
    entries: tuple[Entry, ...]
    normal: Normal
    column: int
    """Of the entries that own their lines."""
    starts_inline: bool = False
    """The first entry shares its line with the dash before it."""
    is_ordered: bool = False
    """A sequence in which the place of an item has a meaning, such as a command's words."""


type Node = Scalar | Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text and what it says; no root: it says nothing."""

    text: str
    root: Node | None
    comments: tuple[tuple[int, str], ...]
    """Offset and text of each, in order."""
    unit: int = 0
    """Blanks of one level, where blanks have no meaning; 0 where they have one."""
    may_be_empty: bool = True
    """A container without brackets may lose its last entry and stay one."""


def normal_of(shape: Shape, entries: Sequence[Entry]) -> Normal:
    """Return what a container means: a mapping has no order."""
    return normal_of_pairs(shape, [(entry.key, entry.value.normal) for entry in entries])


def normal_of_pairs(shape: Shape, pairs: Sequence[tuple[str, Normal]]) -> Normal:
    """Return the same from the keys and what the values mean."""
    if shape is Shape.SEQUENCE:
        return (shape.value, *(normal for _, normal in pairs))
    return (shape.value, *sorted(pairs, key=lambda pair: pair[0]))


def identity(value: Node, names: Sequence[str]) -> str:
    """Return what tells an item from its neighbours: its id or name, else all it says."""
    if isinstance(value, Container) and value.shape is Shape.MAPPING:
        parts = {entry.key: entry.value for entry in value.entries}
        for name in names:
            part = parts.get(name)
            if isinstance(part, Scalar):
                said = str(part.normal[-1])
                return f"{name}={said.partition('@')[0] if name == 'uses' else said}"
            if isinstance(part, Container) and part.shape is Shape.SEQUENCE:
                return f"{name}={','.join(identity(e.value, names) for e in part.entries)}"
    if isinstance(value, Scalar):
        return str(value.normal[-1])
    return repr(value.normal)


def comments_outside(text: str, tokens: Sequence[tuple[int, int]]) -> tuple[tuple[int, str], ...]:
    """Return the comments, `#` to the end of the line, that are in none of the spans.

    Args:
        text: The text.
        tokens: Start and end of every key and scalar, in order.
    """
    found: list[tuple[int, str]] = []
    position = 0
    for start, end in (*tokens, (len(text), len(text))):
        while True:
            at = text.find("#", position, start)
            if at < 0:
                break
            stop = text.find("\n", at)
            position = len(text) if stop < 0 else stop
            found.append((at, text[at:position].rstrip()))
        position = max(position, end)
    return tuple(found)


def numbered(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys with the second of equal ones as `key#2`, and so on."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        unique.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return tuple(unique)


def line_start(text: str, position: int) -> int:
    """Return where the line of a position begins."""
    return text.rfind("\n", 0, position) + 1


def line_end(text: str, position: int) -> int:
    """Return where the next line begins, or the end of the text."""
    stop = text.find("\n", position)
    return len(text) if stop < 0 else stop + 1


def split_lead(text: str, start: int, stop: int) -> int:
    """Return where the comment lines between two entries begin; blank lines come before them."""
    position = start
    while position < stop:
        following = min(line_end(text, position), stop)
        if text[position:following].strip():
            break
        position = following
    return position
