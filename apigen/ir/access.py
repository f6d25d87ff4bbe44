"""Who may do what, fully resolved: roles, row rules, tokens. Data only."""

from apigen.ir.expr import TypedExpr
from apigen.ir.types import TypeRef
from apigen.values import dataclass

PUBLIC, AUTHENTICATED, NOBODY = "public", "authenticated", "nobody"
"""Roles of the language: everybody, everybody with a token, nobody at all."""

READ, CREATE, UPDATE, DELETE, RESTORE, EXPORT = (
    "read",
    "create",
    "update",
    "delete",
    "restore",
    "export",
)
"""Operations of every entity. Get, list, count, search, expand and history are READ; REPLACE is
UPDATE; bulk operations are their single ones. Commands and queries have their own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRule:
    """A condition over a row of an entity and the actor; its SQL form filters and checks."""

    name: str
    """Of the policy, or derived from the place for one written inline; unique in its entity."""
    condition: TypedExpr
    """Scope: fields of the entity (navigable), `actor`, `now`, `today`, entities by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One alternative of an access rule: holders of any of `roles`, for rows that `rows` allows."""

    role: str
    """`public`, `authenticated`, or a declared role. What inherits it is in `Role.inherits`."""
    rows: str | None
    """Name of a `RowRule` of the entity; None: all rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """One operation and everybody who may do it; no permissions: nobody."""

    operation: str
    permissions: tuple[Permission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTable:
    """Every operation that the entity (or context, for what it owns) has, in a fixed order."""

    entries: tuple[AccessEntry, ...]
    rules: tuple[RowRule, ...]


OPEN = AccessTable(entries=(), rules=())
"""Without `security.auth`: nothing is asked, no code is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role; `inherits` has every role whose permissions it has too, itself left out."""

    name: str
    inherits: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssuer:
    """Whose tokens are accepted. A value is literal, or the name of an environment variable."""

    issuer: str
    issuer_is_env: bool
    audience: str | None
    audience_is_env: bool
    jwks_url: str | None
    jwks_url_is_env: bool
    algorithms: tuple[str, ...]
    """Allow-list; asymmetric ones with `jwks_url`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorClaim:
    """A claim of tokens that rules can read as `actor.<name>`."""

    name: str
    type: TypeRef
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How callers are known."""

    issuers: tuple[TokenIssuer, ...]
    roles: tuple[Role, ...]
    claims: tuple[ActorClaim, ...]
    default_access: str
    """Role of what `access` does not mention."""
