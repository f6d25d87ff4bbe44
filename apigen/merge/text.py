"""A file as text and back: merging knows line feeds and no byte order mark; the rest comes back.

The owner's line ends win also for lines that apigen adds; where they are mixed, untouched lines
keep theirs and new ones get the more frequent.
"""

from difflib import SequenceMatcher

from apigen.values import dataclass

_BOM = "\ufeff"
_MARKERS = ("<<<<<<< ", ">>>>>>> ")


class NotText(Exception):
    """A file is not UTF-8, and nothing can be merged into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a file has beside its text."""

    has_bom: bool
    ends: tuple[str, ...]
    """Of every line of the text, or one for all of them."""


def text_of(content: bytes) -> str:
    """Return the text of a file without byte order mark, lines ended by a line feed.

    Raises:
        NotText: it is not UTF-8.
    """
    return _decoded(content).removeprefix(_BOM).replace("\r\n", "\n")


def layout_of(content: bytes) -> Layout:
    """Return what `text_of` leaves out."""
    text = _decoded(content)
    crlf, all_ends = text.count("\r\n"), text.count("\n")
    if crlf in (0, all_ends):
        ends: tuple[str, ...] = ("\r\n" if crlf else "\n",)
    else:
        lines = text.removeprefix(_BOM).split("\n")
        ends = tuple("\r\n" if line.endswith("\r") else "\n" for line in lines)
    return Layout(has_bom=text.startswith(_BOM), ends=ends)


def laid_out(text: str, layout: Layout, mine: str) -> bytes:
    """Return `text` in the layout of the file whose text was `mine`."""
    if len(layout.ends) > 1:
        text = _mixed(text, layout.ends, mine)
    elif layout.ends[0] != "\n":
        text = text.replace("\n", layout.ends[0])
    return ((_BOM if layout.has_bom else "") + text).encode()


def has_markers(text: str) -> bool:
    """Whether somebody's merge is unfinished in it."""
    lines = text.splitlines()
    return all(any(line.startswith(marker) for line in lines) for marker in _MARKERS)


def _mixed(text: str, ends: tuple[str, ...], mine: str) -> str:
    usual = max(("\n", "\r\n"), key=ends[:-1].count)
    before, after = mine.split("\n"), text.split("\n")
    found = [usual] * len(after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for block in matcher.get_matching_blocks():
        found[block.b : block.b + block.size] = ends[block.a : block.a + block.size]
    found[-1] = ""
    return "".join(f"{line}{end}" for line, end in zip(after, found, strict=True))


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        raise NotText(f"is not UTF-8 at byte {problem.start}") from problem
