"""The `security` block: how callers are known, and which roles there are."""

from typing import ClassVar

from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf, OrEmpty
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.quantity import Environment
from apigen.spec.shape import Text, Word
from apigen.spec.type_syntax import TypeSyntax, TypeText
from apigen.values import dataclass

SYMMETRIC = ("HS256", "HS384", "HS512")
ASYMMETRIC = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtSpec(Block):
    """Whose tokens are accepted. Each value is literal or `env:NAME`."""

    TITLE: ClassVar[str] = "`jwt`"

    issuer: Located[str] | None = key(Text(example="env:JWT_ISSUER"), required=True)
    audience: Located[str] | None = key(Text(example="shop"))
    jwks_url: Located[str] | None = key(Text(example="env:JWT_JWKS_URL"))
    algorithms: tuple[Located[str], ...] | None = key(
        ListOf(Word(*ASYMMETRIC, *SYMMETRIC), lift=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSpec(Block):
    """A role; without settings it has no value."""

    TITLE: ClassVar[str] = "a role"

    inherits: tuple[Located[str], ...] | None = key(ListOf(Text(example="staff"), lift=True))
    scopes: tuple[Located[str], ...] | None = key(ListOf(Text(example="orders:read"), lift=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionSpec(Block):
    """Where the keys of encrypted fields come from."""

    TITLE: ClassVar[str] = "`encryption`"
    PLANNED: ClassVar[tuple[str, ...]] = ("rotate",)

    provider: Located[str] | None = key(Word("env", planned=("vault",)))
    key: Located[str] | None = key(Environment(example="env:ENCRYPTION_KEYS"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySpec(Block):
    """How callers are known."""

    TITLE: ClassVar[str] = "`security`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "oidc",
        "api_key",
        "password",
        "secrets",
        "masking",
        "audit_log",
        "waf",
        "sanitize",
        "headers",
    )

    auth: tuple[Located[str], ...] | None = key(
        ListOf(
            Word("jwt", planned=("oidc", "api_key", "session", "mtls", "gateway")),
            lift=True,
        )
    )
    jwt: tuple[JwtSpec, ...] | None = key(
        ByKind[tuple[JwtSpec, ...]](
            expected="a mapping, or a list of mappings for several issuers",
            example="{ issuer: env:JWT_ISSUER, audience: shop, jwks_url: env:JWT_JWKS_URL }",
            mapping=Converted(BlockOf(lambda: JwtSpec), lambda one: (one,)),
            sequence=ListOf(
                BlockOf(lambda: JwtSpec, example="{ issuer: env:JWT_ISSUER, audience: shop }")
            ),
        )
    )
    roles: tuple[Named[RoleSpec], ...] | None = key(
        MapOf(
            OrEmpty(lambda: RoleSpec, example="{ inherits: [staff] }"),
            what="roles",
            example="{ staff: , admin: { inherits: [staff] } }",
            names=NameRule(kind="role", case="snake"),
        )
    )
    actor: tuple[Named[TypeSyntax], ...] | None = key(
        MapOf(
            TypeText(),
            what="claims to types",
            example="{ department: str? }",
            names=NameRule(kind="claim", case="snake"),
        )
    )
    default_access: Located[str] | None = key(Text(example="authenticated"))
    encryption: EncryptionSpec | None = key(
        BlockOf(lambda: EncryptionSpec, example="{ key: env:ENCRYPTION_KEYS }")
    )
