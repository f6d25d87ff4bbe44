"""Suggestions by edit distance."""

import pytest

from apigen.diagnostics.near import did_you_mean, distance, is_certain, nearest


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("strng", "str", 2), ("", "ab", 2)],
)
def test_distance(left: str, right: str, expected: int) -> None:
    assert distance(left, right, limit=5) == expected


def test_distance_beyond_the_limit_is_not_worked_out() -> None:
    assert distance("a" * 10_000, "b", limit=2) == 3


def test_the_closest_comes_first_and_case_is_ignored() -> None:
    assert nearest("uniqe", ["unique", "until", "index", "Uniqe"]) == ("Uniqe", "unique")


def test_short_names_allow_one_edit() -> None:
    assert nearest("ab", ["cd", "ac"]) == ("ac",)


def test_a_suggestion_is_certain_when_one_letter_is_wrong() -> None:
    assert is_certain("uniqe", ("unique",))
    assert not is_certain("title", ("table",))
    assert not is_certain("uniqe", ("unique", "uniques"))


def test_names_are_listed_as_a_person_would() -> None:
    assert did_you_mean(("a", "b", "c")) == "did you mean `a`, `b` or `c`?"
    assert did_you_mean(()) == ""
