"""Settings of encryption at rest: keys as texts, checked when they are read.

Knows how keys are written, not what is done with them.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Annotated

from pydantic import AfterValidator, SecretStr

KEY_BYTES = 32
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")


def parse_keys(text: str) -> dict[str, bytes]:
    """Return keys by their ids, the one that writes first: `2026-11:<base64>,2025-11:<base64>`.

    Raises:
        ValueError: There is none, or one is not written so. The message repeats no key.
    """
    found: dict[str, bytes] = {}
    for place, part in enumerate(text.replace(",", " ").split(), start=1):
        name, separator, encoded = part.partition(":")
        if not separator or not _ID.fullmatch(name):
            raise ValueError(
                f"key {place} must be an id, a colon and {KEY_BYTES} bytes as base64; ids are at "
                "most 32 letters, digits, dots, dashes and underscores"
            )
        if name in found:
            raise ValueError(f"the id of key {place} is taken by another key")
        found[name] = parse_key(encoded)
    if not found:
        raise ValueError("must hold at least one key: make it with `db new-key`")
    return found


def parse_key(text: str) -> bytes:
    """Return the bytes of one key.

    Raises:
        ValueError: It is not base64, or of another length. The message repeats nothing of it.
    """
    padded = text.strip().rstrip("=")
    padded += "=" * (-len(padded) % 4)
    try:
        key = (
            urlsafe_b64decode(padded)
            if {"-", "_"} & {*padded}
            else b64decode(padded, validate=True)
        )
    except (Base64Error, ValueError):
        raise ValueError("a key must be base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key must have {KEY_BYTES} bytes, not {len(key)}")
    return key


def _require_keys(value: SecretStr) -> SecretStr:
    parse_keys(value.get_secret_value())
    return value


def _require_key(value: SecretStr) -> SecretStr:
    parse_key(value.get_secret_value())
    return value


type EncryptionKeys = Annotated[SecretStr, AfterValidator(_require_keys)]
"""Keys of encryption at rest, `id:base64` each, parted by commas or lines. The first one encrypts;
the others are there to read what they encrypted."""

type IndexKey = Annotated[SecretStr, AfterValidator(_require_key)]
"""The key of blind indexes, as base64. It stays when the others are rotated."""
