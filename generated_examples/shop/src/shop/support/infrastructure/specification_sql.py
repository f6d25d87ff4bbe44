"""Turn a specification into a WHERE clause that answers as the specification itself would.

Python has two truth values where SQL has three, so comparisons with NULL are spelled out. Values
that a column cannot hold (more digits, a larger number) are decided here instead of failing in the
driver. Knows no tables: the caller resolves paths to columns.

Source: requirement 5.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from ..domain.specification import (
    AndSpecification,
    AttributeSpecification,
    NotSpecification,
    Operator,
    OrSpecification,
    Specification,
)
from .column_types import ScaledDecimal, can_hold
from .ordering import by_code_point

_ESCAPE = "\\"


def _as_is(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a path leads to."""

    column: ColumnElement[Any]
    holds: Callable[[ColumnElement[bool]], ColumnElement[bool]] = _as_is
    """Turns a condition on the column into one on the row: EXISTS when other tables are crossed."""
    crosses_one: bool = False
    """The path crosses references that lead to one row each: to none when they are null."""


_ORDERED: Mapping[Operator, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    Operator.LT: operator.lt,
    Operator.LTE: operator.le,
    Operator.GT: operator.gt,
    Operator.GTE: operator.ge,
}

type Resolve = Callable[[tuple[str, ...]], Target]


def to_sql[T](specification: Specification[T], resolve: Resolve) -> ColumnElement[bool]:
    """Return the condition as SQL.

    Raises:
        TypeError: It holds a predicate that only Python can work out.
    """
    match specification:
        case AndSpecification(parts):
            return sa.and_(sa.true(), *(to_sql(part, resolve) for part in parts))
        case OrSpecification(parts):
            return sa.or_(sa.false(), *(to_sql(part, resolve) for part in parts))
        case NotSpecification(part):
            return _opposite(to_sql(part, resolve))
        case AttributeSpecification(path, compare, value):
            return _comparison(resolve(path), compare, value)
        case _:
            raise TypeError(f"{type(specification).__name__} cannot be asked of a database")


def like_pattern(text: str, *, prefix: str = "%", suffix: str = "%") -> str:
    """Return the LIKE pattern of a part of a text, in lower case; `_ESCAPE` escapes wildcards."""
    escaped = text.lower().replace(_ESCAPE, _ESCAPE * 2)
    for wildcard in "%_":
        escaped = escaped.replace(wildcard, _ESCAPE + wildcard)
    return f"{prefix}{escaped}{suffix}"


def contains(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Return whether a text column contains `text`, whatever the case."""
    return _like(column, like_pattern(text))


def _opposite(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.not_(sa.func.coalesce(condition, sa.false()))


def _comparison(target: Target, compare: Operator, value: object) -> ColumnElement[bool]:
    match compare:
        case Operator.NE:
            return _opposite(_comparison(target, Operator.EQ, value))
        case Operator.NOT_IN:
            return _opposite(_comparison(target, Operator.IN, value))
        case Operator.IS_NULL:
            return _null(target) if value else _opposite(_null(target))
        case Operator.EQ:
            return _one_of(target, (value,))
        case Operator.IN:
            return _one_of(target, value if isinstance(value, Iterable) else ())
        case Operator.CONTAINS | Operator.STARTSWITH | Operator.ENDSWITH:
            return target.holds(_part(target.column, compare, str(value)))
        case _:
            return target.holds(_ordered(target.column, compare, value))


def _null(target: Target) -> ColumnElement[bool]:
    if target.crosses_one:
        return sa.not_(target.holds(target.column.is_not(None)))
    return target.holds(target.column.is_(None))


def _one_of(target: Target, values: Iterable[object]) -> ColumnElement[bool]:
    wanted = list(values)
    kind = target.column.type
    stored = [value for value in wanted if value is not None and can_hold(kind, value)]
    if len(stored) == 1:
        found = target.holds(target.column == stored[0])
    else:
        found = target.holds(target.column.in_(stored)) if stored else sa.false()
    return sa.or_(found, _null(target)) if None in wanted else found


def _part(column: ColumnElement[Any], compare: Operator, text: str) -> ColumnElement[bool]:
    if "\0" in text:
        return sa.false()
    match compare:
        case Operator.STARTSWITH:
            return _like(column, like_pattern(text, prefix=""))
        case Operator.ENDSWITH:
            return _like(column, like_pattern(text, suffix=""))
        case _:
            return contains(column, text)


def _like(column: ColumnElement[Any], pattern: str) -> ColumnElement[bool]:
    return sa.func.lower(column).like(pattern, escape=_ESCAPE)


def _ordered(column: ColumnElement[Any], compare: Operator, value: Any) -> ColumnElement[bool]:
    if value is None:
        return sa.false()
    if isinstance(column.type, ScaledDecimal):
        # Between two storable decimals, `< value` and `>= value` part where the upper one does.
        is_upper = compare in (Operator.LT, Operator.GTE)
        digits = Decimal(1).scaleb(-column.type.scale)
        rounding = ROUND_CEILING if is_upper else ROUND_FLOOR
        # A number too large to be rounded is too large to be stored.
        if abs(Decimal(value)) < Decimal(10) ** column.type.precision:
            value = Decimal(value).quantize(digits, rounding=rounding)
    if not can_hold(column.type, value):
        is_below = value < 0 if isinstance(value, int | Decimal) else False
        wants_greater = compare in (Operator.GT, Operator.GTE)
        return column.is_not(None) if is_below == wants_greater else sa.false()
    if isinstance(value, str):
        column = by_code_point(column)
    return _ORDERED[compare](column, value)
