"""How columns are read for JSON documents, so that reads build no Python values only to print them.

Knows nothing of tables, nor of documents as a whole.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from .column_types import EnumText, JsonText, ScaledDecimal, UlidString, UtcDateTime, on_sqlite

# What a driver gives is of whatever type, hence Any.
type _Read = Callable[[Any], Any]


class _EnumName(TypeDecorator[str]):
    """Read the stored text of an enum as the name of its member."""

    impl = sa.String
    cache_ok = True

    def __init__(self, stored: tuple[tuple[str, str], ...]) -> None:
        self.stored = stored
        super().__init__()
        self._names = {text: name for name, text in stored}

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self._names.get(value, value)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


class _DecimalText(ScaledDecimal):
    """Read a decimal as its text, with all its decimal places."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read:
        if on_sqlite(dialect):
            return _scaled_text(self.scale)
        stored = self.impl_instance.result_processor(dialect, coltype)
        if stored is None:
            return _plain
        return lambda value: _plain(stored(value))


def _scaled_text(scale: int) -> _Read:
    """Return what reads the integer that a decimal is stored as: 1250 is `12.50`."""
    width = scale + 1

    def read(value: int | None) -> str | None:
        if value is None:
            return None
        digits = f"{value:0{width}}" if value >= 0 else f"{value:0{width + 1}}"
        return f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits

    return read


class _Instant(UtcDateTime):
    """Read an instant: PostgreSQL's driver gives it in UTC already, SQLite has its text."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read | None:
        if not on_sqlite(dialect):
            return None
        parse = super().result_processor(dialect, coltype)

        def read(value: str | None) -> Any:
            if value is None:
                return None
            if len(value) == _STORED_INSTANT and value[10] == " ":
                fraction = value[19:]
                return f"{value[:10]}T{value[11:19]}{'' if fraction == '.000000' else fraction}Z"
            return parse(value) if parse is not None else value

        return read


_STORED_INSTANT = len("2026-01-01 00:00:00.000000")


class _UuidText(TypeDecorator[Any]):
    """Read a UUID as its text: the driver of PostgreSQL has a class of its own."""

    impl = sa.Uuid
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> _Read:
        return _stored_uuid if on_sqlite(dialect) else _text


def _stored_uuid(value: str | None) -> str | None:
    """Read the 32 digits that a UUID is stored as."""
    if value is None:
        return None
    if len(value) != 32:
        return str(UUID(value))
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


class _JsonFragment(TypeDecorator[orjson.Fragment]):
    """Read stored JSON as a piece of the document, unparsed."""

    impl = sa.Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> orjson.Fragment | None:
        return None if value is None else orjson.Fragment(value)


type Names = Mapping[str, tuple[str, Names]]
"""Stored key to the key that clients know, and the same for what is inside the value; `*` stands
for every key of a map."""

type _FrozenNames = tuple[tuple[str, str, _FrozenNames], ...]


class RenamedJson(TypeDecorator[Any]):
    """Read stored JSON with the keys that clients know."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, names: Names) -> None:
        """Rename keys as `names` says; others stay."""
        # Tuples, because SQLAlchemy hashes the arguments of a type for its statement cache.
        self.names = _frozen(names)
        super().__init__()
        self._renames = names

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read and rename."""
        return None if value is None else renamed_json(value, self._renames)


def renamed_json(text: str | bytes, names: Names) -> Any:
    """Return the value of a JSON text with the keys that clients know."""
    return _renamed(orjson.loads(text), names)


def _frozen(names: Names) -> _FrozenNames:
    return tuple((key, name, _frozen(below)) for key, (name, below) in names.items())


def _renamed(value: Any, names: Names) -> Any:
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, dict) or not names:
        return value
    if "*" in names:
        return {key: _renamed(item, names["*"][1]) for key, item in value.items()}
    renamed = {}
    for key, item in value.items():
        name, below = names.get(key, (key, {}))
        renamed[name] = _renamed(item, below)
    return renamed


def json_ready(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type that reads a column of `kind` as what a JSON document needs.

    Dates, numbers and texts stay as they are: orjson writes them itself.
    """
    match kind:
        case EnumText():
            return _EnumName(kind.stored) if kind.stored else sa.String()
        case UlidString():
            return sa.String()
        case UtcDateTime():
            return _Instant()
        case sa.Uuid():
            return _UuidText()
        case ScaledDecimal():
            return _DecimalText(kind.precision, kind.scale)
        case JsonText():
            return _JsonFragment()
        case _:
            return kind
