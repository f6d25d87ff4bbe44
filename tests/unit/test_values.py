"""`apigen.values.dataclass` against the standard one: the same classes made by both."""

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from apigen import values

# Classes made by both decorators have no static type in common.
type Decorator = Callable[..., Any]

DECORATORS = (dataclasses.dataclass, values.dataclass)


def _classes(dataclass: Decorator) -> tuple[Any, Any, Any, Any]:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Point:
        """Has a default."""

        x: int
        y: int = 2
        set: int = 0
        note: str = dataclasses.field(default="", repr=False, compare=False)

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Tall(Point):
        """Inherits fields, and has a method of its own."""

        z: int

        def __repr__(self) -> str:
            return f"<{self.z}>"

    @dataclass(frozen=True)
    class Pair:
        """Is made by position."""

        first: object
        second: int = 7

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Odd:
        """Has what is not a plain field."""

        unit: ClassVar[str] = "m"
        made: list[int] = dataclasses.field(default_factory=list)

    return Point, Tall, Pair, Odd


def _shown(dataclass: Decorator) -> list[object]:
    point, tall, pair, odd = _classes(dataclass)
    one = point(x=1, note="a")
    return [
        repr(one).rpartition(".")[2],
        one == point(x=1, y=2, note="b"),
        one == point(x=2),
        one == tall(x=1, z=3),
        hash(one) == hash(point(x=1)),
        repr(tall(x=1, z=3)),
        tall(z=1, x=1) == tall(x=1, z=1),
        dataclasses.astuple(dataclasses.replace(tall(x=1, z=3), y=9)),
        repr(pair([1])).rpartition(".")[2],
        pair(1, 2) == pair(first=1, second=2),
        pair.__match_args__,
        repr(odd()).rpartition(".")[2],
        odd().made is odd().made,
        [field.name for field in dataclasses.fields(tall)],
        [_refusal(lambda: point(1)), _refusal(lambda: point()), _refusal(lambda: hash(pair([])))],
    ]


def _refusal(act: Callable[[], object]) -> str:
    with pytest.raises(TypeError) as refused:
        act()
    return str(refused.value).rpartition(".")[2]


def test_values_are_made_compared_and_shown_as_the_standard_ones() -> None:
    """The text of refusals too."""
    standard, late = map(_shown, DECORATORS)

    assert late == standard


@pytest.mark.parametrize("dataclass", DECORATORS)
def test_values_can_not_be_changed(dataclass: Decorator) -> None:
    """Nor can a field be taken away."""
    point, _, _, _ = _classes(dataclass)
    one = point(x=1)

    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        one.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del one.x


def test_what_is_not_frozen_is_left_to_the_standard_decorator() -> None:
    """It can be changed."""

    @values.dataclass(slots=True)
    class Counter:
        """Counts."""

        n: int = 0

    counter = Counter()
    counter.n += 1

    assert counter == Counter(1)
