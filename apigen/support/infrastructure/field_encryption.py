"""Encrypt fields of any type: what is stored is a ciphertext that belongs to one row and one field.

A field says how its values become bytes (the JSON of responses) and what they are bound to: a name
of its own, and the key of their row. A ciphertext that was put into another row or another column
does not decrypt. Knows keys as a ring, and nothing of tables.

Source: requirement 15.3.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from types import GenericAlias
from typing import Any, overload

import orjson
from pydantic import ConfigDict, TypeAdapter

from ..core.errors import EncryptionError
from ..core.json import dumps
from .json_columns import Names, renamed_json
from .key_ring import KeyRing


def binding_of(key: object) -> str:
    """Return the text that the key of a row is bound by, the same wherever the key comes from."""
    if isinstance(key, tuple):
        return dumps([_part(value) for value in key]).decode()
    return _part(key)


def _part(value: object) -> str:
    match value:
        case Enum():
            return str(value.value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


class Sealed[T]:
    """A value on its way to or from a column: to be encrypted, or not decrypted yet.

    Two are equal when they mean the same value, so that storing what was not changed changes
    nothing; one that another key has encrypted than new ones is not equal to any. Never shown.
    """

    __slots__ = ("_field", "_plain", "_ring", "_row", "_stored")

    def __init__(self, field: "EncryptedField[T]", plain: bytes, row: str) -> None:
        """Hold a plaintext of `field` that belongs to the row `row`."""
        self._field: EncryptedField[T] | None = field
        self._plain: bytes | None = plain
        self._row = row
        self._stored = b""
        self._ring: KeyRing | None = None

    @classmethod
    def stored(cls, ciphertext: bytes, ring: KeyRing) -> "Sealed[T]":
        """Hold what a column has."""
        made: Sealed[T] = cls.__new__(cls)
        made._field, made._plain, made._row = None, None, ""
        made._stored, made._ring = ciphertext, ring
        return made

    def ciphertext(self, ring: KeyRing) -> bytes:
        """Return what the column is to have."""
        if self._stored:
            return self._stored
        plain, purpose = self._plain or b"", self._field.name if self._field is not None else ""
        return ring.encrypt(plain, purpose=purpose, binding=self._row)

    def plain(self, field: "EncryptedField[T]", row: str) -> bytes:
        """Return the plaintext.

        Raises:
            EncryptionError: It is none of this field and row.
        """
        if self._ring is None:
            return self._plain or b""
        if self._plain is None or self._row != row:
            try:
                self._plain = self._ring.decrypt(self._stored, purpose=field.name, binding=row)
            except EncryptionError as error:
                context = {**error.context, "field": field.column, "row": row}
                raise EncryptionError(error.reason, **context) from None
            self._row = row
        return self._plain

    def __eq__(self, other: object) -> bool:
        """Whether both are the same value of the same row."""
        if not isinstance(other, Sealed):
            return NotImplemented
        if self._ring is not None and other._ring is not None:
            return self._stored == other._stored
        if self._ring is None and other._ring is None:
            return self._plain == other._plain and self._row == other._row
        kept, wanted = (self, other) if self._ring is not None else (other, self)
        return kept._holds(wanted)

    def _holds(self, wanted: "Sealed[Any]") -> bool:
        if self._ring is None or wanted._field is None or not self._ring.is_current(self._stored):
            return False
        try:
            return self.plain(wanted._field, wanted._row) == wanted._plain
        except EncryptionError:
            return False

    __hash__ = None  # type: ignore[assignment]  # equal ones may differ in all that could be hashed

    def __repr__(self) -> str:
        """Show nothing."""
        return "Sealed(…)"


class Digest:
    """A value as a blind index knows it: to be digested, or a digest already. Never shown."""

    __slots__ = ("_field", "_plain", "_ring", "_stored")

    def __init__(self, field: "EncryptedField[Any]", plain: bytes) -> None:
        """Hold the normal form of a value of `field`."""
        self._field: EncryptedField[Any] | None = field
        self._plain = plain
        self._stored = b""
        self._ring: KeyRing | None = None

    @classmethod
    def stored(cls, digest: bytes, ring: KeyRing) -> "Digest":
        """Hold what a column has."""
        made = cls.__new__(cls)
        made._field, made._plain, made._stored, made._ring = None, b"", digest, ring
        return made

    def digest(self, ring: KeyRing) -> bytes:
        """Return what the column is to have."""
        if self._stored or self._field is None:
            return self._stored
        return ring.digest(self._plain, purpose=self._field.name)

    def __eq__(self, other: object) -> bool:
        """Whether both are of the same value."""
        if not isinstance(other, Digest):
            return NotImplemented
        ring = self._ring or other._ring
        if ring is None:
            return self._plain == other._plain
        return self.digest(ring) == other.digest(ring)

    __hash__ = None  # type: ignore[assignment]  # see Sealed

    def __repr__(self) -> str:
        """Show nothing."""
        return "Digest(…)"


@dataclass(frozen=True, kw_only=True, eq=False)
class EncryptedField[T]:
    """One field whose values are encrypted."""

    name: str
    """What its ciphertexts are bound to: it stays when the field, its table or its column is
    called otherwise."""
    column: str
    """`customers.phone`, for messages."""
    # Any, because `list[Money]` and unions are no `type[...]`.
    kind: Any = None
    """Type of the values below names of their own; None: any JSON value."""
    scale: int | None = None
    """Places after the point of a decimal."""
    holds_null: bool = False
    """Whether None is a value, JSON's own `null`, rather than no value."""
    names: Names = field(default_factory=dict)
    """Keys inside the value that clients know by another name."""

    @overload
    def sealed(self, value: T, row: object) -> Sealed[T]: ...

    @overload
    def sealed(self, value: T | None, row: object) -> Sealed[T] | None: ...

    def sealed(self, value: T | None, row: object) -> Sealed[T] | None:
        """Return a value of the row with the key `row` for its column; None stays None."""
        if value is None and not self.holds_null:
            return None
        return Sealed(self, self._bytes(value), binding_of(row))

    @overload
    def opened(self, sealed: Sealed[T], row: object) -> T: ...

    @overload
    def opened(self, sealed: Sealed[T] | None, row: object) -> T | None: ...

    def opened(self, sealed: Sealed[T] | None, row: object) -> T | None:
        """Return the value that a column of the row with the key `row` has.

        Raises:
            EncryptionError: It does not decrypt.
        """
        if sealed is None:
            return None
        found: T = self._value(sealed.plain(self, binding_of(row)))
        return found

    def shown(self, sealed: Sealed[T] | None, row: object) -> Any:
        """Return the value as a part of a JSON document.

        Raises:
            EncryptionError: It does not decrypt.
        """
        if sealed is None:
            return None
        plain = sealed.plain(self, binding_of(row))
        if self.names:
            return renamed_json(plain, self.names)
        # What is no text of its own goes into the document unparsed.
        return orjson.Fragment(plain) if plain[:1] in (b"{", b"[") else orjson.loads(plain)

    @overload
    def digested(self, value: T) -> Digest: ...

    @overload
    def digested(self, value: T | None) -> Digest | None: ...

    def digested(self, value: T | None) -> Digest | None:
        """Return a value as its blind index has it; texts are equal when they look equal (NFC)."""
        if value is None and not self.holds_null:
            return None
        normal = unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        return Digest(self, self._bytes(normal))

    def redigested(self, sealed: Sealed[T], row: object) -> Digest | None:
        """Return the digest of a stored value.

        Raises:
            EncryptionError: It does not decrypt.
        """
        return self.digested(self.opened(sealed, row))

    def _bytes(self, value: object) -> bytes:
        if isinstance(value, Decimal) and self.scale is not None:
            value = f"{value:.{self.scale}f}"
        return dumps(value)

    def _value(self, plain: bytes) -> Any:
        if self.kind is None or self.kind is str:
            return orjson.loads(plain)
        return self._adapter.validate_json(b"[" + plain + b"]")[0]

    @cached_property
    def _adapter(self) -> TypeAdapter[list[Any]]:
        # Of a list, because pydantic refuses settings for a dataclass itself.
        kind: Any = GenericAlias(list, (self.kind,))
        return TypeAdapter(kind, config=ConfigDict(val_json_bytes="base64"))
