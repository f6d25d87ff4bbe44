"""Texts that match a regular expression, chosen by number.

`pattern_text(pattern, n)` walks the parsed pattern and reads the digits of `n` wherever there is
a choice, so that neighbouring numbers give different texts. What it writes is a guess: callers
check it with `re.fullmatch`, because look-around and back-references are not followed.
"""

import re
import string
from collections.abc import Iterable, Sequence
from typing import Any

# The parsed form of a pattern has no public home and no types.
sre: Any = vars(re)["_constants"]
_parser: Any = vars(re)["_parser"]

_LETTERS = string.ascii_lowercase + string.ascii_uppercase
_PREFERRED = string.ascii_letters + string.digits + "-_. "
_CATEGORIES = {
    sre.CATEGORY_DIGIT: string.digits,
    sre.CATEGORY_WORD: string.ascii_letters + string.digits,
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_DIGIT: _LETTERS,
    sre.CATEGORY_NOT_WORD: "-. ",
    sre.CATEGORY_NOT_SPACE: _LETTERS,
}
_UNBOUNDED = 24


def pattern_text(pattern: str, n: int, *, stretch: int = 0) -> str | None:
    """Return the `n`-th guess at a text that `pattern` matches as a whole.

    Args:
        pattern: a Python regular expression.
        n: which text; read as digits of mixed radix, one a choice.
        stretch: how many more repetitions than the least each repeated part gets.

    Returns:
        None when the pattern cannot be parsed.
    """
    try:
        parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError):
        return None
    return _Walk(n, stretch).text(parsed)


class _Walk:
    """One pass over a parsed pattern, spending the digits of a number."""

    def __init__(self, n: int, stretch: int) -> None:
        self._left = n
        self._stretch = stretch

    def text(self, items: Iterable[tuple[Any, Any]]) -> str:
        """Return a text for a sequence of parsed parts, the last part varying fastest."""
        parts = [self._part(op, argument) for op, argument in reversed(list(items))]
        return "".join(reversed(parts))

    # The parser's output is untyped: every operation has an argument of a shape of its own.
    def _part(self, op: Any, argument: Any) -> str:
        match op, argument:
            case sre.LITERAL, int(code):
                return chr(code)
            case sre.NOT_LITERAL, int(code):
                return self._one([c for c in _PREFERRED if ord(c) != code])
            case sre.ANY, _:
                return self._one(_LETTERS)
            case sre.IN, list(choices):
                return self._one(_members(choices))
            case (
                (sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT),
                (least, most, inner),
            ):
                most = min(int(most), max(int(least), 0) + _UNBOUNDED)
                times = min(int(least) + self._stretch, most)
                return "".join(self.text(inner) for _ in range(times))
            case sre.SUBPATTERN, (_, _, _, inner):
                return self.text(inner)
            case sre.ATOMIC_GROUP, inner:
                return self.text(inner)
            case sre.BRANCH, (_, branches):
                return self.text(branches[self._digit(len(branches))])
            case _:
                return ""

    def _one(self, characters: Sequence[str]) -> str:
        return characters[self._digit(len(characters))] if characters else ""

    def _digit(self, radix: int) -> int:
        self._left, digit = divmod(self._left, radix)
        return digit


def _members(choices: list[tuple[Any, Any]]) -> list[str]:
    """Return the characters of a set, ordinary ones when it has any."""
    negated = bool(choices) and choices[0][0] is sre.NEGATE
    members: list[str] = []
    for op, argument in choices:
        match op, argument:
            case sre.LITERAL, int(code):
                members.append(chr(code))
            case sre.RANGE, (int(low), int(high)):
                members.extend(chr(code) for code in range(low, min(high, low + 127) + 1))
            case sre.CATEGORY, category:
                members.extend(_CATEGORIES.get(category, ""))
            case _:
                continue
    if negated:
        return [c for c in _PREFERRED if c not in set(members)]
    usual = [c for c in members if c in _PREFERRED and c != " "]
    return usual or members
