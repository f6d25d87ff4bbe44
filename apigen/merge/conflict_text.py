"""How a conflict is written into a text: the markers, and reading past them.

The labels say whose a part is and never advise a side.
"""

from collections.abc import Iterator

MINE = "<<<<<<< yours"
BASE = "||||||| last generated"
MIDDLE = "======="
THEIRS = ">>>>>>> newly generated"


def conflict_lines(mine: str, base: str, theirs: str) -> str:
    """Return the lines of a conflict; each part is whole lines, or empty."""
    return f"{MINE}\n{_closed(mine)}{BASE}\n{_closed(base)}{MIDDLE}\n{_closed(theirs)}{THEIRS}\n"


def first_line_numbers(text: str) -> list[int]:
    """Return the lines of all opening markers, from 1."""
    return [number for number, line in enumerate(text.split("\n"), 1) if line == MINE]


def mine_alone(text: str) -> str:
    """Return the text with the owner's side in every conflict."""
    return "".join(_mine_lines(text))


def theirs_alone(text: str) -> str:
    """Return the text with the newly generated side in every conflict."""
    return "".join(_theirs_lines(text))


def _mine_lines(text: str) -> Iterator[str]:
    is_mine = True
    parts = text.split("\n")
    for number, marker in enumerate(parts, 1):
        line = marker if number == len(parts) else f"{marker}\n"
        if marker == BASE:
            is_mine = False
        elif marker == THEIRS:
            is_mine = True
        elif marker != MINE and is_mine:
            yield line


def _theirs_lines(text: str) -> Iterator[str]:
    part = ""
    parts = text.split("\n")
    for number, marker in enumerate(parts, 1):
        line = marker if number == len(parts) else f"{marker}\n"
        if marker in (MINE, BASE) or (marker == MIDDLE and part == BASE):
            part = marker
        elif marker == THEIRS:
            part = ""
        elif part in ("", MIDDLE):
            yield line


def _closed(lines: str) -> str:
    return lines if not lines or lines.endswith("\n") else lines + "\n"
