"""Tokens for development are made with keys of one's own, and accepted where these are trusted."""

from dataclasses import replace
from pathlib import Path

import pytest

from apigen.support.core.errors import ConfigurationError, IssuerUnavailableError
from apigen.support.infrastructure.development_tokens import (
    KEYS_ADDRESS,
    DevelopmentKeys,
    development_token,
)
from apigen.support.infrastructure.jwks import KeyStore, SharedSecret
from apigen.support.infrastructure.jwt import TrustedIssuer

from .tokens import AUDIENCE, ISSUER, NOW, validator

WHO = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "roles": ["staff"]}


def trusting(directory: Path, *algorithms: str) -> TrustedIssuer:
    keys = KeyStore(f"file:{directory}/jwks.json")
    return TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, keys=keys, algorithms=algorithms)


@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES256", "ES384", "ES512", "EdDSA"])
async def test_a_token_is_accepted_by_who_trusts_the_file(tmp_path: Path, algorithm: str) -> None:
    token = DevelopmentKeys(tmp_path, clock=lambda: NOW).token(WHO, algorithm=algorithm)
    # The name of EdDSA is written as what it means.
    names = (algorithm, "Ed25519") if algorithm == "EdDSA" else (algorithm,)

    claims = await validator(trusting(tmp_path, *names)).validate(token)

    assert claims["roles"] == ["staff"]
    assert claims["exp"] == NOW + 3600


async def test_keys_are_made_once(tmp_path: Path) -> None:
    DevelopmentKeys(tmp_path).token(WHO, algorithm="ES256")
    before = (tmp_path / "keys.json").read_bytes()
    DevelopmentKeys(tmp_path).token(WHO, algorithm="ES256")
    first = (tmp_path / "keys.json").read_bytes()
    DevelopmentKeys(tmp_path).token(WHO, algorithm="RS256")

    assert first == before
    assert (tmp_path / "keys.json").read_bytes() != before


def test_private_keys_are_for_nobody_else(tmp_path: Path) -> None:
    keys = DevelopmentKeys(tmp_path / "new" / ".dev")
    keys.token(WHO, algorithm="ES256")

    private = tmp_path / "new" / ".dev" / "keys.json"
    assert private.stat().st_mode & 0o777 == 0o600
    assert b'"d"' in private.read_bytes()
    assert b'"d"' not in (private.parent / "jwks.json").read_bytes()


async def test_without_keys_nobody_is_trusted(tmp_path: Path) -> None:
    with pytest.raises(IssuerUnavailableError):
        await trusting(tmp_path, "ES256").keys.find(None)


async def test_a_secret_of_development_makes_tokens_too(tmp_path: Path) -> None:
    secret = "development-" + "s" * 20
    issuer = TrustedIssuer(
        issuer=ISSUER, audience=AUDIENCE, keys=SharedSecret(secret), algorithms=("HS256",)
    )
    token = development_token([issuer], WHO, directory=tmp_path, clock=lambda: NOW)

    assert (await validator(issuer).validate(token))["sub"] == "u1"


async def test_a_token_is_of_the_issuer_that_has_the_keys_of_development(tmp_path: Path) -> None:
    real = TrustedIssuer(
        issuer="https://real.example", audience="shop", keys=KeyStore("https://real.example/keys")
    )
    own = TrustedIssuer(
        issuer=ISSUER, audience=None, keys=KeyStore(KEYS_ADDRESS), algorithms=("ES256",)
    )

    token = development_token([real, own], {"sub": "u1"}, directory=tmp_path, clock=lambda: NOW)

    claims = await validator(replace(trusting(tmp_path, "ES256"), audience=None)).validate(token)
    assert (claims["iss"], claims["sub"], "aud" in claims) == (ISSUER, "u1", False)


@pytest.mark.parametrize(
    "keys",
    [
        KeyStore("https://issuer.example/.dev/jwks.json"),
        KeyStore("file:/etc/.dev/jwks.json"),
        SharedSecret("s" * 32),
    ],
)
def test_where_the_keys_of_others_are_trusted_no_token_is_made(
    tmp_path: Path, keys: KeyStore | SharedSecret
) -> None:
    issuer = TrustedIssuer(issuer=ISSUER, audience=AUDIENCE, keys=keys)

    with pytest.raises(ConfigurationError, match="not a place for development"):
        development_token([issuer], WHO, directory=tmp_path)

    assert list(tmp_path.iterdir()) == []
