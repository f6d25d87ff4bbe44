"""What is granted is what a permission says, and nothing else."""

from collections.abc import Sequence

import pytest

from apigen.support.application.access import (
    AUTHENTICATED,
    EVERY_ROW,
    PUBLIC,
    AccessControl,
    Grant,
    Permission,
)
from apigen.support.core.actor import ANONYMOUS, SYSTEM, Actor
from apigen.support.core.errors import ForbiddenError, NotFoundError, UnauthenticatedError

CONTROL = AccessControl[int](
    "order",
    {
        "read": (Permission("customer", rows="own"), Permission("staff")),
        "update": (
            Permission("customer", rows="own"),
            Permission("author", rows="written"),
            Permission("helper", rows="own"),
        ),
        "list_prices": (Permission(PUBLIC),),
        "create": (Permission(AUTHENTICATED),),
        "delete": (),
    },
)


def actor(*roles: str) -> Actor:
    return Actor(id="u1", roles=frozenset(roles))


class Rows:
    """Rows that rules allow, by rule."""

    def __init__(self, **allowed: set[int]) -> None:
        self.allowed = allowed

    async def permitted(self, ids: Sequence[int], rules: Sequence[str], actor: Actor) -> set[int]:
        return {id for id in ids for rule in rules if id in self.allowed[rule]}


@pytest.mark.criterion("R15.2")
@pytest.mark.parametrize("operation", ["delete", "ship", "", "READ"])
def test_what_nobody_was_granted_is_refused(operation: str) -> None:
    with pytest.raises(ForbiddenError):
        CONTROL.grant(operation, actor("customer", "staff", "author"))


def test_a_refusal_reads_well_whether_something_is_done_or_asked_for() -> None:
    phrases = {"waiting": "ask for waiting orders", "award_points": "award points"}
    control = AccessControl[int]("order", {}, phrases=phrases)

    with pytest.raises(ForbiddenError, match=r"^You may not ask for waiting orders\.$"):
        control.grant("waiting", actor())
    with pytest.raises(ForbiddenError, match=r"^You may not award points\.$"):
        control.grant("award_points", actor())
    with pytest.raises(ForbiddenError, match=r"^You may not ship this order\.$"):
        control.grant("ship", actor())
    with pytest.raises(ForbiddenError, match=r"^You may not carry out 'add line' on this order\.$"):
        control.grant("add_line", actor())


def test_whoever_did_not_say_who_they_are_is_asked_for_it() -> None:
    for operation in ("read", "delete", "ship"):
        with pytest.raises(UnauthenticatedError):
            CONTROL.grant(operation, ANONYMOUS)


@pytest.mark.criterion("R15.2")
def test_permissions_add_up() -> None:
    assert CONTROL.grant("read", actor("customer")) == Grant(("own",))
    assert CONTROL.grant("read", actor("staff", "customer")) == EVERY_ROW
    assert CONTROL.grant("update", actor("customer", "author", "helper")) == Grant(
        ("own", "written")
    )


def test_public_is_for_everybody_and_authenticated_for_all_who_are_known() -> None:
    assert CONTROL.grant("list_prices", ANONYMOUS) == EVERY_ROW
    assert CONTROL.grant("list_prices", actor()) == EVERY_ROW
    assert CONTROL.grant("create", actor()) == EVERY_ROW
    with pytest.raises(UnauthenticatedError):
        CONTROL.grant("create", ANONYMOUS)


def test_a_token_can_not_claim_the_roles_of_the_language() -> None:
    with pytest.raises(UnauthenticatedError):
        CONTROL.grant("create", Actor(id="", roles=frozenset({AUTHENTICATED})))


def test_the_program_itself_may_do_everything() -> None:
    assert CONTROL.grant("delete", SYSTEM) == EVERY_ROW


async def test_a_row_that_may_be_read_and_not_changed_is_forbidden() -> None:
    rows = Rows(own={1, 2}, written={1})

    await CONTROL.require_rows("update", rows, [1], actor("author", "staff"))
    with pytest.raises(ForbiddenError):
        await CONTROL.require_rows("update", rows, [1, 2], actor("author", "staff"))


async def test_a_row_that_may_not_be_read_does_not_exist() -> None:
    rows = Rows(own={1}, written={1})

    with pytest.raises(NotFoundError) as caught:
        await CONTROL.require_rows("update", rows, [1, 3], actor("customer"))
    assert caught.value.id == 3
    with pytest.raises(NotFoundError):
        await CONTROL.require_rows("update", rows, [3], actor("author"))


async def test_a_result_that_is_not_granted_is_forbidden() -> None:
    rows = Rows(own={1})

    await CONTROL.require_results("update", rows, [1], actor("customer"))
    with pytest.raises(ForbiddenError):
        await CONTROL.require_results("update", rows, [1, 2], actor("customer"))
