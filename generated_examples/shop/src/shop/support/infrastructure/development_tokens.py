"""Tokens of the developer's own making, to work without a server that issues them.

Their keys are in a directory that git leaves out: `keys.json` has the private ones, `jwks.json`
what a project verifies tokens with. A project trusts them only where its settings name that file.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import time
from typing import Any

import orjson
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from ..core.errors import ConfigurationError
from ..core.json import dumps
from .jwks import KeyStore, SharedSecret
from .jwt import TrustedIssuer

DIRECTORY = ".dev"
KEYS_ADDRESS = f"file:{DIRECTORY}/jwks.json"
"""What the settings of a project say that trusts these keys."""

ONLY_FOR_DEVELOPMENT = "development-"
"""Secrets that begin so are only used in development."""

_PRIVATE, _PUBLIC = "keys.json", "jwks.json"
_CURVES: Mapping[str, str] = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}

type _PrivateKey = RSAKey | ECKey | OKPKey


class DevelopmentKeys:
    """A key for each algorithm that is asked for, made when it is asked for first."""

    def __init__(self, directory: Path, *, clock: Callable[[], float] = time) -> None:
        """Keep keys in `directory`; `clock` tells the seconds since 1970."""
        self._directory = directory
        self._clock = clock

    def token(self, claims: Mapping[str, Any], *, algorithm: str, minutes: float = 60) -> str:
        """Return a token that says `claims`, valid from now on.

        Args:
            claims: Without times, which are added.
            algorithm: One that is not symmetric.
            minutes: How long it is valid.

        Raises:
            OSError: The keys can not be read or written.
        """
        # Ed25519 is what this name means; joserfc warns of the name itself.
        name = "Ed25519" if algorithm == "EdDSA" else algorithm
        return _signed(claims, self._key(name), name, now=self._clock(), minutes=minutes)

    def public(self) -> bytes:
        """Return the key set that verifies tokens of all keys that there are."""
        return _document(key.as_dict(private=False) for key in self._load())

    def _key(self, algorithm: str) -> _PrivateKey:
        keys = self._load()
        found = next((key for key in keys if key.get("alg") == algorithm), None)
        if found is None:
            found = _made(algorithm)
            self._store([*keys, found])
        return found

    def _load(self) -> list[_PrivateKey]:
        path = self._directory / _PRIVATE
        if not path.exists():
            return []
        kinds: Mapping[str, type[_PrivateKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
        return [
            kinds[one["kty"]].import_key(one) for one in orjson.loads(path.read_bytes())["keys"]
        ]

    def _store(self, keys: list[_PrivateKey]) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        private = self._directory / _PRIVATE
        # Readable by nobody else from the very beginning.
        with os.fdopen(
            os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        ) as file:
            file.write(_document(key.as_dict(private=True) for key in keys))
        (self._directory / _PUBLIC).write_bytes(self.public())


def development_token(
    issuers: Sequence[TrustedIssuer],
    claims: Mapping[str, Any],
    *,
    directory: Path,
    minutes: float = 60,
    clock: Callable[[], float] = time,
) -> str:
    """Return a token of the first issuer that is only trusted in development.

    Args:
        issuers: Whose tokens the project accepts.
        claims: What the token says beside issuer, audience and times.
        directory: Where the keys are.
        minutes: How long it is valid.
        clock: Seconds since 1970.

    Raises:
        ConfigurationError: The project trusts the keys of others only.
        OSError: The keys can not be read or written.
    """
    for issuer in issuers:
        said = {**claims, "iss": issuer.issuer}
        if issuer.audience is not None:
            said["aud"] = issuer.audience
        algorithm = issuer.algorithms[0]
        match issuer.keys:
            case KeyStore(url=address) if address == KEYS_ADDRESS:
                keys = DevelopmentKeys(directory, clock=clock)
                return keys.token(said, algorithm=algorithm, minutes=minutes)
            case SharedSecret(secret=secret) if secret.startswith(ONLY_FOR_DEVELOPMENT):
                key = OctKey.import_key(secret.encode())
                return _signed(said, key, algorithm, now=clock(), minutes=minutes)
    raise ConfigurationError(
        f"this is not a place for development: no issuer has its keys at {KEYS_ADDRESS}, "
        f"or a secret that begins with {ONLY_FOR_DEVELOPMENT}"
    )


def _made(algorithm: str) -> _PrivateKey:
    if algorithm in _CURVES:
        made: _PrivateKey = ECKey.generate_key(_CURVES[algorithm])
    elif algorithm == "Ed25519":
        made = OKPKey.generate_key("Ed25519")
    else:
        made = RSAKey.generate_key(2048)
    named = {**made.as_dict(private=True), "alg": algorithm, "use": "sig"}
    return type(made).import_key({**named, "kid": f"development-{algorithm}"})


def _document(keys: Iterable[Mapping[str, Any]]) -> bytes:
    return dumps({"keys": list(keys)})


def _signed(
    claims: Mapping[str, Any],
    key: _PrivateKey | OctKey,
    algorithm: str,
    *,
    now: float,
    minutes: float,
) -> str:
    header = {"alg": algorithm, "typ": "at+jwt"}
    kid = key.get("kid")
    if kid is not None:
        header["kid"] = str(kid)
    began = int(now)
    times = {"iat": began, "nbf": began, "exp": began + round(minutes * 60)}
    return jws.serialize_compact(header, dumps({**claims, **times}), key, algorithms=[algorithm])
