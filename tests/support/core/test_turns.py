"""Turns by weight: who has more comes more often, and nobody waits for ever."""

from collections import Counter

import pytest

from apigen.support.core.turns import WeightedTurns


def played(turns: WeightedTurns, waiting: list[str], number: int) -> list[str]:
    """Return whose turn it was."""
    found = []
    for _ in range(number):
        first = turns.order(waiting)[0]
        turns.taken(first)
        found.append(first)
    return found


@pytest.mark.criterion("R67.4")
def test_turns_are_shared_out_by_weight() -> None:
    turns = WeightedTurns({"high": 4, "low": 1})

    assert Counter(played(turns, ["low", "high", "usual"], 60)) == {
        "high": 40,
        "low": 10,
        "usual": 10,
    }


def test_nobody_waits_longer_than_their_weight_asks_for() -> None:
    turns = WeightedTurns({"high": 9})

    found = played(turns, ["low", "high"], 100)

    assert "low" in found[:10]
    assert max(len(run) for run in "".join(one[0] for one in found).split("l")) <= 10


def test_turns_that_nobody_took_are_not_made_up_for() -> None:
    turns = WeightedTurns({})
    played(turns, ["busy"], 1000)

    assert Counter(played(turns, ["busy", "new"], 10)) == {"busy": 5, "new": 5}


def test_without_anybody_there_is_no_turn() -> None:
    assert WeightedTurns({}).order([]) == []
