"""How names of the language are spelt: PascalCase for types, else snake_case, ASCII only."""

import re
from typing import Literal

from apigen.diagnostics.collector import Collector
from apigen.ir.names import words
from apigen.spec.located import Located
from apigen.values import dataclass

type Case = Literal["pascal", "snake", "either"]

_PATTERN: dict[Case, re.Pattern[str]] = {
    "pascal": re.compile(r"[A-Z][A-Za-z0-9]*"),
    # No underscore at the end: generated code puts one there to spell keywords of Python.
    "snake": re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"),
    "either": re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
}
_CASE_NAME: dict[Case, str] = {"pascal": "PascalCase", "snake": "snake_case", "either": "plain"}
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRule:
    """What the keys of a mapping name, and their case."""

    kind: str
    """`field`, `entity`, …; for messages."""
    case: Case


def check_name(name: Located[str], rule: NameRule, found: Collector) -> bool:
    """Report AG101 or AG102 for a bad name; return whether one can go on with it.

    A name in the wrong case is gone on with, so that uses of it earn no second message.
    """
    text = name.value
    if len(text) > _LONGEST:
        found.error(
            "AG101", f"{rule.kind} names have at most {_LONGEST} letters", name.span, help="shorten"
        )
        return False
    if _PATTERN[rule.case].fullmatch(text):
        return True
    if not text.isascii():
        odd = next(letter for letter in text if not letter.isascii())
        found.error(
            "AG101",
            f"{rule.kind} names are ASCII, and `{text}` has {describe_letter(odd)}",
            name.span,
            help="letters that look alike are different names to a computer; a title in any"
            " script goes into `label` or `doc`",
        )
        return False
    if text.startswith("_"):
        found.error(
            "AG102",
            f"`{text}` is reserved by Python for what is private",
            name.span,
            help=f"rename it, such as `{text.lstrip('_') or 'value'}`",
        )
        return False
    fixed = _respelt(text, rule.case)
    found.error(
        "AG101",
        f"{rule.kind} names are {_CASE_NAME[rule.case]}, not `{text}`",
        name.span,
        help=_help(text, fixed, rule),
    )
    return _PATTERN["either"].fullmatch(text) is not None


def describe_letter(letter: str) -> str:
    """Name a character by its code point and Unicode name."""
    from unicodedata import name as unicode_name

    return f"`{letter}` (U+{ord(letter):04X} {unicode_name(letter, 'unnamed')})"


def _respelt(text: str, case: Case) -> str:
    parts = words(text)
    if not parts or not parts[0][0].isalpha():
        return ""
    if case == "pascal":
        return "".join(part.capitalize() for part in parts)
    return "_".join(parts)


def _help(text: str, fixed: str, rule: NameRule) -> str:
    if not fixed:
        return "a name starts with a letter, then letters and digits"
    said = f"did you mean `{fixed}`?"
    if rule.kind == "field" and "_" not in text:
        said += " JSON in camelCase is `defaults.naming.wire: camel`"
    return said
