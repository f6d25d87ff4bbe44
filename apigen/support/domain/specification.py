"""Conditions as values: combined with `&`, `|` and `~`, asked in Python, or turned into SQL.

The SQL is made elsewhere by walking the tree, so that a domain needs no database to state what
it looks for.

Source: requirement 5.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Operator(StrEnum):
    """How an attribute is compared; the value is what clients write in a filter."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    IS_NULL = "is_null"


class Specification[T](ABC):
    """A condition on candidates of one type."""

    @abstractmethod
    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether the condition holds for the candidate."""

    def __and__(self, other: "Specification[T]") -> "Specification[T]":
        """Require both."""
        return AndSpecification((self, other))

    def __or__(self, other: "Specification[T]") -> "Specification[T]":
        """Require at least one."""
        return OrSpecification((self, other))

    def __invert__(self) -> "Specification[T]":
        """Require the opposite."""
        return NotSpecification(self)


@dataclass(frozen=True)
class AndSpecification[T](Specification[T]):
    """All of several conditions; holds when there are none."""

    parts: tuple[Specification[T], ...]

    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether every part holds."""
        return all(part.is_satisfied_by(candidate) for part in self.parts)


@dataclass(frozen=True)
class OrSpecification[T](Specification[T]):
    """At least one of several conditions; does not hold when there are none."""

    parts: tuple[Specification[T], ...]

    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether some part holds."""
        return any(part.is_satisfied_by(candidate) for part in self.parts)


@dataclass(frozen=True)
class NotSpecification[T](Specification[T]):
    """The opposite of a condition."""

    part: Specification[T]

    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether the part does not hold."""
        return not self.part.is_satisfied_by(candidate)


@dataclass(frozen=True)
class AttributeSpecification[T](Specification[T]):
    """A comparison of one attribute with a value.

    `path` may lead through value objects; a collection on the way holds when one of its elements
    does. Null equals only null, and nothing else holds for it: `ne` and `not_in` are the exact
    opposites of `eq` and `in`. Text parts are found whatever their case.
    """

    path: tuple[str, ...]
    operator: Operator
    value: object

    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether the comparison holds for what the path leads to."""
        negated = _OPPOSITE.get(self.operator)
        if negated is not None:
            return not AttributeSpecification[T](self.path, negated, self.value).is_satisfied_by(
                candidate
            )
        compare = _COMPARISONS[self.operator]
        return any(compare(found, self.value) for found in _follow(candidate, self.path))


@dataclass(frozen=True)
class PredicateSpecification[T](Specification[T]):
    """A condition that only Python can work out: never part of a database query."""

    predicate: Callable[[T], bool]

    def is_satisfied_by(self, candidate: T) -> bool:
        """Ask the predicate."""
        return self.predicate(candidate)


def compared_paths[T](specification: Specification[T]) -> Iterator[tuple[str, ...]]:
    """Yield the paths whose values a condition compares."""
    match specification:
        case AndSpecification(parts) | OrSpecification(parts):
            for part in parts:
                yield from compared_paths(part)
        case NotSpecification(part):
            yield from compared_paths(part)
        case AttributeSpecification(path):
            yield path
        case _:
            return


def _follow(value: object, path: tuple[str, ...]) -> Iterable[object]:
    """Yield what `path` leads to from `value`: several values when it crosses collections."""
    if isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _follow(item, path)
    elif not path:
        yield value
    elif value is None:
        yield None
    else:
        yield from _follow(getattr(value, path[0]), path[1:])


def _ordered(compare: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    return lambda found, value: found is not None and value is not None and compare(found, value)


def _matches(pattern: str) -> Callable[[object, object], bool]:
    def compare(found: object, value: object) -> bool:
        if not isinstance(found, str):
            return False
        return re.search(pattern.format(re.escape(str(value).lower())), found.lower()) is not None

    return compare


def _in(found: object, values: object) -> bool:
    return isinstance(values, Iterable) and any(found == value for value in values)


_OPPOSITE: Mapping[Operator, Operator] = {Operator.NE: Operator.EQ, Operator.NOT_IN: Operator.IN}
_COMPARISONS: Mapping[Operator, Callable[[object, object], bool]] = {
    Operator.EQ: lambda found, value: found == value,
    Operator.IN: _in,
    Operator.LT: _ordered(lambda found, value: found < value),  # type: ignore[operator]
    Operator.LTE: _ordered(lambda found, value: found <= value),  # type: ignore[operator]
    Operator.GT: _ordered(lambda found, value: found > value),  # type: ignore[operator]
    Operator.GTE: _ordered(lambda found, value: found >= value),  # type: ignore[operator]
    Operator.CONTAINS: _matches("{}"),
    Operator.STARTSWITH: _matches(r"\A{}"),
    Operator.ENDSWITH: _matches(r"{}\Z"),
    Operator.IS_NULL: lambda found, value: (found is None) is bool(value),
}
