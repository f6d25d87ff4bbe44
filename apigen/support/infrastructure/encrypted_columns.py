"""Columns of encrypted fields, and the keys of a database.

Values are encrypted when they are bound and decrypted by whoever reads them, who knows the row; a
column only carries them. Which keys an engine has is kept beside its dialect, which is what column
types are told.
"""

from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import TypeDecorator

from ..core.errors import EncryptionError
from .field_encryption import Digest, EncryptedField, Sealed
from .key_ring import KeyRing

_rings: WeakKeyDictionary[Dialect, KeyRing] = WeakKeyDictionary()


def use_keys(engine: AsyncEngine, ring: KeyRing) -> AsyncEngine:
    """Encrypt and decrypt with the keys of `ring` whatever goes through `engine`."""
    _rings[engine.dialect] = ring
    return engine


def keys_of(dialect: Dialect) -> KeyRing:
    """Return the keys of the engine that has this dialect.

    Raises:
        EncryptionError: It has none.
    """
    ring = _rings.get(dialect)
    if ring is None:
        raise EncryptionError("this database was opened without keys")
    return ring


class _Bytes[T](TypeDecorator[T]):
    """What is made of the values of one field: `bytea` on PostgreSQL, a blob on SQLite."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, field: EncryptedField[Any]) -> None:
        """Keep what is made of values of `field`."""
        self.field = field
        super().__init__()

    def __repr__(self) -> str:
        """Return the stored type, for migrations."""
        return "LargeBinary()"


class Ciphertext(_Bytes[Sealed[Any]]):
    """Ciphertexts of one field."""

    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """Return what a row holds."""
        return Sealed

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt.

        Raises:
            EncryptionError: It is a plain value: equal ones have different ciphertexts.
        """
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise EncryptionError(
                "rows are not found by what is encrypted", field=self.field.column
            )
        return value.ciphertext(keys_of(dialect))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed[Any] | None:
        """Hold what is stored."""
        return None if value is None else Sealed.stored(bytes(value), keys_of(dialect))


class BlindIndex(_Bytes[Any]):
    """Digests of the values of one field, which can be found by a value, and only so.

    What it is compared with is a value of the field, or a digest.
    """

    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """Return what a row holds."""
        return Digest

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Digest."""
        made = value if isinstance(value, Digest) else self.field.digested(value)
        return None if made is None else made.digest(keys_of(dialect))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Digest | None:
        """Hold what is stored."""
        return None if value is None else Digest.stored(bytes(value), keys_of(dialect))
