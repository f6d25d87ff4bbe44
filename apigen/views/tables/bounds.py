"""Bounds of a value as conditions of its column: length, range.

Patterns, steps and formats have no SQL that both databases share; the domain alone checks them.
Decides which conditions there are and how numbers, dates and texts stand in them, nothing else.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from apigen.ir.types import Literal, Scalar, ScalarKind
from apigen.values import dataclass

_NUMBERS = frozenset({ScalarKind.INT, ScalarKind.BIGINT, ScalarKind.FLOAT})
_TYPED = frozenset({ScalarKind.DECIMAL, ScalarKind.DATETIME, ScalarKind.DURATION})
"""Kinds that the two databases store differently, so that a literal needs its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A condition on one column."""

    kind: str
    """`length` or `range`: part of the constraint's name."""
    sql: str | None = None
    """The condition, where both databases read the same text."""
    column: str = ""
    type: Scalar | None = None
    comparisons: tuple[tuple[str, Literal], ...] = ()
    """Operator and value, where the column's type has to write the value."""


def bounds_of(scalar: Scalar, column: str) -> Iterator[Bound]:
    """Yield the conditions that the constraints of a scalar put on its column."""
    limits, name = scalar.constraints, f'"{column}"'
    if scalar.kind in (ScalarKind.BOOL, ScalarKind.UUID, ScalarKind.ULID, ScalarKind.JSON):
        return
    compared = tuple(
        (operator, value)
        for operator, value in (
            (">=", limits.min),
            (">", limits.gt),
            ("<=", limits.max),
            ("<", limits.lt),
        )
        if value is not None
    )
    if scalar.kind in _TYPED:
        if compared and all(_is_zero(value) for _, value in compared):
            compared_to_zero = " AND ".join(f"{name} {operator} 0" for operator, _ in compared)
            if scalar.kind is ScalarKind.DECIMAL:
                yield Bound(kind="range", sql=compared_to_zero)
                return
        if compared:
            yield Bound(kind="range", column=column, type=scalar, comparisons=compared)
        return
    if scalar.kind in _NUMBERS or scalar.kind in (ScalarKind.DATE, ScalarKind.TIME):
        if compared:
            condition = " AND ".join(f"{name} {operator} {_text(v)}" for operator, v in compared)
            yield Bound(kind="range", sql=condition)
        return
    # Texts and bytes: SQLite ignores the length of a column's type.
    lengths = [
        (operator, value)
        for operator, value in compared
        if not (operator == ">=" and _is_zero(value))
    ]
    if lengths:
        condition = " AND ".join(f"length({name}) {op} {_text(v)}" for op, v in lengths)
        yield Bound(kind="length", sql=condition)


def _is_zero(value: Literal) -> bool:
    return isinstance(value, int | Decimal) and value == 0


def _text(value: Literal) -> str:
    match value:
        case datetime() | timedelta() | bool() | str():
            raise ValueError(f"{value!r} needs its type")
        case time():
            # SQLite keeps six digits of microseconds, and compares texts.
            return f"'{value.isoformat(timespec='microseconds')}'"
        case date():
            return f"'{value.isoformat()}'"
        case _:
            return repr(value)
