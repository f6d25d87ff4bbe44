"""The normal form of Python text: its tokens with comments, without layout.

Two texts with equal forms differ in what a formatter may change: quotes, number and string
prefixes in capitals, trailing commas, wrapping, parentheses that only wrap, blank lines,
indentation width. Nothing here knows statements; `apigen.merge.python.source` does.
"""

import ast
import inspect
import io
import keyword
import tokenize
from collections.abc import Iterable

from apigen.values import dataclass

NEWLINE = "\n"
"""Form of the end of a logical line, and of a semicolon."""
INDENT = "\n{"
"""Form of the begin of a body."""
DEDENT = "\n}"
_OPEN = frozenset("([{")
_CLOSE = {")": "(", "]": "[", "}": "{"}
_ASSIGNMENTS = (
    "=",
    "+=",
    "-=",
    "*=",
    "/=",
    "//=",
    "%=",
    "@=",
    "&=",
    "|=",
    "^=",
    ">>=",
    "<<=",
    "**=",
)
_BEFORE_WRAP = frozenset(
    (*_ASSIGNMENTS, "->", ":", "return", "in", "assert", "yield", "import", "del", "with", "for")
) | {"if", "elif", "while", "and", "or", "await"}
_AFTER_STATEMENT = frozenset((NEWLINE, ":", "in", "else"))
_AFTER_VALUE = frozenset([",", ")", "]", "}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms of a text in its order, each with the offset where its token starts."""

    positions: tuple[int, ...]
    forms: tuple[str, ...]


@dataclass(slots=True)
class _Token:
    form: str
    position: int
    is_name: bool = False
    is_string: bool = False
    is_comment: bool = False
    dropped: bool = False


def _string_form(text: str) -> str:
    prefix = text[: len(text) - len(text.lstrip("rRbBuUfFtT"))]
    body = text[len(prefix) :]
    quotes = 3 if body[:3] in {'"""', "'''"} else 1
    if "\\" not in body and "b" not in prefix.lower():
        return '"' + body[quotes:-quotes]
    try:
        value: object = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text
    return '"' + value if isinstance(value, str) else repr(value)


def _tokens(raw: Iterable[tokenize.TokenInfo], starts: tuple[int, ...]) -> list[_Token]:
    tokens: list[_Token] = []
    line = 0
    for kind, text, (row, column), _end, _source in raw:
        position = starts[row - 1] + column
        match kind:
            case tokenize.NL | tokenize.ENCODING | tokenize.ENDMARKER:
                continue
            case tokenize.NEWLINE:
                tokens.append(_Token(NEWLINE, position))
                line = len(tokens)
            # tokenize reports these at the next statement: they belong to the line that ends, so
            # that a statement is the same wherever it stands in its body.
            case tokenize.INDENT:
                tokens.insert(line, _Token(INDENT, tokens[line - 1].position))
            case tokenize.DEDENT:
                tokens.insert(line, _Token(DEDENT, tokens[line - 1].position))
            case tokenize.COMMENT:
                tokens.append(_Token(text.rstrip(), position, is_comment=True))
            case tokenize.STRING:
                form = _string_form(text)
                last = tokens[-1] if tokens else None
                if last and last.is_string and last.form[0] == form[0] == '"':
                    last.form += form[1:]
                else:
                    tokens.append(_Token(form, position, is_string=True))
            case tokenize.NUMBER:
                tokens.append(_Token(text.lower(), position))
            case tokenize.OP:
                tokens.append(_Token(NEWLINE if text == ";" else text, position))
            case tokenize.NAME:
                tokens.append(_Token(text, position, is_name=not keyword.iskeyword(text)))
            case _:
                name = tokenize.tok_name[kind]
                quoted = name.endswith(("STRING_START", "STRING_END"))
                tokens.append(
                    _Token(text.lower().rstrip("'\"") + '"' if quoted else text, position)
                )
    return tokens


def _clean_docstrings(tokens: list[_Token]) -> None:
    """A string that is a whole statement is compared without its indentation."""
    line = (NEWLINE, INDENT, DEDENT)
    for index, token in enumerate(tokens):
        if (
            token.is_string
            and "\n" in token.form
            and (index == 0 or tokens[index - 1].form in line or tokens[index - 1].is_comment)
            and (index + 1 == len(tokens) or tokens[index + 1].form == NEWLINE)
        ):
            lines = inspect.cleandoc(token.form[1:]).split("\n")
            token.form = '"' + "\n".join(each.rstrip() for each in lines)


@dataclass(slots=True)
class _Bracket:
    index: int
    form: str
    before: _Token | None
    commas: list[_Token]


def _drop_layout(tokens: list[_Token]) -> None:
    """Mark trailing commas and the parentheses that only wrap."""
    solid = [token for token in tokens if not token.is_comment]
    stack: list[_Bracket] = []
    for index, token in enumerate(solid):
        if token.is_string:
            continue
        if token.form in _OPEN:
            stack.append(_Bracket(index, token.form, solid[index - 1] if index else None, []))
        elif token.form == "," and stack:
            stack[-1].commas.append(token)
        elif token.form in _CLOSE and stack and stack[-1].form == _CLOSE[token.form]:
            bracket = stack.pop()
            before = bracket.before
            applied = before is not None and (
                before.is_name or before.is_string or before.form in _CLOSE
            )
            last = solid[index - 1]
            if last.form == "," and not last.is_string:
                alone = len(bracket.commas) == 1
                is_tuple = (bracket.form == "(" and not applied) or (
                    bracket.form == "[" and applied
                )
                last.dropped = not (alone and is_tuple)
            if bracket.form == "(" and not applied and before is not None:
                after = solid[index + 1].form if index + 1 < len(solid) else NEWLINE
                wraps = after in _AFTER_STATEMENT and not stack
                value = after in _AFTER_VALUE and before.form in {"=", ":"} and not bracket.commas
                if before.form in _BEFORE_WRAP and (wraps or value):
                    token.dropped = solid[bracket.index].dropped = True


def forms(text: str, starts: tuple[int, ...]) -> tuple[Forms, tuple[tokenize.TokenInfo, ...]]:
    """Give the forms of a text, and its raw tokens.

    Raises:
        tokenize.TokenError, SyntaxError: The text is not Python.
    """
    raw = tuple(tokenize.generate_tokens(io.StringIO(text).readline))
    tokens = _tokens(raw, starts)
    _clean_docstrings(tokens)
    _drop_layout(tokens)
    left = [token for token in tokens if not token.dropped]
    return (
        Forms(
            positions=tuple(token.position for token in left),
            forms=tuple(token.form for token in left),
        ),
        raw,
    )
