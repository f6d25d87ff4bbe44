"""Who asks: an identity with its roles, as rules and logs see it. Free of tokens and of HTTP.

Source: requirement 15.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A caller. `roles` has inherited roles too: whoever makes an actor expands them."""

    id: str
    """Empty for a caller who did not say who they are."""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    claims: Mapping[str, object] = field(default_factory=dict)
    """What a verified token says beside identity and roles, by the name that rules use."""
    is_system: bool = False
    """The program itself: a reaction to an event. It may do everything."""

    @property
    def is_authenticated(self) -> bool:
        """Tell whether the caller is known."""
        return bool(self.id)

    def has_role(self, role: str) -> bool:
        """Tell whether the caller holds the role, or one that inherits it."""
        return role in self.roles

    def has_scope(self, scope: str) -> bool:
        """Tell whether the caller was granted the scope."""
        return scope in self.scopes


ANONYMOUS = Actor(id="")
"""A caller without a token."""

SYSTEM = Actor(id="", is_system=True)
"""The program on its own behalf."""
