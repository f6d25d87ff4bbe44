"""Which rate a caller has."""

import pytest

from apigen.support.application.rate_limits import Rate, RateLimit
from apigen.support.core.actor import ANONYMOUS, Actor

LIMIT = RateLimit(
    name="api",
    rates={
        "anonymous": Rate(60, 60),
        "authenticated": Rate(600, 60),
        "staff": Rate(50, 1),
        "guest": Rate(10, 60),
    },
)


@pytest.mark.criterion("R13.2")
@pytest.mark.parametrize(
    ("actor", "tier"),
    [
        (ANONYMOUS, "anonymous"),
        (Actor(id="1"), "authenticated"),
        (Actor(id="1", roles=frozenset({"guest"})), "authenticated"),
        (Actor(id="1", roles=frozenset({"staff"})), "staff"),
        # An admin inherits from staff: whoever makes an actor expands its roles.
        (Actor(id="1", roles=frozenset({"admin", "staff", "guest"})), "staff"),
    ],
)
def test_a_caller_has_the_best_rate_that_is_theirs(actor: Actor, tier: str) -> None:
    assert LIMIT.tier_of(actor) == tier


def test_who_has_no_rate_of_their_own_has_the_lowest() -> None:
    limit = RateLimit(name="api", rates={"staff": Rate(100, 1), "customer": Rate(60, 60)})

    assert limit.tier_of(ANONYMOUS) == "customer"
    assert limit.tier_of(Actor(id="1")) == "customer"
    assert limit.tier_of(Actor(id="1", roles=frozenset({"staff"}))) == "staff"


def test_of_equal_paces_the_larger_burst_is_better() -> None:
    limit = RateLimit(name="api", rates={"authenticated": Rate(1, 1), "staff": Rate(60, 60)})

    assert limit.tier_of(Actor(id="1", roles=frozenset({"staff"}))) == "staff"
