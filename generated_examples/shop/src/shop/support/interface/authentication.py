"""Who sends a request: the bearer token in its `Authorization` header, as an actor.

Source: RFC 6750; requirement 15.1.
"""

from collections.abc import Awaitable, Callable

from ..core.actor import ANONYMOUS, Actor
from ..core.errors import MalformedTokenError

CHALLENGE = "Bearer"
"""`WWW-Authenticate` of an answer to a request without a token."""

type Authenticate = Callable[[list[str]], Awaitable[Actor]]
"""Takes the values of `Authorization`; raises `TokenError` for what is refused."""


def bearer_authentication(validate: Callable[[str], Awaitable[Actor]]) -> Authenticate:
    """Return what reads bearer tokens with `validate`; without one the caller is anonymous."""

    async def authenticate(sent: list[str]) -> Actor:
        if not sent:
            return ANONYMOUS
        scheme, _, token = sent[0].partition(" ")
        # Of two, somebody on the way may have looked at the other one.
        if len(sent) > 1 or scheme.lower() != "bearer" or not token.strip():
            raise MalformedTokenError("`Authorization` must be `Bearer` and a token.")
        return await validate(token.strip())

    return authenticate


def challenge(code: str) -> str:
    """Return `WWW-Authenticate` for a request that was refused for its token, or had none."""
    return CHALLENGE if code == "unauthenticated" else f'{CHALLENGE} error="invalid_token"'
