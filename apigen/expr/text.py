"""The text of a rule: reading it into Python's syntax tree, and places in it.

Refuses what can not be read at all (AG420). What the tree may contain is the checker's business.
"""

import ast
import re
import warnings

from apigen.diagnostics import Diagnostic, Outcome, Span

MAX_LENGTH = 2_000
MAX_DEPTH = 50

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_FOREIGN = (
    (re.compile(r"&&"), "`&&` is not an operator here", "write `and`"),
    (re.compile(r"\|\|"), "`||` is not an operator here", "write `or`"),
    (re.compile(r"!(?!=)"), "`!` is not an operator here", "write `not x`"),
    (re.compile(r"===|!=="), "comparisons have two characters", "write `==` or `!=`"),
    (re.compile(r"<>"), "`<>` is not an operator here", "write `!=`"),
    (re.compile(r"(?<![=!<>:])=(?!=)"), "`=` does not compare", "write `==`"),
    (re.compile(r"\?"), "`?` is not an operator here", "write `a if condition else b`"),
)
_FOREIGN_WORDS = {"null": "None", "nil": "None", "NULL": "None", "true": "True", "false": "False"}


class RuleText:
    """One rule as written. `text` has blanks for line breaks, so that offsets stay."""

    def __init__(self, text: str, span: Span) -> None:
        """Keep the text and where it stands."""
        self.text = re.sub(r"[\r\n\t]", " ", text)
        self.span = span
        self._maps = span.line == span.end_line and span.end_column - span.column == len(text)
        # The tree counts bytes of UTF-8 from the first character that is no blank.
        self._start = len(self.text) - len(self.text.lstrip())

    @property
    def is_exact(self) -> bool:
        """Whether a character of the text has a column of its own in the file."""
        return self._maps

    def at(self, start: int, end: int) -> Span:
        """Return the place of the characters from `start` to `end`."""
        if not self._maps:
            return self.span
        column = self.span.column
        return Span(
            file=self.span.file,
            line=self.span.line,
            column=column + start,
            end_line=self.span.line,
            end_column=column + end,
        )

    def bounds(self, node: ast.expr) -> tuple[int, int]:
        """Return the first character of a node and the one after its last."""
        body = self.text[self._start :].encode()
        start = len(body[: node.col_offset].decode())
        end = len(body[: node.end_col_offset].decode())
        return self._start + start, self._start + end

    def span_of(self, node: ast.expr) -> Span:
        """Return the place of a node."""
        return self.at(*self.bounds(node))

    def source_of(self, node: ast.expr) -> str:
        """Return a node as written."""
        start, end = self.bounds(node)
        return self.text[start:end]

    def _unreadable(self, why: str, start: int, end: int, help: str = "") -> Diagnostic:
        return Diagnostic(
            code="AG420",
            message=f"cannot read the expression: {why}",
            span=self.at(start, end),
            help=help,
        )

    def parse(self) -> Outcome[ast.expr]:
        """Return the syntax tree, or the one reason why there is none (AG420)."""
        whole = (0, len(self.text))
        if len(self.text) > MAX_LENGTH:
            return Outcome(
                value=None,
                diagnostics=(
                    self._unreadable(f"it is longer than {MAX_LENGTH:,} characters", *whole),
                ),
            )
        if not self.text.strip():
            return Outcome(
                value=None, diagnostics=(self._unreadable("there is nothing here", *whole),)
            )
        foreign = self._foreign()
        if foreign is not None:
            return Outcome(value=None, diagnostics=(foreign,))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self.text.strip(), mode="eval").body
        except SyntaxError as error:
            return Outcome(value=None, diagnostics=(self._from_syntax(error),))
        except (ValueError, MemoryError, RecursionError, OverflowError):
            return Outcome(
                value=None, diagnostics=(self._unreadable("it is no expression", *whole),)
            )
        if _depth(tree) > MAX_DEPTH:
            return Outcome(
                value=None,
                diagnostics=(
                    self._unreadable(f"it is nested deeper than {MAX_DEPTH} levels", *whole),
                ),
            )
        return Outcome(value=tree)

    def foreign_word(self, node: ast.Name) -> Diagnostic | None:
        """Return the finding for a word of another language (`null`, `true`), if it is one."""
        meant = _FOREIGN_WORDS.get(node.id)
        if meant is None:
            return None
        return self._unreadable(
            f"`{node.id}` is not a word of this language", *self.bounds(node), f"write `{meant}`"
        )

    def _foreign(self) -> Diagnostic | None:
        bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), self.text)
        for pattern, why, help in _FOREIGN:
            found = pattern.search(bare)
            if found is not None:
                return self._unreadable(why, found.start(), found.end(), help)
        for position, character in enumerate(bare):
            if not character.isascii() or not (character.isprintable()):
                return self._unreadable(
                    f"`{ascii(character)[1:-1]}` may only stand inside quotes",
                    position,
                    position + 1,
                    "names are written in the letters a to z",
                )
            if character in "#\\;":
                return self._unreadable(
                    f"`{character}` may only stand inside quotes", position, position + 1
                )
        return None

    def _from_syntax(self, error: SyntaxError) -> Diagnostic:
        if not error.offset:
            # Python points at the end of the input with a zero.
            last = len(self.text.rstrip())
            return self._unreadable("it ends too early", last - 1, last)
        offset = self._start + error.offset - 1
        start = min(offset, max(len(self.text.rstrip()) - 1, 0))
        end = start + 1
        if (
            error.end_offset is not None
            and error.end_lineno == error.lineno
            and error.end_offset > error.offset
        ):
            end = min(max(self._start + error.end_offset - 1, end), len(self.text))
        why = (error.msg or "invalid syntax").partition(". Perhaps")[0].partition(" (<unknown>")[0]
        return self._unreadable(why[0].lower() + why[1:], start, end)


def _depth(tree: ast.AST) -> int:
    deepest = 0
    pending: list[tuple[ast.AST, int]] = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            break
        pending.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest
