"""What each built-in type takes: constraint keys, longest length, and how a literal is read."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from apigen.ir.types import Constraints, Literal, ScalarKind
from apigen.source.node import ScalarNode

LONGEST: Mapping[ScalarKind, int] = {
    ScalarKind.STR: 255,
    ScalarKind.EMAIL: 254,
    ScalarKind.URL: 2048,
    ScalarKind.SLUG: 100,
    ScalarKind.PHONE: 16,
    ScalarKind.IP: 45,
    ScalarKind.COUNTRY: 2,
    ScalarKind.CURRENCY: 3,
    ScalarKind.LOCALE: 35,
    ScalarKind.TIMEZONE: 64,
}
"""Column length of text kinds that do not say; `text` has none."""

FREE_TEXT = frozenset({ScalarKind.STR, ScalarKind.TEXT})
_LENGTHS = frozenset(
    {
        ScalarKind.STR,
        ScalarKind.TEXT,
        ScalarKind.BYTES,
        ScalarKind.EMAIL,
        ScalarKind.URL,
        ScalarKind.SLUG,
        ScalarKind.PHONE,
    }
)
NUMBERS = frozenset({ScalarKind.INT, ScalarKind.BIGINT, ScalarKind.FLOAT, ScalarKind.DECIMAL})
ORDERED = NUMBERS | {
    ScalarKind.DATE,
    ScalarKind.TIME,
    ScalarKind.DATETIME,
    ScalarKind.DURATION,
}
TEXTUAL = frozenset((*LONGEST, ScalarKind.TEXT))

_PATTERNS: Mapping[ScalarKind, re.Pattern[str]] = {
    ScalarKind.EMAIL: re.compile(r"[^@\s]+@[^@\s]+"),
    ScalarKind.URL: re.compile(r"https?://\S+"),
    ScalarKind.SLUG: re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"),
    ScalarKind.PHONE: re.compile(r"\+[1-9][0-9]{1,14}"),
    ScalarKind.IP: re.compile(r"[0-9a-fA-F.:]+"),
    ScalarKind.COUNTRY: re.compile(r"[A-Z]{2}"),
    ScalarKind.CURRENCY: re.compile(r"[A-Z]{3}"),
    ScalarKind.LOCALE: re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*"),
    ScalarKind.TIMEZONE: re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*"),
    ScalarKind.ULID: re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}"),
}
_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def is_length(kind: ScalarKind) -> bool:
    """Whether `min` and `max` count characters or bytes."""
    return kind in _LENGTHS


def constraint_keys(kind: ScalarKind) -> tuple[str, ...]:
    """Return the constraint keys that apply to a built-in type."""
    if kind is ScalarKind.BYTES:
        return ("min", "max")
    if kind in _LENGTHS:
        return ("min", "max", "pattern", "normalize")
    if kind is ScalarKind.DECIMAL:
        return ("min", "max", "gt", "lt", "step", "precision", "scale")
    if kind in NUMBERS:
        return ("min", "max", "gt", "lt", "step")
    if kind in ORDERED:
        return ("min", "max", "gt", "lt")
    if kind in (ScalarKind.COUNTRY, ScalarKind.CURRENCY):
        return ("normalize",)
    return ()


def read_literal(kind: ScalarKind, node: ScalarNode) -> Literal | None:
    """Return the value of a literal of a type, or None when it is none."""
    value, raw = node.value, node.raw
    if kind is ScalarKind.BOOL:
        return value if isinstance(value, bool) else None
    if kind in NUMBERS:
        return _number(kind, value, raw)
    if kind in FREE_TEXT:
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or value is None:
        return None
    try:
        match kind:
            case ScalarKind.DATE:
                return date.fromisoformat(raw) if len(raw) == 10 else None
            case ScalarKind.TIME:
                moment = time.fromisoformat(raw)
                return moment if moment.tzinfo is None else None
            case ScalarKind.DATETIME:
                instant = datetime.fromisoformat(raw)
                return instant if instant.tzinfo is not None else None
            case ScalarKind.DURATION:
                match = _DURATION.fullmatch(raw)
                return None if match is None else int(match[1]) * _UNITS[match[2]]
            case ScalarKind.UUID:
                return str(UUID(raw))
            case ScalarKind.JSON | ScalarKind.BYTES:
                return None
    except (ValueError, OverflowError):
        return None
    pattern = _PATTERNS.get(kind)
    return raw if pattern is not None and pattern.fullmatch(raw) else None


def _number(kind: ScalarKind, value: object, raw: str) -> Literal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    match kind:
        case ScalarKind.FLOAT:
            number = float(value)
            return number if number - number == 0 else None
        case ScalarKind.DECIMAL:
            if isinstance(value, int):
                return Decimal(value)
            try:
                exact = Decimal(raw)
            except InvalidOperation:
                return None
            return exact if exact.is_finite() else None
        case _:
            if not isinstance(value, int):
                return None
            bits = 31 if kind is ScalarKind.INT else 63
            return value if -(2**bits) <= value < 2**bits else None


def violation(kind: ScalarKind, constraints: Constraints, value: Literal) -> str:
    """Say which constraint a value breaks, such as " of at most 3 characters"; empty for none."""
    if is_length(kind):
        length = len(str(value))
        if isinstance(constraints.min, int) and length < constraints.min:
            return f" of at least {constraints.min} characters"
        if isinstance(constraints.max, int) and length > constraints.max:
            return f" of at most {constraints.max} characters"
        if constraints.pattern is not None and not re.fullmatch(constraints.pattern, str(value)):
            return f" that matches `{constraints.pattern}`"
        return ""
    if kind not in ORDERED:
        return ""
    for bound, said in (
        (constraints.min, "of at least"),
        (constraints.max, "of at most"),
        (constraints.gt, "above"),
        (constraints.lt, "below"),
    ):
        if bound is not None and _breaks(said, value, bound):
            return f" {said} {bound}"
    if isinstance(value, Decimal) and constraints.precision is not None:
        scale = constraints.scale or 0
        digits = value.as_tuple()
        exponent = digits.exponent if isinstance(digits.exponent, int) else 0
        if -exponent > scale:
            return f" of at most {scale} digits after the point"
        if abs(value) >= Decimal(10) ** (constraints.precision - scale):
            return f" of at most {constraints.precision} digits"
    return _off_step(constraints.step, value)


def _off_step(step: Literal | None, value: Literal) -> str:
    # Binary fractions have no exact steps, so floats are left to the client's rounding.
    if not isinstance(step, int | Decimal) or not isinstance(value, int | Decimal):
        return ""
    from fractions import Fraction

    return "" if Fraction(value) % Fraction(step) == 0 else f" in steps of {step}"


def _breaks(said: str, value: Literal, bound: Literal) -> bool:
    # Both are of one ordered kind: the bound was read by the same reader as the value.
    left: float = value  # type: ignore[assignment]
    right: float = bound  # type: ignore[assignment]
    match said:
        case "of at least":
            return left < right
        case "of at most":
            return left > right
        case "above":
            return left <= right
        case _:
            return left >= right
