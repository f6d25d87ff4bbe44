"""What a single value must meet.

Every check lets None pass (whether a value is needed is a matter of its type), and raises
`ValidationError` with the name of the field, the value and the name of the constraint.
"""

import re
from collections.abc import Callable, Sequence, Sized
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Protocol

from ..core.errors import InvariantViolation, ValidationError
from ..core.formats import FORMATS


class ConsistentPart(Protocol):
    """A part of an aggregate that knows what it must be like."""

    def check_invariants(self) -> None:
        """Refuse a state that the domain does not allow."""
        ...


def check_invariant(holds: bool, *, code: str, message: str) -> None:
    """Raise `InvariantViolation` unless the rule holds."""
    if not holds:
        raise InvariantViolation(code, message)


def check_length(
    field: str, value: Sized | None, *, minimum: int | None = None, maximum: int | None = None
) -> None:
    """Check how many characters, bytes or elements there are."""
    if value is None:
        return
    length = len(value)
    if minimum is not None and length < minimum:
        raise ValidationError(field, value, "min_length", f"must have at least {minimum}")
    if maximum is not None and length > maximum:
        raise ValidationError(field, value, "max_length", f"must have at most {maximum}")


def check_text(field: str, value: str | None) -> None:
    """Check that a database can hold the text: no NUL, no half of a surrogate pair."""
    if value is None:
        return
    if "\0" in value:
        raise ValidationError(field, value, "text", "must not contain the character NUL")
    if value.isascii():
        return
    try:
        # Surrogates are all that UTF-8 has no bytes for; a loop over the characters is far slower.
        value.encode()
    except UnicodeEncodeError:
        raise ValidationError(field, value, "text", "must not contain lone surrogates") from None


def check_minimum[T: (int, float, Decimal, date, time, timedelta)](
    field: str, value: T | None, minimum: T, *, exclusive: bool = False
) -> None:
    """Check a lower bound."""
    if value is None or value > minimum or (value == minimum and not exclusive):
        return
    if exclusive:
        raise ValidationError(field, value, "greater_than", f"must be greater than {minimum}")
    raise ValidationError(field, value, "minimum", f"must be at least {minimum}")


def check_maximum[T: (int, float, Decimal, date, time, timedelta)](
    field: str, value: T | None, maximum: T, *, exclusive: bool = False
) -> None:
    """Check an upper bound."""
    if value is None or value < maximum or (value == maximum and not exclusive):
        return
    if exclusive:
        raise ValidationError(field, value, "less_than", f"must be less than {maximum}")
    raise ValidationError(field, value, "maximum", f"must be at most {maximum}")


def check_step(field: str, value: float | Decimal | None, step: float | Decimal) -> None:
    """Check that the value is a multiple of `step`; decimal digits are taken as written."""
    if value is None:
        return
    if Decimal(str(value)) % Decimal(str(step)):
        raise ValidationError(field, value, "multiple_of", f"must be a multiple of {step}")


def check_digits(field: str, value: Decimal | None, *, precision: int, scale: int) -> None:
    """Check that `precision` digits, `scale` of them after the point, are enough for the value."""
    if value is None:
        return
    if not value.is_finite():
        raise ValidationError(field, value, "digits", "must be a finite number")
    # normalize() would round to the 28 digits of the default context.
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)
    number = len(digits)
    while places > 0 and number > 0 and digits[number - 1] == 0:
        places, number = places - 1, number - 1
    if places > scale:
        raise ValidationError(field, value, "digits", f"must have at most {scale} decimal places")
    if number - places > precision - scale and any(digits):
        raise ValidationError(
            field, value, "digits", f"must be less than 1 and {precision - scale} zeros"
        )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def check_pattern(field: str, value: str | None, pattern: str) -> None:
    """Check that the regular expression matches the whole text."""
    if value is not None and _compiled(pattern).fullmatch(value) is None:
        raise ValidationError(field, value, "pattern", f"must match {pattern}")


def check_string(
    field: str,
    value: str | None,
    *,
    minimum: int = 0,
    maximum: int | None = None,
    pattern: str | None = None,
    format: str | None = None,
) -> None:
    """Check everything about a text; `format` is a name of `core.formats.FORMATS`."""
    if value is None:
        return
    check_length(field, value, minimum=minimum, maximum=maximum)
    check_text(field, value)
    if pattern is not None:
        check_pattern(field, value, pattern)
    if format is not None and not FORMATS[format].is_valid(value):
        raise ValidationError(field, value, format, f"must be a valid {format}")


def check_number[T: (int, float, Decimal, date, time, timedelta)](
    field: str,
    value: T | None,
    *,
    minimum: T | None = None,
    maximum: T | None = None,
    gt: T | None = None,
    lt: T | None = None,
) -> None:
    """Check whichever bounds there are, of a number or of a point or length of time."""
    if minimum is not None:
        check_minimum(field, value, minimum)
    if maximum is not None:
        check_maximum(field, value, maximum)
    if gt is not None:
        check_minimum(field, value, gt, exclusive=True)
    if lt is not None:
        check_maximum(field, value, lt, exclusive=True)


def check_integer(
    field: str,
    value: int | None,
    *,
    bits: int = 32,
    minimum: int | None = None,
    maximum: int | None = None,
    gt: int | None = None,
    lt: int | None = None,
) -> None:
    """Check the bounds of a whole number, and that as many bits can hold it."""
    limit = 1 << (bits - 1)
    check_number(field, value, minimum=-limit, maximum=limit - 1)
    check_number(field, value, minimum=minimum, maximum=maximum, gt=gt, lt=lt)


def check_real(
    field: str,
    value: float | None,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    gt: float | None = None,
    lt: float | None = None,
) -> None:
    """Check the bounds of a floating-point number, and that it is one."""
    if value is not None and not isfinite(value):
        raise ValidationError(field, value, "finite", "must be a finite number")
    check_number(field, value, minimum=minimum, maximum=maximum, gt=gt, lt=lt)


def check_children(
    field: str,
    children: Sequence[ConsistentPart],
    *,
    minimum: int = 0,
    maximum: int | None = None,
) -> None:
    """Check how many children there are, and let each check itself.

    Raises:
        ValidationError: With the place of the child before the name of its field:
            `lines.0.quantity`.
    """
    check_length(field, children, minimum=minimum, maximum=maximum)
    for number, child in enumerate(children):
        check_child(f"{field}.{number}", child)


def check_child(field: str, child: ConsistentPart | None) -> None:
    """Let the only child of its kind check itself."""
    if child is None:
        return
    try:
        child.check_invariants()
    except ValidationError as error:
        place = f"{field}.{error.field}"
        raise ValidationError(place, error.value, error.constraint, error.message) from error


def check_computed(field: str, work_out: Callable[[], object]) -> None:
    """Check that a value can be worked out, so that whoever reads it later does not fail.

    Raises:
        ValidationError: The result is more than its type can hold.
        DomainError: It has no result, such as a sum of two units.
    """
    try:
        work_out()
    except ValidationError as error:
        place = f"{field}.{error.field}"
        raise ValidationError(place, error.value, error.constraint, error.message) from error


def check_distinct(field: str, values: Sequence[object] | None) -> None:
    """Check that no element occurs twice."""
    if values is not None and any(value in values[:n] for n, value in enumerate(values)):
        raise ValidationError(field, values, "unique_items", "must not contain an element twice")
