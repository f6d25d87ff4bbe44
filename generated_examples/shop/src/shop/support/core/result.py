"""An outcome as a value: `Ok` with what came out, or `Err` with what went wrong.

For outcomes that a caller has to choose between. A mistake of the program stays an exception.

Source: requirement 4.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Never


@dataclass(frozen=True)
class Ok[T]:
    """It worked, and this is the value."""

    value: T

    @property
    def is_ok(self) -> Literal[True]:
        """Tell that this is the good outcome."""
        return True

    def map[U](self, change: Callable[[T], U]) -> "Ok[U]":
        """Return the outcome with its value changed."""
        return Ok(change(self.value))

    def map_err(self, change: Callable[[Never], object]) -> "Ok[T]":
        """Return the outcome as it is: there is no error to change."""
        return self

    def and_then[R](self, then: Callable[[T], R]) -> R:
        """Return what `then` makes of the value: the next outcome of a chain."""
        return then(self.value)

    def unwrap_or(self, default: object) -> T:
        """Return the value; `default` is for the other outcome."""
        return self.value


@dataclass(frozen=True)
class Err[E]:
    """It did not work, and this is why."""

    error: E

    @property
    def is_ok(self) -> Literal[False]:
        """Tell that this is the bad outcome."""
        return False

    def map(self, change: Callable[[Never], object]) -> "Err[E]":
        """Return the outcome as it is: there is no value to change."""
        return self

    def map_err[F](self, change: Callable[[E], F]) -> "Err[F]":
        """Return the outcome with its error changed."""
        return Err(change(self.error))

    def and_then(self, then: Callable[[Never], object]) -> "Err[E]":
        """Return the outcome as it is: the chain ends at the first error."""
        return self

    def unwrap_or[D](self, default: D) -> D:
        """Return `default`."""
        return default


type Result[T, E] = Ok[T] | Err[E]
"""Either outcome."""


def collect[T, E](results: Iterable[Result[T, E]]) -> Result[list[T], list[E]]:
    """Return all values in order, or all errors when there is at least one."""
    values: list[T] = []
    errors: list[E] = []
    for result in results:
        match result:
            case Ok(value):
                values.append(value)
            case Err(error):
                errors.append(error)
    return Err(errors) if errors else Ok(values)
