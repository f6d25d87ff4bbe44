"""Values that clients filter by: from a query string's text, or from a JSON filter, to Python.

A JSON filter may give a number as a number; otherwise values are written as in bodies.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from ulid import ULID

from ..core.errors import ValidationError as ConstraintError
from ..domain.constraints import check_text
from ..domain.specification import Operator
from .fields import UlidText
from .moments import Day, Duration, Moment, TimeOfDay


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterType:
    """How a value is read, and how OpenAPI describes it."""

    parse: Callable[[object], object]
    """Raises ValueError with what is expected: `must be a whole number`."""
    schema: Mapping[str, object]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    try:
        check_text("", value)
    except ConstraintError as error:
        raise ValueError(error.message) from error
    return value


def _integer(bits: int) -> Callable[[object], int]:
    limit = 1 << (bits - 1)

    def parse(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,20}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not -limit <= value < limit:
            raise ValueError("must be a whole number" + (f" of {bits} bits" if bits < 64 else ""))
        return value

    return parse


_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")


def _real(value: object) -> float:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError("must be a number")


def _decimal(value: object) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise ValueError("must be a decimal number")


def _boolean(value: object) -> bool:
    match value:
        case bool():
            return value
        case "true":
            return True
        case "false":
            return False
        case _:
            raise ValueError("must be true or false")


def _uuid(value: object) -> UUID:
    try:
        if isinstance(value, str) and len(value) == 36:
            return UUID(value)
    except ValueError:
        pass
    raise ValueError("must be a UUID")


def _adapted(adapter: TypeAdapter[Any]) -> Callable[[object], object]:
    def parse(value: object) -> object:
        # In a query string a plus sign of an offset arrives as a blank.
        if isinstance(value, str):
            value = re.sub(r"(?<=\d) (?=\d\d:\d\d\Z)", "+", value)
        try:
            return adapter.validate_python(value)
        except ValidationError as error:
            raise ValueError(error.errors()[0]["msg"]) from error

    return parse


def _adapting(adapter: TypeAdapter[Any]) -> FilterType:
    # The adapters are of different types; a filter type hides which.
    return FilterType(parse=_adapted(adapter), schema=adapter.json_schema())


TEXT = FilterType(parse=_text, schema={"type": "string"})
INTEGER = FilterType(parse=_integer(32), schema={"type": "integer", "format": "int32"})
BIG_INTEGER = FilterType(parse=_integer(64), schema={"type": "integer", "format": "int64"})
REAL = FilterType(parse=_real, schema={"type": "number", "format": "double"})
DECIMAL = FilterType(
    parse=_decimal,
    schema={"type": "string", "format": "decimal", "pattern": f"^{_NUMBER.pattern}$"},
)
BOOLEAN = FilterType(parse=_boolean, schema={"type": "boolean"})
UUID_TEXT = FilterType(parse=_uuid, schema={"type": "string", "format": "uuid"})
ULID_TEXT = _adapting(TypeAdapter(Annotated[ULID, UlidText()]))
DATE = _adapting(TypeAdapter(Annotated[date, Day()]))
TIME = _adapting(TypeAdapter(Annotated[time, TimeOfDay()]))
MOMENT = _adapting(TypeAdapter(Annotated[datetime, Moment()]))
DURATION = _adapting(TypeAdapter(Annotated[timedelta, Duration()]))


def member_of(enum: type[StrEnum]) -> FilterType:
    """Return the type of a field that holds a member of `enum`."""
    names = [member.value for member in enum]

    def parse(value: object) -> StrEnum:
        if value not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return enum(value)

    return FilterType(parse=parse, schema={"type": "string", "enum": names})


EXACT = (Operator.EQ, Operator.IN)
CHOICE = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
RANGE = (
    Operator.EQ,
    Operator.NE,
    Operator.IN,
    Operator.LT,
    Operator.LTE,
    Operator.GT,
    Operator.GTE,
)
SHORT_TEXT = (Operator.EQ, Operator.NE, Operator.IN, Operator.CONTAINS, Operator.STARTSWITH)


def operators(*names: str) -> tuple[Operator, ...]:
    """Return operators by name, where none of the usual groups fits."""
    return tuple(Operator(name) for name in names)
