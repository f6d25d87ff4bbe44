"""One encoder for everything that leaves a project."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from ulid import ULID

from apigen.support.core.json import dumps, in_order, iso_duration, loads


class Colour(StrEnum):
    """An enum with a text value."""

    RED = "red"


@pytest.mark.criterion("R127.1", "R127.4", "R84.1")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), b'"2026-01-02T03:04:05Z"'),
        (UUID(int=1), b'"00000000-0000-0000-0000-000000000001"'),
        (Decimal("1E+2"), b'"100"'),
        (Decimal("0.10"), b'"0.10"'),
        (ULID.from_str("01ARZ3NDEKTSV4RRFFQ69G5FAV"), b'"01ARZ3NDEKTSV4RRFFQ69G5FAV"'),
        (timedelta(minutes=5), b'"PT5M"'),
        (b"\x00\xff", b'"AP8="'),
        (Colour.RED, b'"red"'),
        (date(2026, 1, 2), b'"2026-01-02"'),
        (time(3, 4), b'"03:04:00"'),
        (frozenset({3, 10, 2}), b"[2,3,10]"),
    ],
)
def test_special_types_have_one_form(value: object, expected: bytes) -> None:
    assert dumps(value) == expected


def test_other_time_zones_keep_the_moment() -> None:
    plus_two = timezone(timedelta(hours=2))

    assert datetime.fromisoformat(
        str(loads(dumps(datetime(2026, 1, 2, 3, tzinfo=plus_two))))
    ) == datetime(2026, 1, 2, 1, tzinfo=UTC)


@pytest.mark.criterion("R127.2")
def test_decoding_is_orjson_s() -> None:
    assert loads(b'{"a":[1,null]}') == {"a": [1, None]}
    with pytest.raises(orjson.JSONDecodeError):
        loads(b"{")


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError):
        dumps(object())


def test_elements_without_an_order_are_sorted_by_their_json() -> None:
    assert in_order([{"b": 1}, {"a": 2}]) == [{"a": 2}, {"b": 1}]


@given(st.timedeltas(min_value=timedelta(days=-90_000), max_value=timedelta(days=90_000)))
def test_durations_come_back_as_they_were(duration: timedelta) -> None:
    assert TypeAdapter(timedelta).validate_python(iso_duration(duration)) == duration
