"""Encrypt and decrypt the rows that are there, in a revision: what no database can do by itself.

Rows are read and written in batches, in the transaction of the revision. The keys are those of the
settings; a revision that finds no value needs none.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

from ..core.encryption_settings import EncryptionKeys, IndexKey
from ..core.errors import EncryptionError
from ..core.settings import ProjectSettings, load_settings
from .column_types import Json, ScaledDecimal
from .encrypted_columns import keys_of
from .field_encryption import EncryptedField, Sealed
from .key_ring import KeyRing

_BATCH = 500


class _KeySettings(ProjectSettings):
    """The keys of a project, also of one whose settings have none any more."""

    encryption_keys: EncryptionKeys
    encryption_index_key: IndexKey | None = None


class Sealing:
    """What the ciphertexts of a column are bound to."""

    def __init__(self, name: str, column: str, *, key: Sequence[sa.ColumnClause[Any]]) -> None:
        """Bind to the field `name` and to the key of each row.

        Args:
            name: Of the field, for good.
            column: As messages call it.
            key: Columns of the primary key, with their types.
        """
        self.name = name
        self.column = column
        self.key = tuple(key)

    def field(self, kind: TypeEngine[Any]) -> EncryptedField[Any]:
        """Return the field, whose values are those of a column of `kind`."""
        is_json = isinstance(kind, Json)
        return EncryptedField(
            name=self.name,
            column=self.column,
            kind=None if is_json else kind.python_type,
            scale=kind.scale if isinstance(kind, ScaledDecimal) else None,
            holds_null=is_json,
        )


def seal_column(
    table: str,
    column: str,
    value: sa.ColumnElement[Any],
    sealing: Sealing,
    *,
    schema: str | None = None,
    again: bool = False,
) -> None:
    """Encrypt a value of each row into a column.

    Args:
        table: The table.
        column: Gets the ciphertexts.
        value: What is encrypted; rows in which it is NULL are left alone.
        sealing: What the ciphertexts are bound to.
        schema: Of the table.
        again: Whether rows that have one get a new one.

    Raises:
        EncryptionError: There are no keys.
    """
    field = sealing.field(value.type)
    target = sa.column(column, sa.LargeBinary())
    where = [value.is_not(None), *([] if again else [target.is_(None)])]

    def change(found: Any, key: Any, ring: KeyRing) -> bytes | None:
        made = field.sealed(found, key)
        return None if made is None else made.ciphertext(ring)

    _each(_table(table, schema, sealing, target), sealing, value, where, target, change)


def open_column(
    table: str,
    column: str,
    source: str,
    kind: TypeEngine[Any],
    sealing: Sealing,
    *,
    schema: str | None = None,
) -> None:
    """Decrypt the column `source` into another, of `kind`.

    Raises:
        EncryptionError: There are no keys, or a value does not decrypt.
    """
    field = sealing.field(kind)

    def change(found: bytes, key: Any, ring: KeyRing) -> Any:
        return field.opened(Sealed.stored(bytes(found), ring), key)

    _each_sealed(table, schema, sealing, source, sa.column(column, kind), change)


def digest_column(
    table: str,
    column: str,
    source: str,
    kind: TypeEngine[Any],
    sealing: Sealing,
    *,
    schema: str | None = None,
) -> None:
    """Give each row the digest of what the column `source` has encrypted, of `kind`.

    Raises:
        EncryptionError: There are no keys, or a value does not decrypt.
    """
    field = sealing.field(kind)

    def change(found: bytes, key: Any, ring: KeyRing) -> bytes | None:
        made = field.redigested(Sealed.stored(bytes(found), ring), key)
        return None if made is None else made.digest(ring)

    _each_sealed(table, schema, sealing, source, sa.column(column, sa.LargeBinary()), change)


def _table(
    name: str, schema: str | None, sealing: Sealing, *columns: sa.ColumnClause[Any]
) -> sa.TableClause:
    # A column belongs to one table: copies, so that a sealing can be used again.
    own = [sa.column(one.name, one.type) for one in (*sealing.key, *columns)]
    return sa.table(name, *own, schema=schema)


def _each_sealed(
    table: str,
    schema: str | None,
    sealing: Sealing,
    source: str,
    target: sa.ColumnClause[Any],
    change: Callable[[bytes, Any, KeyRing], Any],
) -> None:
    """Give each row in `target` what `change` makes of the ciphertext in the column `source`."""
    sealed = sa.column(source, sa.LargeBinary())
    stored = _table(table, schema, sealing, sealed, target)
    _each(stored, sealing, sealed, [sealed.is_not(None)], target, change)


def _each(
    table: sa.TableClause,
    sealing: Sealing,
    value: sa.ColumnElement[Any],
    where: Sequence[sa.ColumnElement[bool]],
    target: sa.ColumnClause[Any],
    change: Callable[[Any, Any, KeyRing], Any],
) -> None:
    """Give each row in `target` what `change` makes of a value, of the row's key, with the keys."""
    connection = op.get_bind()
    ring: KeyRing | None = None
    key = [table.c[one.name] for one in sealing.key]
    for rows in _batches(connection, table, key, value, where):
        ring = ring or _ring(connection)
        for row in rows:
            *found, plain = row
            bound: Any = found[0] if len(found) == 1 else tuple(found)
            same = (one == part for one, part in zip(key, found, strict=True))
            made = change(plain, bound, ring)
            connection.execute(sa.update(table).where(*same).values({table.c[target.name]: made}))


def _batches(
    connection: sa.Connection,
    table: sa.TableClause,
    key: Sequence[sa.ColumnClause[Any]],
    value: sa.ColumnElement[Any],
    where: Sequence[sa.ColumnElement[bool]],
) -> Iterator[Sequence[Sequence[Any]]]:
    statement = sa.select(*key, value).select_from(table).where(*where).order_by(*key).limit(_BATCH)
    rows: Sequence[Sequence[Any]] = connection.execute(statement).all()
    while rows:
        yield rows
        last = [sa.literal(part, one.type) for one, part in zip(key, rows[-1], strict=False)]
        later = key[0] > last[0] if len(key) == 1 else sa.tuple_(*key) > sa.tuple_(*last)
        rows = connection.execute(statement.where(later)).all()


def _ring(connection: sa.Connection) -> KeyRing:
    try:
        return keys_of(connection.dialect)
    except EncryptionError:
        settings = load_settings(_KeySettings)
        return KeyRing.of(settings.encryption_keys, settings.encryption_index_key)
