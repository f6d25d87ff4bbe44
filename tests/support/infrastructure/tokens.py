"""Tokens of all kinds, signed for real: what is refused is refused for what is wrong with it."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from apigen.support.infrastructure.jwks import KeyStore
from apigen.support.infrastructure.jwt import JwtValidator, TrustedIssuer

type AnyKey = RSAKey | ECKey | OKPKey | OctKey

NOW = 1_800_000_000
ISSUER = "https://issuer.example"
AUDIENCE = "shop"


def encoded(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def signed(header: bytes, claims: bytes, key: AnyKey, algorithm: str) -> str:
    """Return a token of these very bytes, with a signature that is right."""
    text = f"{encoded(header)}.{encoded(claims)}"
    model = JWSRegistry.algorithms[algorithm]
    return f"{text}.{encoded(model.sign(text.encode(), key))}"


def claims_of(**changes: Any) -> dict[str, Any]:
    """Return claims that are fine, but for the changes; `...` leaves one out."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "u1",
        "exp": NOW + 60,
        "nbf": NOW - 60,
        "iat": NOW - 60,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not ...}


@dataclass
class Issuer:
    """Keys and what their address answers."""

    keys: dict[str, AnyKey] = field(default_factory=dict)
    more: list[dict[str, Any]] = field(default_factory=list)
    """What else is in the document."""
    fetched: list[str] = field(default_factory=list)
    is_down: bool = False

    def rsa(self, kid: str = "k1", **parameters: str) -> RSAKey:
        made = RSAKey.generate_key(2048).as_dict(private=True)
        key = RSAKey.import_key({**made, "kid": kid, **parameters})
        self.keys[kid] = key
        return key

    async def fetch(self, url: str) -> bytes:
        self.fetched.append(url)
        if self.is_down:
            raise OSError("down")
        public = [key.as_dict(private=False) for key in self.keys.values()]
        return json.dumps({"keys": [*public, *self.more]}).encode()

    def token(
        self,
        kid: str = "k1",
        *,
        algorithm: str = "RS256",
        header: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
    ) -> str:
        """Return a token with the key of this name, fine but for what is given."""
        parts = {"alg": algorithm, "kid": kid, "typ": "JWT", **(header or {})}
        written = {name: value for name, value in parts.items() if value is not ...}
        return signed(
            json.dumps(written).encode(),
            json.dumps(claims or claims_of()).encode(),
            self.keys[kid],
            algorithm,
        )


@dataclass
class Ticks:
    """Seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def store(issuer: Issuer, ticks: Callable[[], float] = lambda: 1000.0) -> KeyStore:
    return KeyStore("https://issuer.example/jwks", fetch=issuer.fetch, clock=ticks)


def validator(*issuers: TrustedIssuer, now: float = NOW) -> JwtValidator[dict[str, Any]]:
    """Return a validator that gives the claims."""
    return JwtValidator(issuers, dict, clock=lambda: now)


def trusted(issuer: Issuer, *, algorithms: tuple[str, ...] = ("RS256",)) -> TrustedIssuer:
    return TrustedIssuer(
        issuer=ISSUER, audience=AUDIENCE, keys=store(issuer), algorithms=algorithms
    )
