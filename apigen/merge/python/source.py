"""One version of a module, read once: its text, its syntax tree, its tokens, by offset.

The tree comes from `ast` and the comments from `tokenize`; both are spans over the text, so that
what nobody changes is copied, not printed again.
"""

import ast
import tokenize
import warnings
from bisect import bisect_left, bisect_right

from apigen.merge.merged import Unmergeable
from apigen.merge.python.normal_form import DEDENT, INDENT, Forms, forms
from apigen.values import dataclass

type Located = (
    ast.stmt
    | ast.expr
    | ast.keyword
    | ast.arg
    | ast.alias
    | ast.excepthandler
    | ast.pattern
    | ast.type_param
)


_MARKS = frozenset("()[]{},:")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """A parsed text; offsets count characters."""

    text: str
    starts: tuple[int, ...]
    """Offset of each line."""
    tree: ast.Module
    forms: Forms
    solid: tuple[tuple[int, int], ...]
    """Start and end of every token that is no comment and no line end."""
    comments: tuple[tuple[int, int], ...]
    marks: tuple[tuple[int, str], ...]
    """Brackets, commas and colons of code."""
    strings: tuple[tuple[int, int], ...]
    """Strings of several lines."""

    def at(self, line: int, column: int) -> int:
        """Give the offset of a line (from 1) and a column in UTF-8 bytes (from 0)."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        content = self.text[start:end]
        if content.isascii():
            return start + column
        return start + len(content.encode()[:column].decode())

    def start(self, node: Located) -> int:
        """Give where a node begins."""
        return self.at(node.lineno, node.col_offset)

    def end(self, node: Located) -> int:
        """Give where a node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.at(node.end_lineno, node.end_col_offset)

    def line_start(self, offset: int) -> int:
        """Give where the line of an offset begins."""
        return self.starts[bisect_right(self.starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Give where the line of an offset ends, its line end included."""
        index = bisect_right(self.starts, offset)
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def indent(self, offset: int) -> str:
        """Give the white space in front of the line of an offset."""
        line = self.text[self.line_start(offset) : self.line_end(offset)]
        return line[: len(line) - len(line.lstrip(" \t\f"))].replace("\f", "")

    def norm(self, start: int, end: int) -> tuple[str, ...]:
        """Give the forms of the tokens that begin in a span."""
        positions = self.forms.positions
        found = self.forms.forms[bisect_left(positions, start) : bisect_left(positions, end)]
        # The last statement of a body ends where the body ends, which is not its own.
        if found and found[-1] == DEDENT:
            excess = found.count(DEDENT) - found.count(INDENT)
            return found[:-excess] if excess > 0 else found
        return found

    def solid_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the tokens in a span, without white space and comments around."""
        first = bisect_left(self.solid, (start, 0))
        last = bisect_left(self.solid, (end, 0)) - 1
        return (self.solid[first][0], self.solid[last][1]) if first <= last else (end, end)

    def comments_in(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Give the spans of the comments in a span."""
        return self.comments[
            bisect_left(self.comments, (start, 0)) : bisect_left(self.comments, (end, 0))
        ]

    def marks_in(self, start: int, end: int) -> tuple[tuple[int, str], ...]:
        """Give brackets, commas and colons in a span."""
        return self.marks[bisect_left(self.marks, (start, "")) : bisect_left(self.marks, (end, ""))]


def parsed(text: str) -> ast.Module:
    """Give the syntax tree of a text, without its warnings.

    Raises:
        Unmergeable: It is not Python; the text names the line.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise Unmergeable(f"line {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unmergeable(str(error) or type(error).__name__) from error


def read(text: str) -> Source:
    """Read a text that ends with a line end.

    Raises:
        Unmergeable: It is not Python; the text names the line.
    """
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise Unmergeable(f"line {line}: a carriage return that ends no line")
    starts = [0]
    while (found := text.find("\n", starts[-1])) >= 0 and found + 1 < len(text):
        starts.append(found + 1)
    # tokenize puts the end of the file on a line of its own.
    lines = (*starts, len(text), len(text))
    tree = parsed(text)
    try:
        normal, raw = forms(text, lines)
    except tokenize.TokenError as error:
        raise Unmergeable(f"line {error.args[1][0]}: {error.args[0]}") from error
    except SyntaxError as error:
        raise Unmergeable(f"line {error.lineno}: {error.msg}") from error

    solid: list[tuple[int, int]] = []
    comments: list[tuple[int, int]] = []
    marks: list[tuple[int, str]] = []
    strings: list[tuple[int, int]] = []
    opened: list[int] = []
    for kind, written, (line, column), (end_line, end_column), _source in raw:
        start = lines[line - 1] + column
        end = lines[end_line - 1] + end_column
        name = tokenize.tok_name[kind]
        match kind:
            case tokenize.COMMENT:
                comments.append((start, end))
            case (
                tokenize.NEWLINE
                | tokenize.NL
                | tokenize.INDENT
                | tokenize.DEDENT
                | tokenize.ENDMARKER
            ):
                pass
            case _:
                solid.append((start, end))
                if kind == tokenize.OP and written in _MARKS:
                    marks.append((start, written))
                if kind == tokenize.STRING and end_line > line:
                    strings.append((start, end))
                elif name.endswith("STRING_START"):
                    opened.append(start)
                elif name.endswith("STRING_END"):
                    begun = opened.pop()
                    if not opened and "\n" in text[begun:end]:
                        strings.append((begun, end))
    return Source(
        text=text,
        starts=tuple(starts),
        tree=tree,
        forms=normal,
        solid=tuple(solid),
        comments=tuple(comments),
        marks=tuple(marks),
        strings=tuple(strings),
    )
