"""What a client sends of a value, and what is kept of the one in its place."""

from dataclasses import dataclass, replace

from apigen.support.application import kept_values as subject
from apigen.support.application.kept_values import kept_items, kept_values


@dataclass(frozen=True)
class Spot:
    """A value of which clients of the version know the aisle alone."""

    aisle: str
    level: int = 1


def made(aisle: str, kept: Spot | None) -> Spot:
    """Return the spot that is sent, as mappers of older versions make it."""
    return Spot(aisle) if kept is None else replace(kept, aisle=aisle)


def test_an_element_that_is_sent_as_it_was_is_what_it_was() -> None:
    there = [Spot("A", 2), Spot("B", 3), Spot("A", 4)]

    found = kept_items(["B", "A", "C", "A", "A"], there, made)

    assert found == [Spot("B", 3), Spot("A", 2), Spot("C"), Spot("A", 4), Spot("A")]


def test_nothing_that_was_there_is_there_again_unless_it_is_sent() -> None:
    assert kept_items([], [Spot("A", 2)], made) == []
    assert kept_items(["A"], (), made) == [Spot("A")]


def test_long_lists_of_which_nothing_is_the_same_are_not_compared_for_ever() -> None:
    """Elements that follow each other as before are found even then."""
    calls = 0

    def counted(aisle: str, kept: Spot | None) -> Spot:
        nonlocal calls
        calls += 1
        return made(aisle, kept)

    there = [Spot(f"old {number}", 2) for number in range(2_000)]
    sent = [f"new {number}" for number in range(2_000)]
    found = kept_items([*sent, "old 0", "old 1"], there, counted)

    assert calls < subject._MISSES + 3 * len(there)
    assert found[-2:] == [Spot("old 0", 2), Spot("old 1", 2)]


def test_values_of_a_map_keep_what_the_one_of_their_key_has() -> None:
    there = {"a": Spot("A", 2), "b": Spot("B", 3)}

    assert kept_values({"a": "Z", "c": "B"}, there, made) == {"a": Spot("Z", 2), "c": Spot("B")}
