"""Bearer tokens, read strictly: what is not certainly fine is refused.

A wrapper over joserfc, which checks signatures. Everything around them is checked here, before a
key is touched: the shape of the token, which algorithms and types are accepted, that no member
occurs twice, that nothing in it chooses where keys come from.

Source: requirement 15.1; RFC 7515, 7519, 8725.
"""

import base64
import json
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import time
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from ..core.errors import (
    ExpiredTokenError,
    MalformedTokenError,
    TokenClaimError,
    TokenSignatureError,
)
from .jwks import Keys, SharedSecret, VerifyingKey

ACCEPTED_TYPES = frozenset({"jwt", "at+jwt"})
"""Values of `typ`, in lower case and without `application/`."""

_MAX_TOKEN_CHARS = 16_384
_MAX_TEXT_CHARS = 255
_LEEWAY_S = 30
"""How much clocks may differ."""

_SEGMENT = re.compile(r"[A-Za-z0-9_-]+")

_KEY_TYPES: Mapping[str, tuple[type[VerifyingKey], str | None]] = {
    "RS256": (RSAKey, None),
    "RS384": (RSAKey, None),
    "RS512": (RSAKey, None),
    "PS256": (RSAKey, None),
    "PS384": (RSAKey, None),
    "PS512": (RSAKey, None),
    "ES256": (ECKey, "P-256"),
    "ES384": (ECKey, "P-384"),
    "ES512": (ECKey, "P-521"),
    "EdDSA": (OKPKey, "Ed25519"),
    "Ed25519": (OKPKey, "Ed25519"),
    "HS256": (OctKey, None),
    "HS384": (OctKey, None),
    "HS512": (OctKey, None),
}
"""Algorithm to the kind of key and curve it needs: a token can not use a key for another one."""

_ALLOWED_HEADER = frozenset({"alg", "kid", "typ", "cty", "x5t", "x5t#S256"})
"""Members of the header, of which the last three are not looked at. `jku`, `jwk`, `x5u`, `x5c`
would let the token choose its key, and `crit` asks for what is not understood here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """Whose tokens are accepted.

    Actors are known by `sub` alone: issuers that are trusted together have to agree on whom it
    names.
    """

    issuer: str
    audience: str | None
    """Who tokens have to be meant for; None accepts tokens for anybody."""
    keys: Keys
    algorithms: tuple[str, ...] = ("RS256", "ES256", "Ed25519", "EdDSA")
    """The only ones accepted: asymmetric ones, or with a `SharedSecret` symmetric ones. A token
    that could choose between both might be signed with a public key as its secret."""


class JwtValidator[ClaimsT]:
    """Accepts the tokens of several issuers, and makes a `ClaimsT` of what they say."""

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        read_claims: Callable[[Mapping[str, Any]], ClaimsT],
        *,
        clock: Callable[[], float] = time,
    ) -> None:
        """Trust these issuers.

        Args:
            issuers: Each with its own keys.
            read_claims: Makes a value of the verified claims; raises `TokenClaimError` for what
                it can not use.
            clock: Seconds since 1970.

        Raises:
            ValueError: Two have one name, or an algorithm is not supported, or not with such keys.
        """
        self._issuers = {issuer.issuer: issuer for issuer in issuers}
        if len(self._issuers) < len(issuers):
            raise ValueError("two issuers have the same name")
        unknown = {name for one in issuers for name in one.algorithms} - set(_KEY_TYPES)
        if unknown:
            raise ValueError(f"not supported: {', '.join(sorted(unknown))}")
        for one in issuers:
            is_shared = isinstance(one.keys, SharedSecret)
            if any((_KEY_TYPES[name][0] is OctKey) != is_shared for name in one.algorithms):
                raise ValueError(f"an algorithm does not go with the keys of {one.issuer}")
        self._read_claims = read_claims
        self._clock = clock

    async def validate(self, token: str) -> ClaimsT:
        """Return what a token says.

        Raises:
            TokenError: It is refused; the class says why.
            IssuerUnavailableError: Its issuer's keys can not be had.
        """
        header, claims = _parts(token)
        issuer = self._issuers.get(_text(claims, "iss"))
        if issuer is None:
            raise TokenClaimError("iss", "The token is from an issuer that is not trusted.")
        algorithm = _member(header, "alg")
        if algorithm not in issuer.algorithms:
            raise MalformedTokenError("The token is signed in a way that is not accepted.")
        _require_signature(token, algorithm, await _key(issuer, header, algorithm))
        self._require_time(claims)
        _text(claims, "sub")
        _require_audience(claims, issuer.audience)
        return self._read_claims(claims)

    def _require_time(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        if _seconds(claims, "exp", required=True) + _LEEWAY_S <= now:
            raise ExpiredTokenError("The token has expired.")
        if _seconds(claims, "nbf") - _LEEWAY_S > now:
            raise ExpiredTokenError("The token is not valid yet.")
        if _seconds(claims, "iat") - _LEEWAY_S > now:
            raise ExpiredTokenError("The token was issued in the future.")


async def _key(issuer: TrustedIssuer, header: Mapping[str, Any], algorithm: str) -> VerifyingKey:
    kid = None if "kid" not in header else _member(header, "kid")
    key = await issuer.keys.find(kid)
    if key is None:
        raise TokenSignatureError("The token is signed with a key that is not known.")
    kind, curve = _KEY_TYPES[algorithm]
    meant_for = key.get("alg", algorithm)
    fits = meant_for == algorithm or {meant_for, algorithm} == {"EdDSA", "Ed25519"}
    if not isinstance(key, kind) or (curve is not None and key.get("crv") != curve) or not fits:
        raise TokenSignatureError("The token is signed with a key that is not for this algorithm.")
    return key


def _require_signature(token: str, algorithm: str, key: VerifyingKey) -> None:
    try:
        with warnings.catch_warnings(action="ignore", category=SecurityWarning):
            # Of EdDSA, because that name does not tell the curve; `_key` has made sure of it.
            jws.deserialize_compact(token, key, algorithms=[algorithm])
    except JoseError as error:
        raise TokenSignatureError("The signature of the token is not right.") from error


def _parts(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and claims of a token whose form is right; nothing is verified yet."""
    segments = token.split(".")
    if len(token) > _MAX_TOKEN_CHARS or len(segments) != 3:
        raise MalformedTokenError("The token is not a signed JWT.")
    header, claims = (_object(_decoded(segment)) for segment in segments[:2])
    _decoded(segments[2])
    if not _ALLOWED_HEADER.issuperset(header):
        raise MalformedTokenError("The header of the token has members that are not accepted.")
    kind = _member(header, "typ").lower().removeprefix("application/")
    if kind not in ACCEPTED_TYPES:
        raise MalformedTokenError("The token is of a type that is not accepted.")
    return header, claims


def _decoded(segment: str) -> bytes:
    """Decode base64url; there is exactly one way to write a value, without padding."""
    if not _SEGMENT.fullmatch(segment) or len(segment) % 4 == 1:
        raise MalformedTokenError("The token is not written in base64url.")
    decoded = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != segment.encode():
        raise MalformedTokenError("The token is not written in base64url.")
    return decoded


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        # Not orjson: it keeps the last of two members of one name without a word.
        parsed = json.loads(text.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MalformedTokenError("The token does not hold JSON.") from error
    if not isinstance(parsed, dict):
        raise MalformedTokenError("The token does not hold JSON objects.")
    return parsed


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedTokenError("The token has a member twice.")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _member(header: Mapping[str, Any], name: str) -> str:
    value = header.get(name)
    if not _is_name(value):
        raise MalformedTokenError(f"The header of the token has no usable `{name}`.")
    return str(value)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not _is_name(value):
        raise TokenClaimError(name, f"The token has no usable `{name}`.")
    return str(value)


def _is_name(value: object) -> bool:
    # No control characters, no halves of surrogate pairs: databases and logs do not take them.
    return isinstance(value, str) and 0 < len(value) <= _MAX_TEXT_CHARS and value.isprintable()


def _seconds(claims: Mapping[str, Any], name: str, *, required: bool = False) -> float:
    value = claims.get(name)
    if value is None and name not in claims and not required:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        raise TokenClaimError(name, f"The token has no usable `{name}`.")
    return float(value)


def _require_audience(claims: Mapping[str, Any], audience: str | None) -> None:
    if audience is None:
        return
    value = claims.get("aud")
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in listed) or audience not in listed:
        raise TokenClaimError("aud", "The token is meant for somebody else.")
