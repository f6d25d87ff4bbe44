"""JSON for the whole project: one encoder, so that a value looks the same wherever it leaves.

A decimal is a string, a datetime RFC 3339 in UTC with `Z`, a duration ISO 8601 (`PT5M`), bytes
standard base64, a set a sorted array.

Source: requirements 84, 127.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

import orjson
from ulid import ULID

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
"""Any JSON value."""

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def dumps(value: object) -> bytes:
    """Encode a value made of JSON types and those that the module's docstring names.

    Raises:
        TypeError: The value has a type that has no JSON form here.
    """
    return orjson.dumps(value, default=encode, option=_OPTIONS)


def loads(source: bytes | str) -> Json:
    """Decode one JSON document.

    Raises:
        ValueError: It is not JSON.
    """
    decoded: Json = orjson.loads(source)
    return decoded


def encode(value: object) -> object:
    """Turn what JSON does not know into what it knows: orjson's `default` function."""
    match value:
        case Decimal():
            return format(value, "f")
        case ULID():
            return str(value)
        case timedelta():
            return iso_duration(value)
        case bytes() | memoryview():
            return b64encode(value).decode("ascii")
        case set() | frozenset():
            return in_order(value)
        case Mapping():
            return dict(value)
        case str():
            # orjson takes no subclass of str that is not an enum, asyncpg's UUIDs have no other.
            return str.__str__(value)
        case _:
            # Drivers have UUID and datetime classes of their own that print like the standard's.
            if type(value).__name__ == "UUID":
                return str(value)
            raise TypeError(f"{type(value).__name__} has no JSON form")


def in_order[T](values: Iterable[T]) -> list[T]:
    """Return the elements of a set in the order that responses show them in."""
    items = list(values)
    try:
        items.sort()
    except TypeError:
        items.sort(key=dumps)
    return items


def iso_duration(value: timedelta) -> str:
    """Return an ISO 8601 duration in days, hours, minutes and seconds: `P1DT2H`, `PT0S`."""
    sign = "-" if value < timedelta() else ""
    value = abs(value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0").rstrip(".")
    clock = "".join(
        (
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{seconds}{fraction}S" if seconds or value.microseconds else "",
        )
    )
    days = f"{value.days}D" if value.days else ""
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}" + (f"T{clock}" if clock else "")
