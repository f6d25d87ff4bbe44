"""Who asks: an identity with its roles, as rules and logs see it. Free of tokens and of HTTP.

Source: requirement 15.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from .errors import ForbiddenError


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

    def claim[ClaimT](self, name: str, kind: type[ClaimT]) -> ClaimT:
        """Return a claim that every caller has to have.

        Args:
            name: As rules call it.
            kind: What it is read as: `str`, `int`, `UUID`, `list[str]`, …

        Raises:
            ForbiddenError: It is missing, or something else: a rule about it cannot be met.
        """
        value = self.optional_claim(name, kind)
        if value is None:
            raise ForbiddenError("act", f"account: it has no {name}")
        return value

    def optional_claim[ClaimT](self, name: str, kind: type[ClaimT]) -> ClaimT | None:
        """Return a claim, None where there is none.

        Raises:
            ForbiddenError: It is something else than `kind`, or nothing to ask a database with.
        """
        value = self.claims.get(name)
        if value is None:
            return None
        try:
            claim = TypeAdapter(kind).validate_python(value)
        except ValidationError as error:
            raise ForbiddenError("act", f"account: its {name} cannot be read") from error
        if not _is_plain(claim):
            raise ForbiddenError("act", f"account: its {name} cannot be read")
        return claim


def _is_plain(value: object) -> bool:
    """Tell whether databases take a value: no NUL, no half of a surrogate pair, 64 bits."""
    match value:
        case str():
            return "\0" not in value and not any("\ud800" <= one <= "\udfff" for one in value)
        case int():
            return value.bit_length() < 64
        case list():
            return all(_is_plain(one) for one in value)
        case _:
            return True


ANONYMOUS = Actor(id="")
"""A caller without a token."""

SYSTEM = Actor(id="", is_system=True)
"""The program on its own behalf."""
