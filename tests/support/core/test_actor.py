"""Who asks, and what a token says of them."""

from typing import Any
from uuid import UUID

import pytest

from apigen.support.core.actor import Actor
from apigen.support.core.errors import ForbiddenError

ACTOR = Actor(
    id="a",
    claims={"level": 3, "staff_id": "00000000-0000-0000-0000-000000000001", "tags": ["x"]},
)


def test_a_claim_is_read_as_the_type_that_is_asked_for() -> None:
    assert ACTOR.claim("level", int) == 3
    assert ACTOR.claim("staff_id", UUID) == UUID(int=1)
    assert ACTOR.claim("tags", list[str]) == ["x"]


def test_a_claim_that_is_missing_forbids() -> None:
    assert ACTOR.optional_claim("region", str) is None
    with pytest.raises(ForbiddenError, match="no region"):
        ACTOR.claim("region", str)


def test_a_claim_of_another_type_forbids_even_where_it_may_be_missing() -> None:
    with pytest.raises(ForbiddenError, match="level"):
        ACTOR.optional_claim("level", UUID)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(str, "a\0b"), (str, "\ud800"), (list[str], ["a", "\0"]), (int, 2**63), (int, -(2**70))],
)
def test_a_claim_that_no_database_can_be_asked_with_forbids(kind: Any, value: object) -> None:
    """Users choose some of what their issuer says of them; none of it is an error of ours."""
    actor = Actor(id="a", claims={"said": value})

    with pytest.raises(ForbiddenError, match="said"):
        actor.claim("said", kind)
