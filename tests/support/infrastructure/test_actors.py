"""Claims of a verified token become an actor with all roles and scopes that they imply."""

from typing import Any

import pytest

from apigen.support.core.errors import TokenClaimError
from apigen.support.infrastructure.actors import ActorReader

READ = ActorReader(
    inherits={
        "admin": frozenset({"staff", "customer"}),
        "staff": frozenset({"customer"}),
        "customer": frozenset(),
    },
    scopes={"staff": frozenset({"orders:ship"}), "customer": frozenset({"orders:read"})},
    claims=("tenant_id",),
)


@pytest.mark.criterion("R15.2")
def test_a_role_has_the_roles_that_it_inherits_and_their_scopes() -> None:
    actor = READ({"sub": "u1", "roles": ["admin"], "scope": "a b"})

    assert actor.roles == {"admin", "staff", "customer"}
    assert actor.scopes == {"a", "b", "orders:ship", "orders:read"}


def test_roles_that_the_project_does_not_know_count_for_nothing() -> None:
    actor = READ({"sub": "u1", "roles": ["root", "public", "authenticated", "Staff", ""]})

    assert actor.roles == frozenset()
    assert actor.is_authenticated


def test_claims_that_rules_read_are_kept_and_no_others() -> None:
    actor = READ({"sub": "u1", "tenant_id": 7, "email": "a@example.com"})

    assert actor.claims == {"tenant_id": 7}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("roles", "admin"),
        ("roles", None),
        ("roles", {"admin": True}),
        ("roles", ["admin", 1]),
        ("roles", [["admin"]]),
        ("scope", ["a"]),
        ("scope", None),
        ("scope", 1),
    ],
)
def test_roles_and_scopes_of_another_form_are_refused(claim: str, value: Any) -> None:
    with pytest.raises(TokenClaimError) as caught:
        READ({"sub": "u1", claim: value})

    assert caught.value.claim == claim
