"""Opaque positions in a sorted list: where the next page begins.

A cursor holds the sort values of the last row that was seen. It belongs to one order; what comes
from a client is checked like any other input.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pydantic

from ..core.errors import ValidationError
from ..core.json import dumps, loads
from .column_types import can_hold, parser_of
from .ordering import SortKey

_MAX_LENGTH = 8_000


def encode_cursor(order: str, values: Sequence[Any]) -> str:
    """Return the cursor of a row.

    Args:
        order: The order it belongs to, as text.
        values: The row's values of the sort keys.
    """
    return urlsafe_b64encode(dumps([order, *values])).decode().rstrip("=")


def decode_cursor(cursor: str, order: str, keys: Sequence[SortKey]) -> list[Any]:
    """Return the values of the sort keys that a cursor holds.

    Raises:
        ValidationError: It was not made by `encode_cursor` for this order.
    """
    try:
        if len(cursor) > _MAX_LENGTH:
            raise ValueError("too long")
        decoded = loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(decoded, list) or len(decoded) != len(keys) + 1 or decoded[0] != order:
            raise ValueError("of another list")
        return [_value(key, value) for key, value in zip(keys, decoded[1:], strict=True)]
    except (ValueError, pydantic.ValidationError) as error:
        message = "is not a cursor of this list in this order"
        raise ValidationError("cursor", cursor, "cursor", message) from error


def _value(key: SortKey, value: object) -> Any:
    if value is None:
        if not key.nullable:
            raise ValueError("null where no value can be")
        return None
    kind = key.column.type
    parsed = parser_of(kind).validate_json(dumps(value), strict=True)
    # An instant without an offset, or with one that leads out of the calendar, has no UTC.
    if isinstance(parsed, datetime) and parsed.utcoffset() != timedelta(0):
        raise ValueError("not in UTC")
    if not can_hold(kind, parsed):
        raise ValueError("more than the column can hold")
    return parsed
