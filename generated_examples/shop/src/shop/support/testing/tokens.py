"""Tokens for tests: made by an issuer of the test's own, whom the project under test trusts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from ..core.actor import Actor
from ..infrastructure.development_tokens import (
    KEYS_ADDRESS,
    ONLY_FOR_DEVELOPMENT,
    DevelopmentKeys,
    development_token,
)
from ..infrastructure.jwks import KeyStore, SharedSecret
from ..infrastructure.jwt import JwtValidator, TrustedIssuer
from .api_client import AS_ONE

EVERYTHING = "test-token-of-the-program"
"""Stands for a token of somebody who may do everything, and is somebody else each time."""

ONE_OF_EVERYTHING = f"{EVERYTHING}{AS_ONE}"
"""Stands for a token of somebody who may do everything, and is the same each time."""

_MINUTES = 600.0


class Tokens:
    """Takes the place of what the project checks tokens with.

    Tokens are those of an issuer of the project and are checked as strictly; only its keys are
    the test's.
    """

    def __init__(
        self,
        issuer: TrustedIssuer,
        read_actor: Callable[[Mapping[str, Any]], Actor],
        directory: Path,
    ) -> None:
        """Make tokens of `issuer`, with keys in `directory`."""
        self._directory = directory
        is_secret = issuer.algorithms[0].startswith("HS")
        keys = (
            SharedSecret(f"{ONLY_FOR_DEVELOPMENT}{'test' * 16}")
            if is_secret
            else KeyStore(KEYS_ADDRESS, fetch=self._fetch, min_interval_s=0.0)
        )
        # Those of elliptic curves are made in no time.
        algorithms = tuple(sorted(issuer.algorithms, key=lambda name: not name.startswith("E")))
        self._issuer = replace(issuer, keys=keys, algorithms=algorithms)
        self._validator = JwtValidator((self._issuer,), read_actor)
        self._made: dict[str, str] = {}
        self._numbers = count(1)

    def token(self, subject: str, roles: tuple[str, ...], claims: Mapping[str, Any]) -> str:
        """Return a token of `subject`; the same one for the same arguments."""
        said = {**claims, "sub": subject, "roles": list(roles)}
        key = repr(said)
        if key not in self._made:
            self._made[key] = development_token(
                (self._issuer,), said, directory=self._directory, minutes=_MINUTES
            )
        return self._made[key]

    async def validate(self, token: str) -> Actor:
        """Return who a token is of.

        Raises:
            TokenError: It is refused.
        """
        if token == EVERYTHING:
            return Actor(id=f"test-{next(self._numbers)}", is_system=True)
        if token == ONE_OF_EVERYTHING:
            return Actor(id="tester", is_system=True)
        return await self._validator.validate(token)

    async def _fetch(self, url: str) -> bytes:
        return DevelopmentKeys(self._directory).public()
