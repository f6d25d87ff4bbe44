"""What the templates of security are given: whose tokens are accepted, what they say, settings.

A value of an issuer is a literal in the code, or a setting that an environment variable fills. An
issuer without an address of keys signs with a secret, which is always a setting.
"""

from collections.abc import Iterator

from apigen.ir.access import Security, TokenIssuer
from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.values import dataclass
from apigen.views.env_settings import EnvSetting, env_setting

_ISSUER = "http://localhost:8000"
_SECRET = "development-only-never-deploy-this-secret"  # noqa: S105 - what it says

_SHARED = "SharedSecretText"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerSource:
    """One issuer in infrastructure/tokens.py; sources of expressions."""

    issuer: str
    audience: str
    keys: str
    algorithms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensModule:
    """infrastructure/tokens.py."""

    imports: tuple[str, ...]
    inherits: tuple[tuple[str, str], ...]
    """Literal of a role, and source of the set of those whose permissions it has too."""
    scopes: tuple[tuple[str, str], ...]
    claims: str
    """Source of a tuple."""
    issuers: tuple[IssuerSource, ...]


def token_settings(system: System) -> tuple[EnvSetting, ...]:
    """Return the settings of all issuers, none without security."""
    security = system.security
    if security is None:
        return ()
    return tuple(
        setting
        for number, issuer in enumerate(security.issuers, start=1)
        for setting in _settings(issuer, number, system.app.package)
    )


def setting_lines(system: System) -> tuple[tuple[str, str], ...]:
    """Return variables and values for `.env.example`, each variable once."""
    found: dict[str, str] = {}
    for setting in token_settings(system):
        found.setdefault(setting.variable, setting.line)
    return tuple(found.items())


def example_arguments(system: System) -> str:
    """Return arguments of the constructor of the settings, as `.env.example` has them.

    Each begins with a comma.
    """
    found: dict[str, str] = {}
    for setting in token_settings(system):
        value = text(setting.line)
        if setting.annotation == _SHARED:
            value = f"SecretStr({value})"
        found.setdefault(setting.keyword, value)
    return "".join(f", {keyword}={value}" for keyword, value in found.items())


def tokens_module(system: System) -> TokensModule:
    """Return the view of infrastructure/tokens.py; only for a system with security."""
    security = system.security
    assert security is not None
    imports = ImportSet(f"{system.app.package}.infrastructure.tokens")
    imports.add(f"{system.app.package}.core.settings", "Settings")
    imports.use(layout.support(system, "core.actor", "Actor"))
    imports.use(layout.support(system, "infrastructure.actors", "ActorReader"))
    for name in ("JwtValidator", "TrustedIssuer"):
        imports.use(layout.support(system, "infrastructure.jwt", name))
    issuers = tuple(
        _issuer(issuer, number, system, imports)
        for number, issuer in enumerate(security.issuers, start=1)
    )
    return TokensModule(
        imports=imports.render(),
        inherits=tuple((text(role.name), _set(role.inherits)) for role in security.roles),
        scopes=tuple(
            (text(role.name), _set(role.scopes)) for role in security.roles if role.scopes
        ),
        claims=tuple_of(text(claim.name) for claim in security.claims),
        issuers=issuers,
    )


def first_role(security: Security | None) -> str:
    """Return a role to show in examples; empty when there is none."""
    return security.roles[0].name if security is not None and security.roles else ""


def _settings(issuer: TokenIssuer, number: int, package: str) -> Iterator[EnvSetting]:
    if issuer.issuer_is_env:
        line = _ISSUER if number == 1 else f"{_ISSUER}/{number}"
        yield env_setting(_field("issuer", number), issuer.issuer, "RequiredText", line)
    if issuer.audience_is_env and issuer.audience is not None:
        yield env_setting(_field("audience", number), issuer.audience, "RequiredText", package)
    if issuer.jwks_url is None:
        field = _field("secret", number)
        yield env_setting(field, field.upper(), _SHARED, _SECRET)
    elif issuer.jwks_url_is_env:
        field = _field("jwks_url", number)
        yield env_setting(field, issuer.jwks_url, "KeysAddress", "file:.dev/jwks.json")


def _field(name: str, number: int) -> str:
    """Return the name of a setting: `jwt_issuer`, that of a second issuer `jwt_2_issuer`."""
    return f"jwt_{name}" if number == 1 else f"jwt_{number}_{name}"


def _issuer(issuer: TokenIssuer, number: int, system: System, imports: ImportSet) -> IssuerSource:
    audience = "None"
    if issuer.audience is not None:
        audience = _value(issuer.audience, "audience", number, is_env=issuer.audience_is_env)
    if issuer.jwks_url is None:
        kind = imports.use(layout.support(system, "infrastructure.jwks", "SharedSecret"))
        keys = f"{kind}(settings.{_field('secret', number)}.get_secret_value())"
    else:
        kind = imports.use(layout.support(system, "infrastructure.jwks", "KeyStore"))
        address = _value(issuer.jwks_url, "jwks_url", number, is_env=issuer.jwks_url_is_env)
        keys = f"{kind}({address})"
    return IssuerSource(
        issuer=_value(issuer.issuer, "issuer", number, is_env=issuer.issuer_is_env),
        audience=audience,
        keys=keys,
        algorithms=tuple_of(map(text, issuer.algorithms)),
    )


def _value(value: str, name: str, number: int, *, is_env: bool) -> str:
    return f"settings.{_field(name, number)}" if is_env else text(value)


def _set(names: tuple[str, ...]) -> str:
    return f"frozenset({{{', '.join(text(name) for name in names)}}})" if names else "frozenset()"
