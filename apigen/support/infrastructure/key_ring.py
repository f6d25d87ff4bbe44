"""The keys of encryption at rest, and AES-GCM with them.

One key encrypts, all of them decrypt; a ciphertext names its key. No key is used itself: each
purpose has one of its own, derived from it, so that a name decides which values can be mixed up at
all, and the nonces of one field are counted apart from those of another. Knows bytes only.

A ciphertext is a byte of version, a byte of length, the id of the key, 12 bytes of nonce, and what
AES-256-GCM makes of the value, with its 16 bytes of authentication. Nonces are random: 2^32 values
of one purpose and key may be encrypted before two of them are the same with a chance above 2^-32.

Source: requirement 15.3.
"""

import hmac
import os
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from ..core.encryption_settings import KEY_BYTES, parse_key, parse_keys
from ..core.errors import EncryptionError

_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16


class KeyRing:
    """Keys by their ids; the first one encrypts."""

    def __init__(self, keys: Mapping[str, bytes], *, index_key: bytes | None = None) -> None:
        """Hold keys of 32 bytes.

        Args:
            keys: The one that encrypts first.
            index_key: What digests are made with, where there are any.

        Raises:
            ValueError: There is no key, or one has another length.
        """
        if not keys:
            raise ValueError("a key ring needs a key")
        for key in (*keys.values(), *(() if index_key is None else (index_key,))):
            if len(key) != KEY_BYTES:
                raise ValueError(f"a key must have {KEY_BYTES} bytes")
        self._keys = dict(keys)
        self._index_key = index_key
        self.active = next(iter(keys))
        # Of this ring alone, and bounded: purposes are the fields of a project.
        self._cipher = lru_cache(maxsize=1024)(self._made_cipher)
        self._digest_key = lru_cache(maxsize=1024)(self._made_digest_key)

    @classmethod
    def of(cls, keys: SecretStr, index_key: SecretStr | None = None) -> "KeyRing":
        """Return the ring of two settings.

        Raises:
            ValueError: They are not written as they have to be.
        """
        index = None if index_key is None else parse_key(index_key.get_secret_value())
        return cls(parse_keys(keys.get_secret_value()), index_key=index)

    def rotated(self, name: str, key: bytes) -> "KeyRing":
        """Return the ring with a new key that encrypts; those before it only decrypt."""
        return KeyRing({name: key, **self._keys}, index_key=self._index_key)

    def __repr__(self) -> str:
        """Tell the ids; never a key."""
        return f"KeyRing({', '.join(self._keys)})"

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the one that encrypts first."""
        return tuple(self._keys)

    def encrypt(self, value: bytes, *, purpose: str, binding: str) -> bytes:
        """Return what can only be decrypted for the same purpose and binding.

        Args:
            value: The plaintext.
            purpose: What the value is, such as the field.
            binding: Where it stands, such as the row.
        """
        head = _head(self.active)
        nonce = os.urandom(_NONCE_BYTES)
        bound = head + binding.encode()
        return head + nonce + self._cipher(self.active, purpose).encrypt(nonce, value, bound)

    def decrypt(self, sealed: bytes, *, purpose: str, binding: str) -> bytes:
        """Return the plaintext.

        Raises:
            EncryptionError: The key is not there, the value was changed, or it was made for
                another purpose or binding.
        """
        key_id, start = _read_head(sealed, purpose=purpose, binding=binding)
        context = {"field": purpose, "row": binding, "key": key_id}
        if key_id not in self._keys:
            raise EncryptionError("its key is not there", **context)
        nonce, value = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        bound = sealed[:start] + binding.encode()
        try:
            return self._cipher(key_id, purpose).decrypt(nonce, value, bound)
        except InvalidTag:
            raise EncryptionError("does not decrypt", **context) from None

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether a ciphertext was made with the key that encrypts."""
        return sealed.startswith(_head(self.active))

    def digest(self, value: bytes, *, purpose: str) -> bytes:
        """Return 32 bytes that are the same for the same value, and tell nothing else of it.

        Raises:
            EncryptionError: There is no key for it.
        """
        return hmac.digest(self._digest_key(purpose), value, sha256)

    def marks(self, value: bytes, *, purpose: str) -> tuple[bytes, ...]:
        """Return a digest a key, that of the key that encrypts first: to tell values again."""
        return tuple(
            hmac.digest(_derived(key, f"mark:{purpose}"), value, sha256)
            for key in self._keys.values()
        )

    def _made_cipher(self, key_id: str, purpose: str) -> AESGCM:
        return AESGCM(_derived(self._keys[key_id], f"value:{purpose}"))

    def _made_digest_key(self, purpose: str) -> bytes:
        if self._index_key is None:
            raise EncryptionError("there is no key for blind indexes", field=purpose)
        return _derived(self._index_key, f"index:{purpose}")


def new_key(name: str) -> str:
    """Return a new key as settings have it, with `name` as its id."""
    return f"{name}:{b64encode(os.urandom(KEY_BYTES)).decode()}"


def _derived(key: bytes, purpose: str) -> bytes:
    # No salt: the key is random, and the same derivation must be found again.
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


def _head(key_id: str) -> bytes:
    name = key_id.encode()
    return bytes((_VERSION, len(name))) + name


def _read_head(sealed: bytes, *, purpose: str, binding: str) -> tuple[str, int]:
    """Return the id of the key, and where the nonce begins."""
    start = 2 + sealed[1] if len(sealed) > 1 else 0
    if not start or sealed[0] != _VERSION or len(sealed) < start + _NONCE_BYTES + _TAG_BYTES:
        raise EncryptionError("is no ciphertext", field=purpose, row=binding)
    return sealed[2:start].decode("ascii", "replace"), start
