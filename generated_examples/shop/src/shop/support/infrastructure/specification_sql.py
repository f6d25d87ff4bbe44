"""Turn a specification into a WHERE clause that answers as the specification itself would.

Python has two truth values where SQL has three, so comparisons with NULL are spelled out. Values
that a column cannot hold (more digits, a larger number) are decided here instead of failing in the
driver. Knows no tables: the caller resolves paths to columns.

What a comparison comes to is decided first, by its value, and spelled afterwards: conditions that
come to the same, and differ in their values only, have one `shape` and one text.

Source: requirement 5.
"""

import operator
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.sql import operators

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


_TESTS: Mapping[Operator, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    Operator.LT: operator.lt,
    Operator.LTE: operator.le,
    Operator.GT: operator.gt,
    Operator.GTE: operator.ge,
}

type Resolve = Callable[[tuple[str, ...]], Target]

# Any: a value, or what stands for it.
type Bind = Callable[[sa.types.TypeEngine[Any], object], Any]
"""Puts a value into a statement: as it is, or a name for it."""


@dataclass(frozen=True, slots=True)
class _Test:
    """What a comparison comes to."""

    form: str
    """`eq`, `in`, `like`, `lt`…; `some` for any value, `none` for no row."""
    values: tuple[object, ...] = ()
    or_null: bool = False
    is_negated: bool = False

    @property
    def shape(self) -> Hashable:
        """All of it but the values."""
        return self.form, self.or_null, self.is_negated, tuple(map(_kind, self.values))


def as_it_is(_type: sa.types.TypeEngine[Any], value: object) -> object:
    """Put a value into a statement as it is."""
    return value


def named(name: str, kind: sa.types.TypeEngine[Any], value: object) -> sa.BindParameter[Any]:
    """Return the name of a value that is compared with a column of a type, or of a list of them."""
    is_list = isinstance(value, list)
    sample = value[0] if isinstance(value, list) else value
    taken = kind.coerce_compared_value(operators.eq, sample)
    return sa.bindparam(name, value, type_=taken, expanding=is_list)


def to_sql[T](
    specification: Specification[T], resolve: Resolve, bind: Bind = as_it_is
) -> ColumnElement[bool]:
    """Return the condition as SQL.

    Args:
        specification: The condition.
        resolve: Finds the columns.
        bind: Puts values in; asked for them in the order in which `shape` gives them.

    Raises:
        TypeError: It holds a predicate that only Python can work out.
    """
    match specification:
        case AndSpecification(parts):
            return sa.and_(sa.true(), *(to_sql(part, resolve, bind) for part in parts))
        case OrSpecification(parts):
            return sa.or_(sa.false(), *(to_sql(part, resolve, bind) for part in parts))
        case NotSpecification(part):
            return _opposite(to_sql(part, resolve, bind))
        case AttributeSpecification(path, compare, value):
            target = resolve(path)
            return _spelled(target, _test(target.column.type, compare, value), bind)
        case _:
            raise TypeError(f"{type(specification).__name__} cannot be asked of a database")


def shape[T](specification: Specification[T], resolve: Resolve) -> tuple[Hashable, list[object]]:
    """Return what all conditions with the same SQL have in common, and the values of this one.

    Raises:
        TypeError: It holds a predicate that only Python can work out.
    """
    values: list[object] = []
    return tuple(_shape(specification, resolve, values)), values


def _shape[T](
    specification: Specification[T], resolve: Resolve, values: list[object]
) -> Iterator[Hashable]:
    match specification:
        case AndSpecification(parts) | OrSpecification(parts):
            yield type(specification)
            for part in parts:
                yield tuple(_shape(part, resolve, values))
        case NotSpecification(part):
            yield NotSpecification
            yield tuple(_shape(part, resolve, values))
        case AttributeSpecification(path, compare, value):
            test = _test(resolve(path).column.type, compare, value)
            values += test.values
            yield path
            yield test.shape
        case _:
            raise TypeError(f"{type(specification).__name__} cannot be asked of a database")


def _kind(value: object) -> object:
    """Return what of a value the SQL depends on: its type, or that of the first of a list."""
    return (list, type(value[0])) if isinstance(value, list) else type(value)


def like_pattern(text: str, *, prefix: str = "%", suffix: str = "%") -> str:
    """Return the LIKE pattern of a part of a text, in lower case; `_ESCAPE` escapes wildcards."""
    escaped = text.lower().replace(_ESCAPE, _ESCAPE * 2)
    for wildcard in "%_":
        escaped = escaped.replace(wildcard, _ESCAPE + wildcard)
    return f"{prefix}{escaped}{suffix}"


# Any: a text, or what stands for one.
def is_like(column: ColumnElement[Any], pattern: Any) -> ColumnElement[bool]:
    """Return whether a text column is like a pattern of `like_pattern`, whatever the case."""
    return sa.func.lower(column).like(pattern, escape=_ESCAPE)


def _opposite(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.not_(sa.func.coalesce(condition, sa.false()))


def _test(kind: sa.types.TypeEngine[Any], compare: Operator, value: object) -> _Test:
    match compare:
        case Operator.NE:
            return replace(_test(kind, Operator.EQ, value), is_negated=True)
        case Operator.NOT_IN:
            return replace(_test(kind, Operator.IN, value), is_negated=True)
        case Operator.IS_NULL:
            return _Test("null", is_negated=not value)
        case Operator.EQ:
            return _one_of(kind, (value,))
        case Operator.IN:
            return _one_of(kind, value if isinstance(value, Iterable) else ())
        case Operator.CONTAINS | Operator.STARTSWITH | Operator.ENDSWITH:
            return _part(compare, str(value))
        case _:
            return _ordered(kind, compare, value)


def _one_of(kind: sa.types.TypeEngine[Any], values: Iterable[object]) -> _Test:
    wanted = list(values)
    stored = [value for value in wanted if value is not None and can_hold(kind, value)]
    or_null = None in wanted
    if not stored:
        return _Test("none", or_null=or_null)
    if len(stored) == 1:
        return _Test("eq", (stored[0],), or_null)
    return _Test("in", (stored,), or_null)


def _part(compare: Operator, text: str) -> _Test:
    if "\0" in text:
        return _Test("none")
    prefix = "" if compare is Operator.STARTSWITH else "%"
    suffix = "" if compare is Operator.ENDSWITH else "%"
    return _Test("like", (like_pattern(text, prefix=prefix, suffix=suffix),))


def _ordered(kind: sa.types.TypeEngine[Any], compare: Operator, value: Any) -> _Test:
    if value is None:
        return _Test("none")
    if isinstance(kind, ScaledDecimal):
        # Between two storable decimals, `< value` and `>= value` part where the upper one does.
        is_upper = compare in (Operator.LT, Operator.GTE)
        digits = Decimal(1).scaleb(-kind.scale)
        rounding = ROUND_CEILING if is_upper else ROUND_FLOOR
        # A number too large to be rounded is too large to be stored.
        if abs(Decimal(value)) < Decimal(10) ** kind.precision:
            value = Decimal(value).quantize(digits, rounding=rounding)
    if not can_hold(kind, value):
        is_below = value < 0 if isinstance(value, int | Decimal) else False
        wants_greater = compare in (Operator.GT, Operator.GTE)
        return _Test("some" if is_below == wants_greater else "none")
    return _Test(compare.value, (value,))


def _spelled(target: Target, test: _Test, bind: Bind) -> ColumnElement[bool]:
    column = target.column
    bound = [bind(column.type, value) for value in test.values]
    match test.form:
        case "null":
            found = _null(target)
        case "none":
            found = sa.false()
        case "some":
            found = target.holds(column.is_not(None))
        case "eq":
            found = target.holds(column == bound[0])
        case "in":
            found = target.holds(column.in_(bound[0]))
        case "like":
            found = target.holds(is_like(column, bound[0]))
        case _:
            is_text = isinstance(test.values[0], str)
            compared = by_code_point(column) if is_text else column
            found = target.holds(_TESTS[Operator(test.form)](compared, bound[0]))
    if test.or_null:
        found = sa.or_(found, _null(target))
    return _opposite(found) if test.is_negated else found


def _null(target: Target) -> ColumnElement[bool]:
    if target.crosses_one:
        return sa.not_(target.holds(target.column.is_not(None)))
    return target.holds(target.column.is_(None))
