"""Values, and amounts of a unit."""

from dataclasses import FrozenInstanceError, dataclass, replace
from decimal import Decimal
from typing import Self

import pytest

from apigen.support.core.errors import ValidationError
from apigen.support.domain.constraints import check_computed, check_minimum
from apigen.support.domain.measure import Measure, UnitMismatchError
from apigen.support.domain.rules import round_half_up
from apigen.support.domain.value_object import SingleValueObject, ValueObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(ValueObject):
    """Two numbers in order."""

    low: int
    high: int

    def check_invariants(self) -> None:
        check_minimum("high", self.high, self.low)


@dataclass(frozen=True, slots=True)
class Percentage(SingleValueObject[int]):
    """A number that is not negative."""

    def check_value(self) -> None:
        check_minimum("value", self.value, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Measure[Decimal, str]):
    """An amount in one currency."""

    amount: Decimal
    currency: str = "EUR"

    def in_units(self) -> tuple[Decimal, str]:
        return self.amount, self.currency

    def with_number(self, number: Decimal) -> Self:
        return replace(self, amount=round_half_up(number, 2))

    def check_invariants(self) -> None:
        """Allow everything."""


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


@pytest.mark.criterion("R106.1")
def test_a_value_never_changes() -> None:
    span = Span(low=1, high=2)

    with pytest.raises(FrozenInstanceError):
        span.low = 3  # type: ignore[misc]
    assert not hasattr(span, "__dict__")


@pytest.mark.criterion("R106.2")
def test_values_are_equal_by_what_they_hold() -> None:
    assert Span(low=1, high=2) == Span(low=1, high=2)
    assert len({Span(low=1, high=2), Span(low=1, high=2), Span(low=1, high=3)}) == 2


@pytest.mark.criterion("R106.3")
def test_an_invalid_value_does_not_come_into_being() -> None:
    with pytest.raises(ValidationError) as raised:
        Span(low=3, high=2)
    assert raised.value.field == "high"


@pytest.mark.criterion("R106.4")
def test_a_value_around_a_value_has_its_type() -> None:
    assert Percentage(5).value == 5
    with pytest.raises(ValidationError):
        Percentage(-1)


def test_amounts_add_up_and_compare_within_one_unit() -> None:
    assert money("1.10") + money("2.20") == money("3.30")
    assert money("1.10") - money("2.20") == money("-1.10")
    assert -money("1.10") == money("-1.10")
    assert money("1.10") * 3 == 3 * money("1.10") == money("3.30")
    assert money("1") < money("2") <= money("2")
    assert money("2") > money("1") >= money("1")


def test_products_are_rounded_half_up_to_what_the_field_holds() -> None:
    assert money("1.01") * Decimal("0.5") == money("0.51")


@pytest.mark.parametrize("operator", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_units_do_not_mix(operator: str) -> None:
    with pytest.raises(UnitMismatchError):
        getattr(money("1"), operator)(money("1", "USD"))


def test_what_cannot_be_worked_out_is_refused_with_its_place() -> None:
    check_computed("total", lambda: money("1") + money("2"))
    with pytest.raises(UnitMismatchError):
        check_computed("total", lambda: money("1") + money("1", "USD"))
    with pytest.raises(ValidationError) as raised:
        check_computed("span", lambda: Span(low=2, high=1))
    assert raised.value.field == "span.high"
