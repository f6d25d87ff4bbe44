"""From spans to offsets in the text they point into, also where a value is not written plainly.

A value with a span of its own width stands there letter by letter. Others (block scalars, escapes,
lines folded into one, aliases) are looked at word by word: the words of the source are the words of
the value, unless an escape spells one.
"""

import bisect
import re

from apigen.diagnostics import Span
from apigen.values import dataclass

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_WORD = re.compile(r"\w+")
_ESCAPED_WORD = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|(\w+)", re.DOTALL
)
"""A word, or an escape of a text in double quotes, which is none."""
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Letters of a value: `text[start:end]` of the text that stands at `span`."""

    span: Span
    text: str
    start: int
    end: int

    @property
    def written(self) -> str:
        """The letters."""
        return self.text[self.start : self.end]


class Positions:
    """Offsets in one text."""

    def __init__(self, text: str) -> None:
        """Find the lines; lines end as in YAML."""
        self.text = text
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place counted from 1; the end of the text for one behind it."""
        if line > len(self._starts):
            return len(self.text)
        return min(self._starts[line - 1] + column - 1, len(self.text))

    def bounds(self, span: Span) -> tuple[int, int]:
        """Return the offsets of a span."""
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, counted from 1."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self._starts[bisect.bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        found = _BREAK.search(self.text, offset)
        return len(self.text) if found is None else found.start()

    def next_line(self, offset: int) -> int:
        """Return where the line after that of an offset begins, or the end of the text."""
        found = _BREAK.search(self.text, offset)
        return len(self.text) if found is None else found.end()

    def line_break(self, offset: int) -> str:
        """Return the line end nearest to an offset, LF in a text of one line."""
        following = _BREAK.search(self.text, offset)
        if following is not None:
            return following[0]
        first = _BREAK.search(self.text)
        return "\n" if first is None else first[0]

    def find(self, word: Word) -> tuple[int, int] | None:
        """Return the offsets of a word, None when it is not to be found in the source."""
        start, end = self.bounds(word.span)
        if self.text[start:end] == word.text:
            return start + word.start, start + word.end
        alias = _ALIAS.fullmatch(self.text[start:end])
        if alias is not None:
            region = self._anchored(alias[1], start)
            if region is None:
                return None
            start, end = region
        said = [found.span() for found in _WORD.finditer(word.text)]
        source = self._words(start, end)
        spelt = [self.text[a:b] for a, b in source]
        if [word.text[a:b] for a, b in said] == spelt:
            for (a, b), (first, _) in zip(said, source, strict=True):
                if a <= word.start and word.end <= b:
                    at = first + word.start - a
                    return at, at + word.end - word.start
        # The span is that of a whole value, and the text a part of it.
        alone = [
            place for place, letters in zip(source, spelt, strict=True) if letters == word.written
        ]
        return alone[0] if len(alone) == 1 else None

    def _words(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where the words of a region stand."""
        if self.text[start : start + 1] != '"':
            return [found.span() for found in _WORD.finditer(self.text, start, end)]
        found = _ESCAPED_WORD.finditer(self.text, start, end)
        return [word.span(1) for word in found if word[1] is not None]

    def _anchored(self, name: str, before: int) -> tuple[int, int] | None:
        """Return the region of the one-line scalar that an alias at `before` stands for."""
        pattern = re.compile(rf"&{re.escape(name)}[ \t]+")
        ends = [found.end() for found in pattern.finditer(self.text, 0, before)]
        return (ends[-1], self.line_end(ends[-1])) if ends else None
