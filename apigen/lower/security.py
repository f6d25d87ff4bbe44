"""The `security` block to roles, issuers of tokens and claims (AG102, AG207, AG607, AG701)."""

import re

from apigen.diagnostics.collector import Collector
from apigen.ir.access import (
    AUTHENTICATED,
    ActorClaim,
    Role,
    Security,
    TokenIssuer,
)
from apigen.ir.types import IdOf, ListOf, Scalar, ScalarKind, SetOf, TypeRef
from apigen.lower.defaults import type_name
from apigen.lower.ordering import targets_first
from apigen.lower.roles import BUILT_IN_ROLES, RoleNames
from apigen.lower.symbols import ROOT
from apigen.lower.types import Owner, lower_type
from apigen.lower.workspace import Workspace
from apigen.spec.fields import ConstrainedSpec
from apigen.spec.located import Located, Named
from apigen.spec.security import ASYMMETRIC, SYMMETRIC, JwtSpec, RoleSpec, SecuritySpec
from apigen.spec.type_syntax import TypeSyntax

_OF_EVERY_ACTOR = ("id", "roles", "scopes")
_ENVIRONMENT = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]{0,99})")
_URL = re.compile(r"https://[^\s]{1,2000}|http://(?:localhost|127\.0\.0\.1)(?:[:/][^\s]{0,2000})?")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")
_BUILT_IN_ISSUER = TokenIssuer(
    issuer="JWT_ISSUER",
    issuer_is_env=True,
    audience="JWT_AUDIENCE",
    audience_is_env=True,
    jwks_url="JWT_JWKS_URL",
    jwks_url_is_env=True,
    algorithms=("RS256", "ES256"),
)


def security(spec: SecuritySpec | None, work: Workspace) -> Security | None:
    """Return how callers are known; None without `auth`, which leaves everything open."""
    if spec is None:
        return None
    found = work.found
    roles = _roles(spec.roles or (), work.roles, found)
    issuers = _issuers(spec.jwt or (), found)
    claims = tuple(
        claim
        for named in spec.actor or ()
        if (claim := _claim(named.name, named.value, work)) is not None
    )
    default = AUTHENTICATED
    if spec.default_access is not None and work.roles.check(spec.default_access, found):
        default = spec.default_access.value
    if spec.auth is None:
        found.warning(
            "AG702",
            "everything is open to everybody: `security` does not say how callers are known",
            spec.span,
            help="add `auth: [jwt]`",
        )
    if not spec.auth:
        return None
    return Security(
        issuers=issuers or (_BUILT_IN_ISSUER,),
        roles=roles,
        claims=claims,
        default_access=default,
    )


def _roles(
    specs: tuple[Named[RoleSpec], ...], names: RoleNames, found: Collector
) -> tuple[Role, ...]:
    """Return the roles with all they inherit, those inherited last (AG701 for a circle)."""
    inherits: dict[str, tuple[str, ...]] = {}
    for named in specs:
        if named.name.value in BUILT_IN_ROLES:
            found.error(
                "AG102",
                f"the role `{named.name.value}` is reserved by apigen",
                named.name.span,
                help="rename it",
            )
        parents: list[str] = []
        for parent in named.value.inherits or ():
            if parent.value in BUILT_IN_ROLES:
                found.error(
                    "AG701",
                    f"`{parent.value}` is no role that can be inherited",
                    parent.span,
                    help="every role may do what `public` and `authenticated` may",
                )
            elif names.check(parent, found):
                parents.append(parent.value)
        inherits[named.name.value] = tuple(parents)
    order = targets_first(inherits, lambda name: inherits[name])
    by_name = {named.name.value: named for named in specs}
    for circle in order.circles:
        found.error(
            "AG701",
            f"role `{circle[0]}` inherits itself",
            by_name[circle[0]].name.span,
            help=f"through {' → '.join(circle)}: remove one of them",
        )
    closed: dict[str, tuple[str, ...]] = {}
    for name in order.nodes:
        reached = dict.fromkeys(inherits[name])
        for inherited in inherits[name]:
            reached |= dict.fromkeys(closed.get(inherited, ()))
        closed[name] = tuple(role for role in reached if role != name)
    return tuple(
        Role(
            name=name,
            inherits=closed[name],
            scopes=_scopes(named.value.scopes or (), found),
        )
        for name, named in by_name.items()
    )


def _scopes(written: tuple[Located[str], ...], found: Collector) -> tuple[str, ...]:
    for scope in written:
        if not _SCOPE.fullmatch(scope.value):
            found.error(
                "AG607",
                f"`{scope.value[:40]}` is not a scope",
                scope.span,
                help="printable letters without blanks and quotes, such as `orders:read`",
            )
    return tuple(dict.fromkeys(scope.value for scope in written))


def _issuers(specs: tuple[JwtSpec, ...], found: Collector) -> tuple[TokenIssuer, ...]:
    issuers: list[TokenIssuer] = []
    for spec in specs:
        if spec.issuer is None:
            continue
        issuer, issuer_is_env = _environment(spec.issuer)
        if any(known.issuer == issuer for known in issuers):
            found.error(
                "AG607",
                f"the issuer `{spec.issuer.value}` is given twice",
                spec.issuer.span,
                help="a token is checked against the keys of the issuer it names",
            )
            continue
        audience, audience_is_env = _optional(spec.audience)
        jwks_url, jwks_url_is_env = _optional(spec.jwks_url)
        if spec.jwks_url is not None and not jwks_url_is_env and not _is_url(spec.jwks_url.value):
            found.error(
                "AG607",
                f"`{spec.jwks_url.value[:60]}` is not an address of keys",
                spec.jwks_url.span,
                help="an `https://` address, or `env:JWT_JWKS_URL`",
            )
        issuers.append(
            TokenIssuer(
                issuer=issuer,
                issuer_is_env=issuer_is_env,
                audience=audience,
                audience_is_env=audience_is_env,
                jwks_url=jwks_url,
                jwks_url_is_env=jwks_url_is_env,
                algorithms=_algorithms(spec, found),
            )
        )
    return tuple(issuers)


def _is_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None


def _environment(text: Located[str]) -> tuple[str, bool]:
    """Return a value and whether it names an environment variable."""
    variable = _ENVIRONMENT.fullmatch(text.value)
    return (variable[1], True) if variable is not None else (text.value, False)


def _optional(text: Located[str] | None) -> tuple[str | None, bool]:
    return _environment(text) if text is not None else (None, False)


def _algorithms(spec: JwtSpec, found: Collector) -> tuple[str, ...]:
    """Return the algorithms; those of a key set are asymmetric, those of a secret symmetric.

    A token that chooses between the two could be signed with a public key as its secret.
    """
    allowed = ASYMMETRIC if spec.jwks_url is not None else SYMMETRIC
    for algorithm in spec.algorithms or ():
        if algorithm.value not in allowed:
            found.error(
                "AG607",
                f"`{algorithm.value}` needs a key set"
                if algorithm.value in ASYMMETRIC
                else f"`{algorithm.value}` has no place in a key set, which is public",
                algorithm.span,
                help="add `jwks_url`"
                if algorithm.value in ASYMMETRIC
                else f"with `jwks_url`, one of {', '.join(ASYMMETRIC)}",
            )
    if spec.algorithms:
        return tuple(dict.fromkeys(one.value for one in spec.algorithms if one.value in allowed))
    return ("RS256", "ES256") if spec.jwks_url is not None else ("HS256",)


def _claim(name: Located[str], syntax: TypeSyntax, work: Workspace) -> ActorClaim | None:
    if name.value in _OF_EVERY_ACTOR:
        work.found.error(
            "AG102",
            f"`actor.{name.value}` is there already",
            name.span,
            help="remove it: every actor has `id`, `roles` and `scopes`",
        )
        return None
    context = next(iter(work.contexts)) if len(work.contexts) == 1 else ROOT
    type_ = lower_type(
        syntax.core,
        ConstrainedSpec(span=syntax.span),
        Owner(context=context, enum_name="Actor", allows_relations=False, allows_many=False),
        work,
    )
    if type_ is None:
        return None
    if not _fits_token(type_):
        work.found.error(
            "AG207",
            f"a claim of a token cannot be `{type_name(type_).strip('`')}`",
            syntax.span,
            help="texts, numbers, true and false, ids, and lists of them",
        )
        return None
    work.claim_spans[name.value] = name.span
    return ActorClaim(name=name.value, type=type_, nullable=syntax.nullable)


def _fits_token(type_: TypeRef) -> bool:
    match type_:
        case Scalar(kind=kind):
            return kind not in (ScalarKind.JSON, ScalarKind.BYTES, ScalarKind.DURATION)
        case ListOf(item=item) | SetOf(item=item):
            return isinstance(item, Scalar | IdOf) and _fits_token(item)
        case IdOf():
            return True
        case _:
            return False
