"""The lines of a file around a span, with carets under it, safe to print on a terminal."""

import re

from apigen.diagnostics.diagnostic import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_WIDEST = 120


def split_lines(text: str) -> list[str]:
    """Split as YAML counts lines: at LF, CRLF and CR only."""
    return _LINE_END.split(text)


def visible(text: str) -> str:
    """Return text with each control character replaced by one blank or `�`.

    A spec is not trusted to drive the terminal it is shown on. The width stays the same.
    """
    return "".join(
        character if character.isprintable() else " " if character == "\t" else "�"
        for character in text
    )


def marked_line(line: str, span: Span, *, mark: str) -> tuple[str, str]:
    """Return a line and the marks under it; a long line is cut around the span."""
    start = min(span.column - 1, len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    end = max(min(end, len(line)), start + 1)
    shown = visible(line)
    if len(shown) > _WIDEST:
        first = max(0, start - _WIDEST // 3)
        last = first + _WIDEST
        shown = ("…" if first else "") + shown[first:last] + ("…" if last < len(shown) else "")
        shift = first - (1 if first else 0)
        start, end = start - shift, min(end - shift, len(shown))
    return shown.rstrip(), " " * start + mark * max(end - start, 1)
