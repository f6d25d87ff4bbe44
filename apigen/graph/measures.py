"""How much room a box and its texts take, in pixels.

No font is asked: rows are set in a monospaced face, whose advance is 0.6 of its size everywhere,
titles with room to spare. East Asian characters count twice.
"""

import unicodedata

from apigen.graph.diagram import Box, Row
from apigen.values import dataclass

HEADER_HEIGHT = 38
ROW_HEIGHT = 19
NOTE_HEIGHT = 20
PADDING = 12
FONT_SIZE = 12
TITLE_SIZE = 14
_ADVANCE = 0.61
_TITLE_ADVANCE = 0.66
_COLUMN_GAP = 18
_MARK_COLUMNS = 3
_LONGEST_NAME = 30
_LONGEST_TYPE = 32
_LONGEST_TITLE = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Outer size of a box, and where its columns of text start from its left side."""

    width: int
    height: int
    type_x: int


def columns(text: str) -> int:
    """Return how many monospaced cells `text` takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shortened(text: str, longest: int) -> str:
    """Return `text` on one line, cut to `longest` cells with an ellipsis."""
    line = " ".join(text.split())
    if columns(line) <= longest:
        return line
    kept = ""
    for char in line:
        if columns(kept + char) >= longest:
            break
        kept += char
    return kept.rstrip() + "…"


def shown_title(box: Box) -> str:
    """Return the title as drawn."""
    return shortened(box.title, _LONGEST_TITLE)


def shown_row(row: Row) -> Row:
    """Return the row as drawn."""
    return Row(
        name=shortened(row.name, _LONGEST_NAME),
        type=shortened(row.type, _LONGEST_TYPE),
        mark=row.mark,
    )


def text_width(text: str, *, size: int = FONT_SIZE) -> int:
    """Return the width of a row's text."""
    return round(columns(text) * size * _ADVANCE)


def title_width(text: str, *, size: int = TITLE_SIZE) -> int:
    """Return an upper bound of the width of a text in bold sans-serif."""
    return round(columns(text) * size * _TITLE_ADVANCE)


def box_size(box: Box) -> Size:
    """Return the size that holds every text of `box`."""
    rows = [shown_row(row) for row in box.rows]
    name_cells = max((columns(row.name) for row in rows), default=0)
    type_cells = max((columns(row.type) for row in rows), default=0)
    mark_cells = _MARK_COLUMNS if any(row.mark for row in rows) else 0
    type_x = PADDING + round(name_cells * FONT_SIZE * _ADVANCE) + _COLUMN_GAP
    rows_width = type_x + round((type_cells + mark_cells) * FONT_SIZE * _ADVANCE) + PADDING
    stereotype = title_width(f"«{box.kind}»", size=10) if box.kind != "aggregate" else 0
    head_width = title_width(shown_title(box)) + stereotype + 3 * PADDING
    note_width = text_width(box.note, size=10) + 2 * PADDING
    height = HEADER_HEIGHT + len(rows) * ROW_HEIGHT + (NOTE_HEIGHT if box.note else 0) + 8
    return Size(width=max(rows_width, head_width, note_width, 120), height=height, type_x=type_x)


def row_offset(row: int) -> int:
    """Return the middle of a row below the top of its box."""
    return HEADER_HEIGHT + 4 + row * ROW_HEIGHT + ROW_HEIGHT // 2
