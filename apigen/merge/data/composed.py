"""Containers written again from their entries, in the owner's layout."""

from collections.abc import Sequence
from dataclasses import field, replace

from apigen.merge.conflict_text import conflict_lines
from apigen.merge.data.tree import Container, Document, Entry, Normal, Shape, line_start
from apigen.merge.merged import Remark, Unmergeable
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The three texts of an entry that nothing but its owner can settle."""

    symbol: str
    mine: str
    base: str | None
    theirs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One entry of the result."""

    key: str
    normal: Normal
    gap: str = ""
    """Blank lines before it."""
    lead: str = ""
    """Comment lines before it, each closed."""
    text: str
    """From its head: to its line's end without brackets around it, else to the value's end."""
    comment: str = ""
    """Behind the separator, with the blanks before it."""
    conflict: Sides | None = None
    """`text` is the owner's then."""
    inner: tuple[Sides, ...] = ()
    """Conflicts within, in order."""
    remarks: tuple[Remark, ...] = ()
    entry: Entry | None = field(default=None, repr=False)
    """The owner's, when it is one of theirs."""


def block_text(container: Container, chunks: Sequence[Chunk]) -> str:
    """Return the text of a container without brackets."""
    indent = " " * container.column
    parts: list[str] = []
    for number, chunk in enumerate(chunks):
        if number == 0 and container.starts_inline:
            # It shares the line of its dash, so its comments come behind it.
            parts.append(_closed(chunk.text) + chunk.lead)
            continue
        parts.append(chunk.gap + chunk.lead + _block_lines(chunk, indent))
    return "".join(parts)


def _block_lines(chunk: Chunk, indent: str) -> str:
    if chunk.conflict is None:
        return indent + _closed(chunk.text)
    return conflict_lines(
        *(
            indent + _closed(side) if side else ""
            for side in (chunk.conflict.mine, chunk.conflict.base, chunk.conflict.theirs)
        )
    )


def flow_text(text: str, container: Container, chunks: Sequence[Chunk]) -> str:
    """Return the text of a container in brackets."""
    entries = container.entries
    if tuple(chunk.entry for chunk in chunks) == entries and not is_lined(container):
        return _in_place(text, container, chunks)
    if not chunks:
        return text[container.start] + text[container.end - 1]
    if is_lined(container):
        return _lined(text, container, chunks)
    if not entries:
        inner = ", ".join(chunk.text for chunk in chunks)
        return text[container.start] + inner + text[container.end - 1]
    between = text[entries[0].tail : entries[1].head] if len(entries) > 1 else ", "
    return (
        text[container.start : entries[0].head]
        + between.join(chunk.text for chunk in chunks)
        + text[entries[-1].tail : container.end]
    )


def is_lined(container: Container) -> bool:
    """Whether each entry of a container in brackets owns its lines."""
    return bool(container.entries) and all(entry.owns_lines for entry in container.entries)


def _in_place(text: str, container: Container, chunks: Sequence[Chunk]) -> str:
    parts: list[str] = []
    position = container.start
    for entry, chunk in zip(container.entries, chunks, strict=True):
        parts.append(text[position : entry.head] + chunk.text)
        position = entry.tail
    return "".join((*parts, text[position : container.end]))


def _lined(text: str, container: Container, chunks: Sequence[Chunk]) -> str:
    entries = container.entries
    indent = " " * container.column
    ends_with_comma = text[entries[-1].tail : entries[-1].end].lstrip().startswith(",")
    parts: list[str] = []
    for number, chunk in enumerate(chunks, 1):
        comma = "," if number < len(chunks) or ends_with_comma else ""
        if chunk.conflict is None:
            lines = f"{indent}{chunk.text}{comma}{chunk.comment}\n"
        else:
            sides = (chunk.conflict.mine, chunk.conflict.base, chunk.conflict.theirs)
            lines = conflict_lines(*(f"{indent}{side}{comma}\n" if side else "" for side in sides))
        parts.append(chunk.gap + chunk.lead + lines)
    return (
        text[container.start : entries[0].gap]
        + "".join(parts)
        + text[entries[-1].end : container.end]
    )


def own_chunk(document: Document, container: Container, entry: Entry) -> Chunk:
    """Return an entry as its owner has it."""
    text = document.text
    stop = entry.tail if container.is_flow else entry.end
    return Chunk(
        key=entry.key,
        normal=entry.value.normal,
        gap=text[entry.gap : entry.lead],
        lead=text[entry.lead : entry.body] if entry.owns_lines else "",
        text=text[entry.head : stop],
        comment=line_comment(text, entry) if container.is_flow else "",
        entry=entry,
    )


def brought_chunk(
    theirs: Document, there: Container, entry: Entry, mine: Document, here: Container
) -> Chunk:
    """Return an entry of the other side, laid out for the owner's container.

    Raises:
        Unmergeable: It has no form in brackets, and the owner's container is in brackets.
    """
    text = theirs.text
    chunk = own_chunk(theirs, there, entry)
    if here.is_flow and not there.is_flow:
        if isinstance(entry.value, Container) and not entry.value.is_flow:
            raise Unmergeable(f"`{entry.key}` has no form in brackets")
        start = entry.value.start if there.shape is Shape.SEQUENCE else entry.head
        return replace(chunk, text=text[start : entry.tail], gap="", lead="", entry=None)
    if there.is_flow and not here.is_flow:
        dash = "- " if here.shape is Shape.SEQUENCE else ""
        body = f"{dash}{chunk.text}{chunk.comment}\n"
        return replace(chunk, text=body, comment="", gap="", lead="", entry=None)
    move = indentation(theirs, there, entry, mine, here)
    return replace(
        chunk,
        text=indented(chunk.text, *move),
        lead=indented(chunk.lead, *move, first=True),
        entry=None,
    )


def indentation(
    theirs: Document, there: Container, entry: Entry, mine: Document, here: Container
) -> tuple[int, int, float]:
    """Return the column of an entry there, its column here, and how much wider a level is here."""
    factor = mine.unit / theirs.unit if mine.unit and theirs.unit else 1.0
    if there.is_flow and not entry.owns_lines:
        return _line_column(theirs.text, entry.head), _line_column(mine.text, here.start), factor
    return there.column, here.column, factor


def indented(text: str, start: int, goal: int, factor: float = 1.0, *, first: bool = False) -> str:
    """Return the lines, moved from one column to another.

    Args:
        text: Lines; the first begins behind its indentation, unless `first`.
        start: The column they have.
        goal: The column they get.
        factor: What each blank beyond `start` becomes.
        first: The first line moves too.
    """
    if start == goal and factor == 1.0:
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if (number == 0 and not first) or not line.strip():
            continue
        blanks = len(line) - len(line.lstrip(" "))
        lines[number] = " " * max(0, goal + round((blanks - start) * factor)) + line.lstrip(" ")
    return "\n".join(lines)


def regapped(
    chunks: Sequence[Chunk], mine: Container, theirs: Container, other: Document
) -> list[Chunk]:
    """Return the chunks with the blank lines that belong to their new neighbours."""
    result = list(chunks)
    if not result or not mine.entries or result[0].entry is mine.entries[0]:
        return result
    if len(result) > 1 and not result[1].gap and len(theirs.entries) > 1:
        following = theirs.entries[1]
        result[1] = replace(result[1], gap=other.text[following.gap : following.lead])
    result[0] = replace(result[0], gap="")
    return result


def line_comment(text: str, entry: Entry) -> str:
    """Return what stands behind a value and its separator, with the blanks before it."""
    if not entry.owns_lines:
        return ""
    rest = text[entry.tail : entry.end].rstrip("\n")
    after = rest.lstrip(" ").removeprefix(",") if rest.lstrip(" ").startswith(",") else rest
    return after.rstrip() if after.strip() else ""


def _line_column(text: str, position: int) -> int:
    start = line_start(text, position)
    line = text[start : text.find("\n", start)] if "\n" in text[start:] else text[start:]
    return len(line) - len(line.lstrip(" "))


def _closed(lines: str) -> str:
    return lines if lines.endswith("\n") else lines + "\n"
