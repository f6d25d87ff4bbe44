"""The arithmetic that generated rules call."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.support.domain import rules

_INTS = st.integers(-(10**38), 10**38)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.125"), 2, "-0.13"),
        (Decimal("2.5"), 0, "3"),
        (Decimal(5), 2, "5.00"),
        (1.005, 2, "1.01"),
    ],
)
def test_halves_are_rounded_away_from_zero(
    value: Decimal | float, places: int, expected: str
) -> None:
    assert str(rules.round_half_up(value, places)) == expected


@given(dividend=_INTS, divisor=_INTS.filter(bool), places=st.integers(0, 8))
def test_a_quotient_is_exact_to_its_last_place(dividend: int, divisor: int, places: int) -> None:
    """Compared with arithmetic of whole numbers, which never rounds."""
    size = (2 * abs(dividend) * 10**places + abs(divisor)) // (2 * abs(divisor))
    sign = -1 if (dividend < 0) != (divisor < 0) else 1

    found = rules.divide(Decimal(dividend), Decimal(divisor), places)

    digits = "".join(map(str, found.as_tuple().digits))
    assert (int(digits), found.as_tuple().exponent) == (size, -places)
    assert size == 0 or found.is_signed() == (sign < 0)


@given(dividend=_INTS, divisor=_INTS.filter(bool))
def test_decimals_are_floored_like_whole_numbers(dividend: int, divisor: int) -> None:
    assert rules.floor_divide(Decimal(dividend), Decimal(divisor)) == dividend // divisor
    assert rules.modulo(Decimal(dividend), Decimal(divisor)) == dividend % divisor


def test_a_zero_divisor_gives_nothing() -> None:
    zero = Decimal(0)

    assert rules.divide_or_none(Decimal(1), zero, 2) is None
    assert rules.ratio_or_none(1.0, 0.0) is None
    assert rules.floor_divide_or_none(1, 0) is None
    assert rules.modulo_or_none(Decimal(1), zero) is None


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (dt.date(2000, 2, 29), dt.date(2001, 2, 28), 0),
        (dt.date(2000, 2, 29), dt.date(2001, 3, 1), 1),
        (dt.date(2000, 5, 1), dt.date(2026, 5, 1), 26),
        (dt.date(2026, 5, 2), dt.date(2000, 5, 1), -27),
    ],
)
def test_years_count_anniversaries(start: dt.date, end: dt.date, years: int) -> None:
    assert rules.years_between(start, end) == years


def test_the_day_of_an_instant_is_that_of_utc() -> None:
    east = dt.timezone(dt.timedelta(hours=5))

    assert rules.utc_date(dt.datetime(2026, 1, 1, 2, tzinfo=east)) == dt.date(2025, 12, 31)
