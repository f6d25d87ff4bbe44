"""Values at both sides of every edge that a type's constraints draw.

`edges(type)` yields the last allowed and the first forbidden value of each constraint, as Python
values; `misfits(type)` yields JSON that is no value of the type at all. Knows nothing of fields.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from apigen.ir.types import Constraints, Scalar, ScalarKind
from apigen.python.scalar_samples import ScalarValue, accepts, normalized, scalar_value
from apigen.values import dataclass

_LONGEST = 5_000
"""Texts longer than this are not worth their weight in a test."""

_NOT_OF_FORMAT = {
    ScalarKind.EMAIL: "no-at-sign",
    ScalarKind.URL: "no url",
    ScalarKind.SLUG: "No Slug!",
    ScalarKind.PHONE: "12ab",
    ScalarKind.IP: "1.2.3",
    ScalarKind.COUNTRY: "Z9",
    ScalarKind.CURRENCY: "ZZ9",
    ScalarKind.LOCALE: "not a locale",
    ScalarKind.TIMEZONE: "Nowhere/City",
}
STORAGE = "too large for its column"
"""The edge that the storage draws, not a constraint: only input is checked for it."""

_PLAIN_TEXT = (ScalarKind.STR, ScalarKind.TEXT)
_NUMBERS = (ScalarKind.INT, ScalarKind.BIGINT, ScalarKind.FLOAT, ScalarKind.DECIMAL)
_LARGEST = {ScalarKind.INT: 2**31 - 1, ScalarKind.BIGINT: 2**63 - 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A value next to the edge of a constraint."""

    value: ScalarValue
    is_allowed: bool
    why: str
    """Name of the constraint, for the name of a test."""


def edges(scalar: Scalar) -> Iterator[Edge]:
    """Yield the values next to the edges of `scalar`; what looks allowed is checked to be."""
    for edge in _all_edges(scalar):
        if edge.is_allowed is accepts(scalar, edge.value):
            yield edge
    if scalar.kind in _NOT_OF_FORMAT and scalar.constraints.pattern is None:
        text = _NOT_OF_FORMAT[scalar.kind]
        if normalized(text, scalar.constraints.normalize) == text:
            yield Edge(value=text, is_allowed=False, why="format")


def _all_edges(scalar: Scalar) -> Iterator[Edge]:
    limits = scalar.constraints
    if scalar.kind in _PLAIN_TEXT:
        yield from _text_edges(limits)
    elif scalar.kind is ScalarKind.BYTES:
        for edge in _text_edges(limits):
            if isinstance(edge.value, str):
                yield Edge(value=edge.value.encode(), is_allowed=edge.is_allowed, why=edge.why)
    elif scalar.kind in _NUMBERS:
        yield from _number_edges(scalar)
    else:
        yield from _moment_edges(limits)


def _text_edges(limits: Constraints) -> Iterator[Edge]:
    if limits.pattern is not None:
        for text in ("!", "?no match?", "", "0", "a b"):
            long_enough = not isinstance(limits.min, int) or len(text) >= limits.min
            if long_enough and not re.fullmatch(limits.pattern, text):
                yield Edge(value=text, is_allowed=False, why="pattern")
                return
        return
    letter = "X" if "upper" in limits.normalize else "x"
    if isinstance(limits.min, int) and limits.min > 0:
        yield Edge(value=letter * limits.min, is_allowed=True, why="shortest")
        yield Edge(value=letter * (limits.min - 1), is_allowed=False, why="too short")
    if isinstance(limits.max, int) and limits.max <= _LONGEST:
        yield Edge(value=letter * limits.max, is_allowed=True, why="longest")
        yield Edge(value=letter * (limits.max + 1), is_allowed=False, why="too long")


def _number_edges(scalar: Scalar) -> Iterator[Edge]:
    limits = scalar.constraints
    unit = Decimal(1)
    if scalar.kind is ScalarKind.DECIMAL:
        unit = Decimal(1).scaleb(-(limits.scale or 0))
    elif scalar.kind is ScalarKind.FLOAT:
        unit = Decimal("0.5")
    step = _decimal(limits.step) or unit

    def edge(value: Decimal, why: str, *, is_allowed: bool) -> Edge:
        if scalar.kind is ScalarKind.DECIMAL and value == value.quantize(unit):
            value = value.quantize(unit)
        return Edge(value=_number(scalar.kind, value), is_allowed=is_allowed, why=why)

    if (least := _decimal(limits.min)) is not None:
        yield edge(least, "least", is_allowed=True)
        yield edge(least - step, "too small", is_allowed=False)
    if (most := _decimal(limits.max)) is not None:
        yield edge(most, "most", is_allowed=True)
        yield edge(most + step, "too large", is_allowed=False)
    if (above := _decimal(limits.gt)) is not None:
        yield edge(above + step, "just above", is_allowed=True)
        yield edge(above, "not above", is_allowed=False)
    if (below := _decimal(limits.lt)) is not None:
        yield edge(below - step, "just below", is_allowed=True)
        yield edge(below, "not below", is_allowed=False)
    valid = scalar_value(scalar, 0, word="x")
    if isinstance(valid, int | float | Decimal) and not isinstance(valid, bool):
        near = Decimal(str(valid))
        if limits.step is not None and step / 2 % unit == 0:
            yield edge(near + step / 2, "off step", is_allowed=False)
        elif limits.step is not None and step > unit:
            yield edge(near + unit, "off step", is_allowed=False)
        if scalar.kind is ScalarKind.DECIMAL:
            yield edge(near + unit / 10, "too many places", is_allowed=False)
    if scalar.kind in _LARGEST and limits.max is None and limits.lt is None:
        yield edge(Decimal(_LARGEST[scalar.kind] + 1), STORAGE, is_allowed=False)
    if scalar.kind is ScalarKind.DECIMAL:
        digits = (limits.precision or 18) - (limits.scale or 0)
        ceiling = Decimal(10) ** digits
        if limits.max is None and limits.lt is None:
            # SQLite keeps the digits as one integer of 64 bits.
            held = Decimal(2**63 - 1).scaleb(-(limits.scale or 0))
            yield edge(min(ceiling - unit, held), "most digits", is_allowed=True)
            yield edge(ceiling, "too many digits", is_allowed=False)


def _decimal(bound: object) -> Decimal | None:
    if isinstance(bound, bool) or not isinstance(bound, int | float | Decimal):
        return None
    return Decimal(str(bound))


def _number(kind: ScalarKind, value: Decimal) -> int | float | Decimal:
    if kind is ScalarKind.DECIMAL:
        return value
    return float(value) if kind is ScalarKind.FLOAT else int(value)


def _moment_edges(limits: Constraints) -> Iterator[Edge]:
    for bound, sign, is_inclusive in (
        (limits.min, -1, True),
        (limits.max, 1, True),
        (limits.gt, -1, False),
        (limits.lt, 1, False),
    ):
        side = "early" if sign < 0 else "late"
        outside = _moved(bound, sign) if is_inclusive else bound
        inside = bound if is_inclusive else _moved(bound, -sign)
        if isinstance(inside, date | datetime | time | timedelta):
            yield Edge(value=inside, is_allowed=True, why=f"not too {side}")
        if isinstance(outside, date | datetime | time | timedelta):
            yield Edge(value=outside, is_allowed=False, why=f"too {side}")


def _moved(bound: object, by: int) -> object:
    match bound:
        case datetime() | timedelta():
            return bound + timedelta(seconds=by)
        case date():
            return bound + timedelta(days=by)
        case time():
            second = bound.second + by
            return bound.replace(second=second) if 0 <= second < 60 else None
        case _:
            return None
