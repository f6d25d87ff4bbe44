"""Keep answers encrypted, where what they say is encrypted elsewhere.

An answer that is kept for requests that come again has what the row has, and so has the hash of a
body, from which few possible values can be guessed. Knows keys, and nothing of tables.

Source: requirements 15.3, 30.
"""

from base64 import b64decode, b64encode

from sqlalchemy.ext.asyncio import AsyncEngine

from .encrypted_columns import keys_of
from .field_encryption import binding_of

_PURPOSE = "idempotency_keys.body"
_MARK = "sealed:"
"""What no JSON begins with: answers from before stay readable until they are over."""


class SealedAnswers:
    """Encrypts answers with the keys of an engine, each for one request."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Use the keys of `engine`."""
        self._ring = keys_of(engine.dialect)

    def sealed(self, body: str, scope: str, key: str) -> str:
        """Return what is kept of an answer."""
        kept = self._ring.encrypt(body.encode(), purpose=_PURPOSE, binding=binding_of((scope, key)))
        return _MARK + b64encode(kept).decode()

    def opened(self, kept: str, scope: str, key: str) -> str:
        """Return the answer.

        Raises:
            EncryptionError: It does not decrypt.
        """
        if not kept.startswith(_MARK):
            return kept
        sealed = b64decode(kept.removeprefix(_MARK))
        binding = binding_of((scope, key))
        return self._ring.decrypt(sealed, purpose=_PURPOSE, binding=binding).decode()

    def marks(self, fingerprint: str) -> tuple[str, ...]:
        """Return what a fingerprint is kept as, first with the key that encrypts."""
        found = self._ring.marks(fingerprint.encode(), purpose=_PURPOSE)
        return tuple(mark.hex() for mark in found)
