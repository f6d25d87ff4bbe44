"""The public keys of one issuer: fetched when they are needed, kept, and looked up by `kid`.

The address comes from the settings alone; nothing a token says makes this fetch anything else.

Source: RFC 7517; requirement 15.1.
"""

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import orjson
import structlog
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, JWKRegistry, OctKey, OKPKey, RSAKey

from ..core.errors import IssuerUnavailableError

_MAX_DOCUMENT_BYTES = 262_144
_TIMEOUT_S = 5.0
"""For a whole document: an issuer that sends it byte by byte is as good as away."""
_RETRY_S = 1.0
"""How long is waited between two requests as long as there are no keys at all."""
_MIN_RSA_BITS = 2048
_MIN_SECRET_BYTES = 32
_KINDS = ("RSA", "EC", "OKP")
_FILE = "file:"

_logger = structlog.get_logger("jwks")

type PublicKey = RSAKey | ECKey | OKPKey
type VerifyingKey = PublicKey | OctKey
type Fetch = Callable[[str], Awaitable[bytes]]


class Keys(Protocol):
    """What signatures of one issuer are verified with."""

    async def find(self, kid: str | None) -> VerifyingKey | None:
        """Return the key of this name, or the one that is meant without."""
        ...


class SharedSecret:
    """The one key of an issuer that signs with a secret which this program knows too."""

    def __init__(self, secret: str) -> None:
        """Hold the secret.

        Raises:
            ValueError: It is shorter than the hash that it is used with (RFC 7518, section 3.2).
        """
        if len(secret.encode()) < _MIN_SECRET_BYTES:
            raise ValueError(f"a secret needs {_MIN_SECRET_BYTES} bytes")
        self.secret = secret
        self._key = OctKey.import_key(secret.encode())

    async def find(self, kid: str | None) -> OctKey:
        """Return the key, whatever a token calls it."""
        return self._key


class KeyStore:
    """The keys behind one JWKS address.

    Kept for `ttl_s`; asked for again when a token names a key that is not there, but at most every
    `min_interval_s`, so that made-up names cause no load. While the issuer does not answer, the
    keys that are known stay good.
    """

    def __init__(
        self,
        url: str,
        *,
        fetch: Fetch | None = None,
        ttl_s: float = 3600.0,
        min_interval_s: float = 30.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Remember where keys are; nothing is fetched yet.

        Args:
            url: `https://…`, `http://…` inside a trusted network, or `file:path` for a mounted
                document.
            fetch: Gets a document; over HTTP or from the disk by default.
            ttl_s: How long keys are kept.
            min_interval_s: How long is waited between two requests for keys.
            clock: Seconds that only grow.
        """
        self.url = url
        self._fetch = fetch or fetch_document
        self._ttl_s = ttl_s
        self._min_interval_s = min_interval_s
        self._clock = clock
        self._keys: Mapping[str, PublicKey] | None = None
        self._fetched_at = 0.0
        self._asked_at: float | None = None
        self._lock = asyncio.Lock()

    async def find(self, kid: str | None) -> PublicKey | None:
        """Return the key of this name; without a name, the only key there is.

        Raises:
            IssuerUnavailableError: No key is known and the issuer does not answer.
        """
        is_stale = self._clock() - self._fetched_at >= self._ttl_s
        # While one request asks for new keys, the others go on with those that are known.
        if self._keys is None or (is_stale and not self._lock.locked()):
            await self._refresh()
        found = self._known(kid)
        if found is None and kid is not None:
            await self._refresh()
            found = self._known(kid)
        return found

    def _known(self, kid: str | None) -> PublicKey | None:
        keys = self._keys or {}
        if kid is not None:
            return keys.get(kid)
        return next(iter(keys.values())) if len(keys) == 1 else None

    async def _refresh(self) -> None:
        async with self._lock:
            # Whoever waited for the lock finds what the one before has fetched.
            wait_s = self._min_interval_s if self._keys is not None else _RETRY_S
            if self._asked_at is not None and self._clock() - self._asked_at < wait_s:
                if self._keys is None:
                    raise IssuerUnavailableError(self.url)
                return
            self._asked_at = self._clock()
            try:
                self._keys = _public_keys(await self._fetch(self.url))
            except (OSError, ValueError) as error:
                # Those that have waited for this answer must not ask again, one after the other.
                self._asked_at = self._clock()
                _logger.warning("keys_not_fetched", url=self.url, error=str(error))
                if self._keys is None:
                    raise IssuerUnavailableError(self.url) from error
                return
            self._asked_at = self._fetched_at = self._clock()


def _public_keys(document: bytes) -> Mapping[str, PublicKey]:
    """Return the signing keys of a JWKS document by name; those without one are numbered.

    Raises:
        ValueError: It is not a JWKS document, or has no key that can be used.
    """
    parsed = orjson.loads(document)
    listed = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no list of keys")
    keys: dict[str, PublicKey] = {}
    for position, item in enumerate(listed):
        # Any: free-form JSON of the issuer.
        fields: dict[str, Any] = item if isinstance(item, dict) else {}
        if not _is_for_signatures(fields):
            continue
        try:
            key = _public_key(fields)
        except (JoseError, ValueError, TypeError, LookupError) as error:
            # One key that is no good does not lock out everybody (RFC 7517, section 5).
            _logger.warning("key_not_usable", position=position, error=str(error))
            continue
        name = fields.get("kid")
        keys.setdefault(name if isinstance(name, str) else f"#{position}", key)
    if not keys:
        raise ValueError("no key that can be used")
    return keys


def _is_for_signatures(fields: Mapping[str, Any]) -> bool:
    operations = fields.get("key_ops", ["verify"])
    return (
        fields.get("kty") in _KINDS
        and fields.get("use", "sig") == "sig"
        and isinstance(operations, list)
        and "verify" in operations
    )


def _public_key(fields: dict[str, Any]) -> PublicKey:
    """Read one key.

    Raises:
        JoseError, ValueError, TypeError, LookupError: It is broken, weak, or a private key, which
            everybody who has read the document can sign with.
    """
    with warnings.catch_warnings(action="ignore", category=SecurityWarning):
        # Of short RSA keys, which are refused below.
        key = JWKRegistry.import_key(fields)
    if not isinstance(key, RSAKey | ECKey | OKPKey) or key.is_private:
        raise ValueError("a key that is not public")
    if isinstance(key, RSAKey) and key.public_key.key_size < _MIN_RSA_BITS:
        raise ValueError("an RSA key that is too short")
    return key


async def fetch_document(url: str) -> bytes:
    """Return the document at an address, following no redirects.

    Raises:
        OSError: It can not be had.
        ValueError: It is too large.
    """
    if url.startswith(_FILE):
        return _from_disk(url.removeprefix(_FILE))
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return await _from_web(url)
    except TimeoutError as error:
        raise OSError(f"no document within {_TIMEOUT_S:g} s") from error


async def _from_web(url: str) -> bytes:
    # Imported late: projects that read keys from a file never need it.
    import httpx2

    document = bytearray()
    try:
        async with (
            httpx2.AsyncClient(timeout=_TIMEOUT_S, follow_redirects=False) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as response,
        ):
            if response.status_code != 200:
                raise OSError(f"status {response.status_code}")
            async for part in response.aiter_bytes():
                document += part
                _require_small(len(document))
    except httpx2.HTTPError as error:
        raise OSError(str(error)) from error
    return bytes(document)


def _from_disk(path: str) -> bytes:
    # A short local file: not worth a thread.
    with Path(path).open("rb") as file:
        document = file.read(_MAX_DOCUMENT_BYTES + 1)
    _require_small(len(document))
    return document


def _require_small(size: int) -> None:
    if size > _MAX_DOCUMENT_BYTES:
        raise ValueError("the document is too large")
