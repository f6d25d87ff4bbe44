"""Values: immutable, equal by what they hold, valid from the moment they exist.

Subclasses are frozen dataclasses with slots; `__post_init__` calls `check_invariants`.

Source: requirement 106.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueObject(ABC):
    """A value made of values."""

    def __post_init__(self) -> None:
        """Refuse to exist when the parts do not make a valid whole."""
        self.check_invariants()

    @abstractmethod
    def check_invariants(self) -> None:
        """Refuse values that the domain does not allow.

        Raises:
            ValidationError: A field breaks one of its constraints.
            InvariantViolation: Fields contradict each other.
        """


@dataclass(frozen=True)
class SingleValueObject[T](ABC):
    """A value object around one value: `class Percentage(SingleValueObject[int])`."""

    value: T

    def __post_init__(self) -> None:
        """Refuse to exist around a value that the domain does not allow."""
        self.check_value()

    @abstractmethod
    def check_value(self) -> None:
        """Refuse the value by raising `ValidationError`."""
