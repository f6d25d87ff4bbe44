"""Apply edits to a text. Knows nothing of files; overlapping edits are left out, not merged."""

from collections.abc import Iterable

from apigen.diagnostics.diagnostic import Edit


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with every edit applied; of two that overlap the first in the text wins.

    Lines end with LF, CRLF or CR, as in YAML; the line ends of the text are kept.
    """
    starts = _line_starts(text)

    def offset(line: int, column: int) -> int:
        if line > len(starts):
            return len(text)
        return min(starts[line - 1] + column - 1, len(text))

    placed = sorted(
        {
            (
                offset(edit.span.line, edit.span.column),
                offset(edit.span.end_line, edit.span.end_column),
                edit.text,
            )
            for edit in edits
        }
    )
    pieces: list[str] = []
    done = 0
    for start, end, replacement in placed:
        if start < done:
            continue
        pieces += (text[done:start], replacement)
        done = max(start, end)
    pieces.append(text[done:])
    return "".join(pieces)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "\r" and text[position : position + 1] == "\n":
            position += 1
        if character in "\r\n":
            starts.append(position)
    return starts
