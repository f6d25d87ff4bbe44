"""Amounts of a unit: arithmetic and order within one unit, never across two.

Source: spec-language.md, section 2.4 (`measure`).
"""

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from ..core.errors import DomainError
from .value_object import ValueObject


class UnitMismatchError(DomainError):
    """Two amounts have different units, so that they have neither a sum nor an order."""

    code = "unit_mismatch"


@dataclass(frozen=True, kw_only=True)
class Measure[NumberT: (int, float, Decimal), UnitT](ValueObject):
    """A number of units; a subclass tells which of its fields is which."""

    @abstractmethod
    def in_units(self) -> tuple[NumberT, UnitT]:
        """Return the number and its unit."""

    @abstractmethod
    def with_number(self, number: NumberT) -> Self:
        """Return as much as `number` of the same unit, rounded to what a number can hold."""

    def _of_same_unit(self, other: "Measure[NumberT, UnitT]") -> tuple[NumberT, NumberT]:
        if type(other) is not type(self):
            raise UnitMismatchError(
                f"{type(self).__name__} and {type(other).__name__} do not add up."
            )
        (mine, unit), (theirs, other_unit) = self.in_units(), other.in_units()
        if unit != other_unit:
            raise UnitMismatchError(f"{unit} and {other_unit} do not add up.")
        return mine, theirs

    def __add__(self, other: Self) -> Self:
        """Add an amount of the same unit."""
        mine, theirs = self._of_same_unit(other)
        return self.with_number(mine + theirs)

    def __sub__(self, other: Self) -> Self:
        """Subtract an amount of the same unit."""
        mine, theirs = self._of_same_unit(other)
        return self.with_number(mine - theirs)

    def __mul__(self, factor: NumberT | int) -> Self:
        """Multiply by a plain number."""
        number, _ = self.in_units()
        return self.with_number(number * factor)

    def __rmul__(self, factor: NumberT | int) -> Self:
        """Multiply by a plain number."""
        return self * factor

    def __neg__(self) -> Self:
        """Return the same amount with the other sign."""
        return self * -1

    def __lt__(self, other: Self) -> bool:
        """Compare with an amount of the same unit."""
        mine, theirs = self._of_same_unit(other)
        return mine < theirs

    def __le__(self, other: Self) -> bool:
        """Compare with an amount of the same unit."""
        mine, theirs = self._of_same_unit(other)
        return mine <= theirs

    def __gt__(self, other: Self) -> bool:
        """Compare with an amount of the same unit."""
        return other < self

    def __ge__(self, other: Self) -> bool:
        """Compare with an amount of the same unit."""
        return other <= self
