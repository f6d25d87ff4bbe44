"""Write values as Python source: the only way a text of the spec reaches generated code.

Every function returns source that evaluates to exactly the value given, whatever the value
contains, on lines that the formatter can break.
"""

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from apigen.python.imports import ImportSet

_CHUNK = 72
"""Longest piece of a text on one line of source, in characters of source."""


def text(value: str) -> str:
    """Return a string literal; a long one as adjacent literals in parentheses."""
    if len(repr(value)) <= _CHUNK:
        return repr(value)
    pieces: list[str] = []
    rest = value
    while rest:
        piece, rest = _cut(rest)
        pieces.append(repr(piece))
    return "(" + " ".join(pieces) + ")" if len(pieces) > 1 else pieces[0]


def argument(value: str) -> str:
    """Return a string literal as the only argument of a call, which has brackets already."""
    source = text(value)
    return source[1:-1] if source.startswith("(") else source


def tuple_of(items: Iterable[str]) -> str:
    """Return a tuple of expressions, without the comma that would part its lines where it fits."""
    found = list(items)
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


def _cut(value: str) -> tuple[str, str]:
    """Split after the last blank that keeps the first piece short enough, or hard."""
    if len(repr(value)) <= _CHUNK:
        return value, ""
    end = _CHUNK - 2
    while len(repr(value[:end])) > _CHUNK:
        end -= 1
    blank = value.rfind(" ", 1, end)
    if blank > end // 3:
        end = blank + 1
    return value[:end], value[end:]


def pattern(value: str) -> str:
    """Return a regular expression as a raw string where that is possible."""
    raw = (
        value.isascii()
        and value.isprintable()
        and '"' not in value
        and "\\" in value
        and not value.endswith("\\")
        and len(value) <= _CHUNK
    )
    return f'r"{value}"' if raw else text(value)


def literal(value: object, imports: ImportSet) -> str:
    """Return source for `value`: a `Literal` of the IR, or JSON-like lists and dicts of them.

    Raises:
        TypeError: Not a value a spec can hold; a mistake of ours.
    """
    match value:
        case str():
            return text(value)
        case None | bool() | int():
            return repr(value)
        case float():
            # `inf` and `nan` have no literal.
            return repr(value) if abs(value) < float("inf") else f'float("{value!r}")'
        case Decimal():
            return f'{imports.add("decimal", "Decimal")}("{value}")'
        case datetime():
            dt = imports.module("datetime", "dt")
            return f'{dt}.datetime.fromisoformat("{value.isoformat()}")'
        case date():
            dt = imports.module("datetime", "dt")
            return f"{dt}.date({value.year}, {value.month}, {value.day})"
        case time():
            dt = imports.module("datetime", "dt")
            parts = [value.hour, value.minute, value.second, value.microsecond]
            while len(parts) > 1 and not parts[-1]:
                parts.pop()
            return f"{dt}.time({', '.join(map(str, parts))})"
        case timedelta():
            return _timedelta(value, imports)
        case list() | tuple():
            return "[" + ", ".join(literal(item, imports) for item in value) + "]"
        case Mapping():
            entries = (f"{text(str(k))}: {literal(v, imports)}" for k, v in value.items())
            return "{" + ", ".join(entries) + "}"
        case _:
            raise TypeError(f"no literal for {type(value).__name__}")


def _timedelta(value: timedelta, imports: ImportSet) -> str:
    parts = (
        ("days", value.days),
        ("seconds", value.seconds),
        ("microseconds", value.microseconds),
    )
    arguments = ", ".join(f"{name}={number}" for name, number in parts if number)
    return f"{imports.module('datetime', 'dt')}.timedelta({arguments})"


def docstring(value: str, *, indent: int = 0, fallback: str = "") -> str:
    """Return a docstring literal of `value`, wrapped, to stand at `indent` blanks.

    The first line is without indentation: the template has it. Paragraphs (blank lines) are
    kept, other line breaks are not.

    Args:
        value: Any text.
        indent: Blanks before the docstring.
        fallback: What to say when `value` is blank.
    """
    paragraphs = [" ".join(p.split()) for p in value.split("\n\n") if p.strip()] or [fallback]
    width = 96 - indent
    blocks = [
        "\n".join(textwrap.wrap(_inert(p), width, break_long_words=False, break_on_hyphens=False))
        for p in paragraphs
    ]
    body = "\n\n".join(blocks)
    if "\n" not in body:
        return f'"""{body}"""'
    margin = " " * indent
    lines = [
        line if number == 0 or not line else margin + line
        for number, line in enumerate(body.split("\n"))
    ]
    return '"""' + "\n".join(lines) + f'\n{margin}"""'


def raising_docstring(value: str, raised: Sequence[str], *, indent: int) -> str:
    """Return a docstring literal that ends in a section of what is raised.

    Args:
        value: Any text.
        raised: `InvalidStateError: It is not draft.`, one a line; none: there is no section.
        indent: Blanks before the docstring.
    """
    if not raised:
        return docstring(value, indent=indent)
    margin = " " * indent
    body = docstring(value, indent=indent).removesuffix('"""').rstrip()
    width = 96 - indent
    lines = [
        line
        for entry in raised
        for line in textwrap.wrap(
            _inert(entry), width, initial_indent="    ", subsequent_indent=" " * 8
        )
    ]
    section = "\n".join(f"{margin}{line}" for line in ("Raises:", *lines))
    return f'{body}\n\n{section}\n{margin}"""'


def _inert(value: str) -> str:
    """Escape what a triple-quoted literal would act on."""
    # Three quotes end the literal, and so does one at its end or beside its beginning.
    escaped = re.sub(
        r'"{3,}|^"+|"+$', lambda quotes: quotes[0].replace('"', '\\"'), value.replace("\\", "\\\\")
    )
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in escaped
    )
