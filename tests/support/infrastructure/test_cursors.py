"""Cursors give back the values they were made of, and nothing that a column could not hold."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.types import TypeEngine
from ulid import ULID

from apigen.support.core.errors import ValidationError
from apigen.support.infrastructure.column_types import (
    BIG_KEY,
    EnumText,
    Microseconds,
    ScaledDecimal,
    UlidString,
    UtcDateTime,
)
from apigen.support.infrastructure.cursors import decode_cursor, encode_cursor
from apigen.support.infrastructure.ordering import SortKey


class Genre(StrEnum):
    """An enum whose members are stored under other names."""

    SCIENCE = "science"


def key(kind: TypeEngine[Any], *, nullable: bool = False) -> SortKey:
    """Return a sort key of that type."""
    return SortKey(column=sa.column("it", kind), descending=False, nullable=nullable)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (sa.Integer(), -(2**31)),
        (BIG_KEY, 2**63 - 1),
        (sa.Float(), 0.1),
        (sa.Boolean(), True),
        (sa.String(9), "Zoë"),
        (sa.Uuid(), UUID(int=1)),
        (sa.Date(), date(1, 1, 1)),
        (sa.Time(), time(23, 59, 59, 999_999)),
        (UtcDateTime(), datetime(2026, 11, 23, 2, 8, 13, 489_094, tzinfo=UTC)),
        (UtcDateTime(), datetime(1, 1, 1, tzinfo=UTC)),
        (Microseconds(), timedelta(days=-3, microseconds=1)),
        (ScaledDecimal(10, 2), Decimal("-0.10")),
        (UlidString(), ULID.from_str("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        (EnumText(Genre, {"science": "sci"}), Genre.SCIENCE),
    ],
)
def test_a_cursor_keeps_a_value_of_any_type(kind: TypeEngine[Any], value: object) -> None:
    found = decode_cursor(encode_cursor("it", [value]), "it", [key(kind)])

    assert found == [value]
    assert type(found[0]) is type(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (sa.Integer(), 2**31),
        (sa.Integer(), True),
        (sa.Integer(), "1"),
        (BIG_KEY, 2**63),
        (sa.Float(), "1"),
        (sa.Boolean(), 1),
        (sa.String(9), "\0"),
        (sa.String(9), 1),
        (sa.Date(), 0),
        (UtcDateTime(), "2026-11-23T02:08:13"),
        (UtcDateTime(), "0001-01-01T00:00:00+10:00"),
        (UtcDateTime(), 1.5),
        (Microseconds(), "P999999999D"),
        (ScaledDecimal(10, 2), "1e99999"),
        (ScaledDecimal(10, 2), "NaN"),
        (ScaledDecimal(10, 2), "0.001"),
        (EnumText(Genre), "fiction"),
        (sa.Integer(), None),
        (sa.Integer(), {}),
    ],
)
def test_a_value_that_the_column_could_not_hold_is_refused(
    kind: TypeEngine[Any], value: object
) -> None:
    with pytest.raises(ValidationError) as caught:
        decode_cursor(encode_cursor("it", [value]), "it", [key(kind)])

    assert caught.value.field == "cursor"


def test_null_is_a_value_where_the_column_has_nulls() -> None:
    cursor = encode_cursor("it", [None])

    assert decode_cursor(cursor, "it", [key(sa.Integer(), nullable=True)]) == [None]
