"""Python text as tokens with offsets, and edits of single tokens that leave every other byte.

Offsets count characters from the start of the text. Texts have line feeds and no byte order mark.
"""

import ast
import io
import re
import token as kinds
import tokenize
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from apigen.values import dataclass

_LAYOUT = frozenset((kinds.NL, kinds.NEWLINE, kinds.INDENT, kinds.DEDENT, kinds.ENDMARKER))

_QUOTED = re.compile(r"([A-Za-z]*)(\"{3}|'{3}|\"|')(.*)\2", re.DOTALL)

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NotPython(Exception):
    """The text does not parse; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token that means something: layout is left out."""

    kind: int
    text: str
    start: int
    line: int
    """From 1."""

    @property
    def end(self) -> int:
        """Return the offset behind it."""
        return self.start + len(self.text)

    @property
    def form(self) -> str:
        """Return the text without what a formatter may change: its quotes."""
        if self.kind == kinds.STRING and (quoted := _QUOTED.fullmatch(self.text)):
            prefix, marks, body = quoted.groups()
            return f'{prefix.lower()}"{_unescaped(body, marks)}'
        if self.kind in {kinds.FSTRING_START, kinds.FSTRING_END}:
            return self.text.lower().replace("'", '"')
        return self.text


def _unescaped(body: str, marks: str) -> str:
    """Return what stands between quotes, with the quotes in it as another kind allows them."""
    return body.replace("\\" + marks, marks) if len(marks) == 1 else body


def requoted(text: str, like: str) -> str:
    """Return a string literal in the quotes of another one, where that needs no escapes."""
    one, other = _QUOTED.fullmatch(text), _QUOTED.fullmatch(like)
    if one is None or other is None:
        return text
    prefix, marks, body = one.groups()
    wanted = other.group(2)
    if marks == wanted or wanted[0] in body or "\\" in body or len(marks) != len(wanted):
        return text
    return f"{prefix}{wanted}{body}{wanted}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace what stands from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A module's text, its tree and its tokens."""

    text: str
    tree: ast.Module
    tokens: tuple[Token, ...]
    line_starts: tuple[int, ...]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position of `ast`: line from 1, column in bytes of UTF-8."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        row = self.text[start:end]
        if not row.isascii():
            column = len(row.encode()[:column].decode(errors="replace"))
        return start + column

    def start(
        self, node: ast.stmt | ast.expr | ast.arg | ast.keyword | ast.alias | ast.type_param
    ) -> int:
        """Return where a node begins; a decorated definition begins at its keyword."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr | ast.arg | ast.keyword | ast.alias) -> int:
        """Return the offset behind a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def index(self, offset: int) -> int:
        """Return the index of the first token at or behind an offset."""
        return bisect_left(self.tokens, offset, key=lambda token: token.start)

    def within(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the tokens from `start` to `end`."""
        return self.tokens[self.index(start) : self.index(end)]

    def column(self, token: Token) -> int:
        """Return how far a token stands from the start of its line."""
        return token.start - self.line_starts[token.line - 1]

    def line(self, offset: int) -> int:
        """Return the line of an offset, from 1."""
        return bisect_left(self.line_starts, offset + 1)


def read_tree(text: str) -> ast.Module:
    """Parse a module's text.

    Raises:
        NotPython: it does not parse.
    """
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as problem:
        raise NotPython(str(problem)) from problem


# A text is looked at as what a file was, as what it is, and as the module that others import.
@lru_cache(maxsize=512)
def read_code(text: str) -> Code:
    """Parse and split a module's text.

    Raises:
        NotPython: it does not parse.
    """
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    try:
        tree = read_tree(text)
        found = [
            Token(
                kind=one.type,
                text=one.string,
                start=starts[one.start[0] - 1] + one.start[1],
                line=one.start[0],
            )
            for one in tokenize.generate_tokens(io.StringIO(text).readline)
            if one.type not in _LAYOUT
        ]
    except (SyntaxError, tokenize.TokenError) as problem:
        raise NotPython(str(problem)) from problem
    return Code(text=text, tree=tree, tokens=tuple(found), line_starts=tuple(starts))


def spelled(text: str) -> frozenset[str]:
    """Return every word in a text that could be a name."""
    return frozenset(_WORD.findall(text))


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with `edits`, which do not overlap, done."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, text[done:]))
