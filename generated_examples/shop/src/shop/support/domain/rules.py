"""Arithmetic of rules where Python's own differs from what a rule means.

Generated invariants and computed fields call these; `infrastructure.sql_expressions` does the same
inside a database, digit for digit.

Source: spec-language.md, section 2.4.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Protocol, Self, overload

# Enough for the exact quotient of two numbers of 38 digits to be rounded once only.
_EXACT = Context(prec=120)


def round_half_up(value: Decimal | float, places: int) -> Decimal:
    """Return `value` with so many decimal places; halves are rounded away from zero.

    A float counts with its 15 certain digits, so that `1.005` is what it looks like.
    """
    exact = value if isinstance(value, Decimal) else Decimal(f"{value:.15g}")
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, context=_EXACT)


def divide(dividend: Decimal, divisor: Decimal, places: int) -> Decimal:
    """Return the quotient, rounded half up to so many decimal places.

    Raises:
        ZeroDivisionError: The divisor is zero.
    """
    return round_half_up(_EXACT.divide(dividend, divisor), places)


def divide_or_none(dividend: Decimal, divisor: Decimal, places: int) -> Decimal | None:
    """Return the quotient like `divide`, or None where the divisor is zero."""
    return divide(dividend, divisor, places) if divisor else None


def ratio_or_none(dividend: float, divisor: float) -> float | None:
    """Return the quotient of two floats, or None where the divisor is zero."""
    return dividend / divisor if divisor else None


def floor_divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return the largest whole number that is not above the quotient, as `//` of ints does.

    Raises:
        ZeroDivisionError: The divisor is zero.
    """
    return _EXACT.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return what `floor_divide` leaves: zero or a number of the divisor's sign.

    Raises:
        ZeroDivisionError: The divisor is zero.
    """
    rest = _EXACT.remainder(dividend, divisor)
    has_other_sign = rest and (rest < 0) != (divisor < 0)
    return _EXACT.add(rest, divisor) if has_other_sign else rest


@overload
def floor_divide_or_none(dividend: int, divisor: int) -> int | None: ...
@overload
def floor_divide_or_none(dividend: Decimal, divisor: Decimal) -> Decimal | None: ...
def floor_divide_or_none(dividend: int | Decimal, divisor: int | Decimal) -> int | Decimal | None:
    """Return the floor of the quotient, or None where the divisor is zero."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend // divisor
    return floor_divide(Decimal(dividend), Decimal(divisor))


@overload
def modulo_or_none(dividend: int, divisor: int) -> int | None: ...
@overload
def modulo_or_none(dividend: Decimal, divisor: Decimal) -> Decimal | None: ...
def modulo_or_none(dividend: int | Decimal, divisor: int | Decimal) -> int | Decimal | None:
    """Return what the floor of the quotient leaves, or None where the divisor is zero."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    return modulo(Decimal(dividend), Decimal(divisor))


def coalesce[T](value: T | None, otherwise: T) -> T:
    """Return `value`, or `otherwise` where there is none."""
    return otherwise if value is None else value


class Summable(Protocol):
    """What adds up with its own sort, such as a `Measure`."""

    def __add__(self, other: Self, /) -> Self:
        """Return the sum."""
        ...


def sum_of[SummableT: Summable](amounts: Iterable[SummableT], nothing: SummableT) -> SummableT:
    """Return the sum of amounts of one unit, `nothing` for no amounts.

    Raises:
        UnitMismatchError: Two of them have different units.
    """
    rest = iter(amounts)
    total = next(rest, None)
    if total is None:
        return nothing
    for amount in rest:
        total += amount
    return total


def utc_date(moment: datetime) -> date:
    """Return the day of an instant in UTC."""
    return moment.astimezone(UTC).date()


def years_between(start: date, end: date) -> int:
    """Return how many anniversaries of `start` have passed by `end`, as ages are counted.

    It is negative when `end` comes first. Someone born on 29 February has their birthday on
    1 March in other years.
    """
    is_before_anniversary = (end.month, end.day) < (start.month, start.day)
    return end.year - start.year - is_before_anniversary
