"""What a verified token says about who asks.

Source: requirement 15.2; RFC 8693 section 4.2 (`scope`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.actor import Actor
from ..core.errors import TokenClaimError


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorReader:
    """Makes an actor of claims: `sub`, `roles` (a list) and `scope` (names parted by blanks)."""

    inherits: Mapping[str, frozenset[str]]
    """Every role of the project, with the roles whose permissions it has too."""
    scopes: Mapping[str, frozenset[str]]
    """Role to the scopes that come with it."""
    claims: tuple[str, ...] = ()
    """Other claims that rules read."""

    def __call__(self, claims: Mapping[str, Any]) -> Actor:
        """Return the actor; roles that the project does not know count for nothing.

        Raises:
            TokenClaimError: Roles or scopes are not written as they have to be.
        """
        held = [role for role in _names(claims, "roles") if role in self.inherits]
        roles = frozenset(held).union(*(self.inherits[role] for role in held))
        scopes = frozenset(_words(claims, "scope"))
        return Actor(
            id=claims["sub"],
            roles=roles,
            scopes=scopes.union(*(self.scopes.get(role, frozenset()) for role in roles)),
            claims={name: claims[name] for name in self.claims if name in claims},
        )


def _names(claims: Mapping[str, Any], name: str) -> list[str]:
    value = claims.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TokenClaimError(name, f"The token has no usable `{name}`.")
    return value


def _words(claims: Mapping[str, Any], name: str) -> list[str]:
    value = claims.get(name, "")
    if not isinstance(value, str):
        raise TokenClaimError(name, f"The token has no usable `{name}`.")
    return value.split()
