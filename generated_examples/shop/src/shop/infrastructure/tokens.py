# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Whose tokens are accepted, and what they say about who asks."""

from shop.core.settings import Settings
from shop.support.core.actor import Actor
from shop.support.infrastructure.actors import ActorReader
from shop.support.infrastructure.jwks import KeyStore
from shop.support.infrastructure.jwt import JwtValidator, TrustedIssuer

READ_ACTOR = ActorReader(
    inherits={
        "customer": frozenset(),
        "staff": frozenset(),
        "admin": frozenset({"staff"}),
    },
    scopes={},
    claims=(),
)
"""Makes an actor of claims: every role with those whose permissions it has too."""


def trusted_issuers(settings: Settings) -> tuple[TrustedIssuer, ...]:
    """Return whose tokens are accepted."""
    return (
        TrustedIssuer(
            issuer=settings.jwt_issuer,
            audience="shop",
            keys=KeyStore(settings.jwt_jwks_url),
            algorithms=("RS256", "ES256"),
        ),
    )


def token_validator(settings: Settings) -> JwtValidator[Actor]:
    """Return what makes an actor of a token, or refuses it."""
    return JwtValidator(trusted_issuers(settings), READ_ACTOR)
