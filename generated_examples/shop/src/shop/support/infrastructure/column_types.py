"""Column types that hold the same values on PostgreSQL and on SQLite.

How a stored value is read as part of a JSON document is in `json_columns`. Knows nothing of tables.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import GenericAlias
from typing import Any

import orjson
import sqlalchemy as sa
from pydantic import ConfigDict, TypeAdapter
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from ulid import ULID

from ..core.errors import ValidationError
from ..core.json import dumps

_INT64_MAX = 2**63 - 1
_INTEGER_BITS = ((sa.BigInteger, 63), (sa.SmallInteger, 15), (sa.Integer, 31))

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A generated 64-bit key: SQLite only numbers rows of a column declared exactly `INTEGER`."""


def on_sqlite(dialect: Dialect) -> bool:
    """Tell whether values are stored as SQLite has them."""
    return dialect.name == "sqlite"


class ScaledDecimal(TypeDecorator[Decimal]):
    """An exact decimal: `NUMERIC(p, s)` on PostgreSQL, an integer of the last digit on SQLite.

    SQLite has no exact decimals: its `NUMERIC` is a float, and text neither compares nor adds.
    """

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        """Keep `precision` digits, `scale` of them after the point."""
        self.precision = precision
        self.scale = scale
        super().__init__(precision, scale)

    def __repr__(self) -> str:
        """Return the constructor call, for migrations."""
        return f"ScaledDecimal({self.precision}, {self.scale})"

    @property
    def python_type(self) -> type[Decimal]:
        """Return what a row holds."""
        return Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the stored form."""
        if on_sqlite(dialect):
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """Store the value.

        Raises:
            ValidationError: It has more digits than the column.
        """
        if value is None or not on_sqlite(dialect):
            return value
        scaled = Decimal(value).scaleb(self.scale)
        if scaled != scaled.to_integral_value() or abs(scaled) > _INT64_MAX:
            raise ValidationError(
                field="",
                value=value,
                constraint="digits",
                message=f"has more than {self.scale} decimal places or is too large",
            )
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Read the value with all its decimal places."""
        if value is None or not on_sqlite(dialect):
            stored: Decimal | None = value
            return stored
        return Decimal(value).scaleb(-self.scale)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: `timestamptz` on PostgreSQL, `YYYY-MM-DD HH:MM:SS.ffffff` in UTC on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def __init__(self) -> None:
        """Keep microseconds."""
        super().__init__(timezone=True)

    def __repr__(self) -> str:
        """Return the constructor call, for migrations."""
        return "UtcDateTime()"

    @property
    def python_type(self) -> type[datetime]:
        """Return what a row holds."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the instant in UTC.

        Raises:
            ValueError: The value is naive.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if on_sqlite(dialect) else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Microseconds(TypeDecorator[timedelta]):
    """A length of time: `interval` on PostgreSQL, an integer of microseconds on SQLite."""

    impl = sa.Interval
    cache_ok = True

    def __repr__(self) -> str:
        """Return the constructor call, for migrations."""
        return "Microseconds()"

    @property
    def python_type(self) -> type[timedelta]:
        """Return what a row holds."""
        return timedelta

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the stored form."""
        if on_sqlite(dialect):
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(postgresql.INTERVAL())

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> Any:
        """Store the duration."""
        if value is None or not on_sqlite(dialect):
            return value
        return value // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        """Read the duration."""
        if value is None or not on_sqlite(dialect):
            stored: timedelta | None = value
            return stored
        return timedelta(microseconds=value)


class UlidString(TypeDecorator[ULID]):
    """A ULID as its 26 characters, which sort by time."""

    impl = sa.String
    cache_ok = True

    def __init__(self) -> None:
        """Keep 26 characters."""
        super().__init__(26)

    def __repr__(self) -> str:
        """Return the constructor call, for migrations."""
        return "UlidString()"

    @property
    def python_type(self) -> type[ULID]:
        """Return what a row holds."""
        return ULID

    def process_bind_param(self, value: ULID | None, dialect: Dialect) -> str | None:
        """Store the text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> ULID | None:
        """Read the text."""
        return None if value is None else ULID.from_str(value)


class EnumText[EnumT: StrEnum](TypeDecorator[EnumT]):
    """An enum as text: a member is stored under a value that renaming it does not change."""

    impl = sa.String
    cache_ok = True

    def __init__(self, kind: type[EnumT], stored: Mapping[str, str] | None = None) -> None:
        """Store members of `kind`.

        Args:
            kind: The enum; the value of a member is its name in the API.
            stored: Member value to stored text, for those that differ.
        """
        self.kind = kind
        # A tuple, because SQLAlchemy hashes the arguments of a type for its statement cache.
        self.stored = tuple((stored or {}).items())
        texts = [dict(self.stored).get(member.value, member.value) for member in kind]
        super().__init__(max(map(len, texts)))
        self._texts = dict(zip(kind, texts, strict=True))
        self._members = dict(zip(texts, kind, strict=True))

    def __repr__(self) -> str:
        """Return the stored type, for migrations."""
        return repr(self.impl_instance)

    @property
    def python_type(self) -> type[EnumT]:
        """Return what a row holds."""
        return self.kind

    def process_bind_param(self, value: EnumT | str | None, dialect: Dialect) -> str | None:
        """Store the member's text."""
        return None if value is None else self._texts[self.kind(value)]

    def process_result_value(self, value: str | None, dialect: Dialect) -> EnumT | None:
        """Read the member."""
        return None if value is None else self._members[value]


class JsonText[T](TypeDecorator[T]):
    """What both JSON types share: `jsonb` on PostgreSQL, text on SQLite.

    SQLite's own `JSON` is a numeric column to it, which would turn the text `1e400` into a float.
    """

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the stored form."""
        if on_sqlite(dialect):
            return dialect.type_descriptor(sa.Text())
        return dialect.type_descriptor(postgresql.JSONB(none_as_null=True))

    # The processors of the underlying type are replaced, not wrapped: they would call the
    # `json` module of the standard library once more.
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        """Store the value as JSON text."""
        return lambda value: None if value is None else self.to_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], T | None]:
        """Read the value from JSON text."""
        return lambda text: None if text is None else self.from_text(text)

    def to_text(self, value: Any) -> str:
        """Return the JSON text of `value`."""
        raise NotImplementedError

    def from_text(self, text: str) -> T:
        """Return the value of a JSON text."""
        raise NotImplementedError


class Json(JsonText[Any]):
    """Any JSON value. Of a column that is not nullable, `None` is JSON's own `null`."""

    cache_ok = True

    def __init__(self, *, nullable: bool) -> None:
        """Keep any value; `nullable` columns store `None` as a missing value."""
        self.nullable = nullable
        super().__init__(none_as_null=nullable)
        self.should_evaluate_none = not nullable

    def __repr__(self) -> str:
        """Return the constructor call, for migrations."""
        return f"Json(nullable={self.nullable})"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        """Store the value as JSON text."""
        if self.nullable:
            return super().bind_processor(dialect)
        return self.to_text

    def to_text(self, value: Any) -> str:
        """Return the JSON text of `value`."""
        return dumps(value).decode()

    def from_text(self, text: str) -> Any:
        """Return the value of a JSON text."""
        return orjson.loads(text)


class JsonOf[T](JsonText[T]):
    """A value object, union or collection as JSON, validated by its own type when it is read."""

    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """Keep values of `kind`: a class, a union or a parametrised collection."""
        # `Any`, because `list[Money]` and unions are no `type[...]`.
        self.kind = kind
        super().__init__(none_as_null=True)

    def __repr__(self) -> str:
        """Return what migrations write: the stored form is the same for every kind."""
        return "Json(nullable=True)"

    @cached_property
    def _adapter(self) -> TypeAdapter[list[T]]:
        # Of a list, because pydantic refuses settings for a dataclass itself.
        kind: Any = GenericAlias(list, (self.kind,))
        return TypeAdapter(kind, config=ConfigDict(val_json_bytes="base64"))

    def to_text(self, value: T) -> str:
        """Return the JSON text of `value`, by the encoder of responses: reads pass it on."""
        return dumps(value).decode()

    def from_text(self, text: str) -> T:
        """Return the value of a JSON text."""
        return self._adapter.validate_json(f"[{text}]")[0]


_parsers: dict[type[Any], TypeAdapter[Any]] = {}
"""To make one costs more than to read a page of rows."""


def parser_of(kind: TypeEngine[Any]) -> TypeAdapter[Any]:
    """Return what reads a value of a column of `kind` from JSON, such as a cursor's."""
    found = _parsers.get(kind.python_type)
    if found is None:
        found = _parsers[kind.python_type] = TypeAdapter(kind.python_type)
    return found


def can_hold(kind: TypeEngine[Any], value: object) -> bool:
    """Tell whether a column of this type can hold the value at all."""
    if isinstance(kind, ScaledDecimal) and isinstance(value, int | Decimal):
        decimal = Decimal(value)
        fits = decimal.is_finite() and abs(decimal) < Decimal(10) ** (kind.precision - kind.scale)
        return fits and bool(decimal == round(decimal, kind.scale))
    if isinstance(value, str):
        return "\0" not in value
    if isinstance(value, timedelta):
        return abs(value) <= timedelta(microseconds=_INT64_MAX)
    if isinstance(value, int) and not isinstance(value, bool):
        for column_type, bits in _INTEGER_BITS:
            if isinstance(kind, column_type):
                return -(1 << bits) <= value < 1 << bits
    return True
