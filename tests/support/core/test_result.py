"""Outcomes as values."""

import pytest

from apigen.support.core.result import Err, Ok, Result, collect


def halved(number: int) -> Result[int, str]:
    return Ok(number // 2) if number % 2 == 0 else Err(f"{number} is odd")


@pytest.mark.criterion("R4.1", "R4.2", "R27.2")
def test_an_outcome_holds_a_value_or_an_error() -> None:
    assert halved(4) == Ok(2)
    assert halved(3) == Err("3 is odd")
    assert (halved(4).is_ok, halved(3).is_ok) == (True, False)


@pytest.mark.criterion("R4.3")
def test_map_changes_only_the_value_and_map_err_only_the_error() -> None:
    assert Ok(2).map(str) == Ok("2")
    assert Ok(2).map_err(str) == Ok(2)
    assert Err(2).map(str) == Err(2)
    assert Err(2).map_err(str) == Err("2")


def test_a_chain_ends_at_its_first_error() -> None:
    assert halved(8).and_then(halved) == Ok(2)
    assert halved(6).and_then(halved) == Err("3 is odd")
    assert halved(3).and_then(halved) == Err("3 is odd")


@pytest.mark.criterion("R4.4")
def test_unwrap_or_gives_the_value_or_else_the_default() -> None:
    assert Ok(2).unwrap_or(7) == 2
    assert Err("no").unwrap_or(7) == 7


def test_collect_gives_all_values_or_all_errors() -> None:
    assert collect([halved(2), halved(4)]) == Ok([1, 2])
    assert collect([halved(2), halved(3), halved(5)]) == Err(["3 is odd", "5 is odd"])
