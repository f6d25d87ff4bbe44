"""Constraints of DTO fields: what passes, what comes out, what the schema says."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from ulid import ULID

from apigen.support.application.fields import (
    Binary,
    Digits,
    Integer,
    Items,
    JsonDocument,
    Real,
    Text,
    UlidText,
    ecma_pattern,
)
from apigen.support.application.moments import Day, Duration, Moment, TimeOfDay
from apigen.support.core.json import Json

# The adapters are of all kinds of types.
NAME: TypeAdapter[Any] = TypeAdapter(Annotated[str, Text(minimum=2, maximum=4)])
CODE: TypeAdapter[Any] = TypeAdapter(
    Annotated[str, Text(pattern="[A-Z]+", normalize=("trim", "upper"))]
)
EMAIL: TypeAdapter[Any] = TypeAdapter(Annotated[str, Text(format="email")])
KEY: TypeAdapter[Any] = TypeAdapter(Annotated[str, Text(in_path=True)])
COUNT: TypeAdapter[Any] = TypeAdapter(Annotated[int, Integer(minimum=1, lt=10)])
SMALL: TypeAdapter[Any] = TypeAdapter(Annotated[int, Integer()])
BIG: TypeAdapter[Any] = TypeAdapter(Annotated[int, Integer(bits=64)])
WEIGHT: TypeAdapter[Any] = TypeAdapter(Annotated[float, Real(minimum=0.0, step=0.1)])
PRICE: TypeAdapter[Any] = TypeAdapter(
    Annotated[Decimal, Digits(precision=5, scale=2, minimum=Decimal(0), lt=Decimal(500))]
)
WIDE: TypeAdapter[Any] = TypeAdapter(Annotated[Decimal, Digits(precision=38, scale=10)])
IMAGE: TypeAdapter[Any] = TypeAdapter(Annotated[bytes, Binary(minimum=1, maximum=3)])
ULIDS: TypeAdapter[Any] = TypeAdapter(Annotated[ULID, UlidText()])
TAGS: TypeAdapter[Any] = TypeAdapter(Annotated[frozenset[str], Items(maximum=2)])
LINES: TypeAdapter[Any] = TypeAdapter(Annotated[list[int], Items(minimum=1, maximum=2)])
ANY: TypeAdapter[Any] = TypeAdapter(Annotated[Json, JsonDocument()])
DAY: TypeAdapter[Any] = TypeAdapter(Annotated[date, Day(minimum=date(2000, 1, 1))])
CLOCK: TypeAdapter[Any] = TypeAdapter(Annotated[time, TimeOfDay()])
MOMENT: TypeAdapter[Any] = TypeAdapter(Annotated[datetime, Moment()])
SPAN: TypeAdapter[Any] = TypeAdapter(Annotated[timedelta, Duration(gt=timedelta())])

GOOD: list[tuple[TypeAdapter[Any], object, object]] = [
    (NAME, "ab", "ab"),
    (NAME, "😀😀😀😀", "😀😀😀😀"),
    (CODE, " ab ", "AB"),
    (EMAIL, "a@b.de", "a@b.de"),
    (KEY, "tea green", "tea green"),
    (COUNT, 1, 1),
    (COUNT, 9, 9),
    (SMALL, -(2**31), -(2**31)),
    (BIG, 2**63 - 1, 2**63 - 1),
    (WEIGHT, 0.3, 0.3),
    (WEIGHT, 2, 2.0),
    (PRICE, "1.5", Decimal("1.50")),
    (PRICE, "1.5000", Decimal("1.50")),
    (PRICE, 2, Decimal("2.00")),
    (PRICE, 0.1, Decimal("0.10")),
    (PRICE, Decimal("1E+2"), Decimal("100.00")),
    (PRICE, "-0", Decimal("0.00")),
    (
        WIDE,
        "1234567890123456789012345678.0123456789",
        Decimal("1234567890123456789012345678.0123456789"),
    ),
    (IMAGE, "AP8=", b"\x00\xff"),
    (IMAGE, b"abc", b"abc"),
    (ULIDS, "01ARZ3NDEKTSV4RRFFQ69G5FAV", ULID.from_str("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
    (TAGS, ["a", "b"], frozenset({"a", "b"})),
    (LINES, [1], [1]),
    (ANY, {"a": [1, None, {"b": True}]}, {"a": [1, None, {"b": True}]}),
    (DAY, "2000-01-01", date(2000, 1, 1)),
    (CLOCK, "14:30", time(14, 30)),
    (MOMENT, "2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
    (MOMENT, "2026-01-02t03:04:05.123456z", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
    (SPAN, "PT5M", timedelta(minutes=5)),
    (SPAN, "P1DT0.5S", timedelta(days=1, seconds=0.5)),
]
BAD: list[tuple[TypeAdapter[Any], object]] = [
    (NAME, "a"),
    (NAME, "abcde"),
    (NAME, "a\0b"),
    (NAME, "a\ud800"),
    (NAME, 12),
    (NAME, None),
    (CODE, "a1"),
    (EMAIL, "a"),
    (KEY, "bulk"),
    (KEY, "a/b"),
    (KEY, ".."),
    (COUNT, 0),
    (COUNT, 10),
    (COUNT, "1"),
    (COUNT, 1.0),
    (COUNT, True),
    (SMALL, 2**31),
    (BIG, 2**63),
    (WEIGHT, -0.1),
    (WEIGHT, 0.35),
    (WEIGHT, float("inf")),
    (WEIGHT, float("nan")),
    (WEIGHT, "1"),
    (WEIGHT, True),
    (PRICE, "1.234"),
    (PRICE, "1000"),
    (PRICE, "500"),
    (PRICE, "-0.01"),
    (PRICE, "1e1"),
    (PRICE, "1_0"),
    (PRICE, "\u0661"),
    (PRICE, " 1"),
    (PRICE, "NaN"),
    (PRICE, ""),
    (PRICE, True),
    (WIDE, 0.12345678901234567),
    (IMAGE, "AP8"),
    (IMAGE, "===="),
    (IMAGE, ""),
    (IMAGE, "AAAAAA=="),
    (IMAGE, "_w=="),
    (ULIDS, "81ARZ3NDEKTSV4RRFFQ69G5FAV"),
    (ULIDS, "01arz3ndektsv4rrffq69g5fav"),
    (ULIDS, 5),
    (TAGS, ["a", "a"]),
    (TAGS, ["a", "b", "c"]),
    (LINES, []),
    (LINES, [1, 2, 3]),
    (ANY, {"a": "\0"}),
    (ANY, {"\0": 1}),
    (DAY, "1999-12-31"),
    (DAY, "2000-02-30"),
    (DAY, "2000-1-1"),
    (DAY, "2000-01-01T00:00:00"),
    (DAY, 946684800),
    (CLOCK, "14:30Z"),
    (CLOCK, "25:00"),
    (CLOCK, 5),
    (MOMENT, "2026-01-02T03:04:05"),
    (MOMENT, "2026-01-02"),
    (MOMENT, "1700000000"),
    (MOMENT, 1700000000),
    (MOMENT, "0001-01-01T00:00:00+02:00"),
    (MOMENT, "9999-12-31T23:59:59-02:00"),
    (MOMENT, "2026-13-01T00:00:00Z"),
    (SPAN, "PT0S"),
    (SPAN, "5m"),
    (SPAN, "P1Y"),
    (SPAN, 300),
    (SPAN, "P999999999D"),
    (SPAN, "P" + "9" * 60 + "D"),
]


@pytest.mark.criterion("R84.2")
@pytest.mark.parametrize(("adapter", "value", "expected"), GOOD)
def test_a_good_value_becomes_what_python_has_for_it(
    adapter: TypeAdapter[Any], value: object, expected: object
) -> None:
    made = adapter.validate_python(value)

    assert (made, type(made), str(made)) == (expected, type(expected), str(expected))


@pytest.mark.parametrize(("adapter", "value", "expected"), GOOD)
def test_what_came_out_passes_again(
    adapter: TypeAdapter[Any], value: object, expected: object
) -> None:
    assert adapter.validate_python(expected) == expected


@pytest.mark.criterion("R70.1")
@pytest.mark.parametrize(("adapter", "value"), BAD)
def test_a_bad_value_is_refused(adapter: TypeAdapter[Any], value: object) -> None:
    with pytest.raises(ValidationError):
        adapter.validate_python(value)


def test_json_may_be_nested_but_not_without_end() -> None:
    deep: Json = 1
    for _ in range(64):
        deep = [deep]

    assert ANY.validate_python(deep) == deep
    with pytest.raises(ValidationError):
        ANY.validate_python([deep])


def test_json_that_is_required_is_not_null_though_null_may_be_in_it() -> None:
    assert ANY.validate_python({"nothing": None}) == {"nothing": None}
    with pytest.raises(ValidationError, match="null"):
        ANY.validate_python(None)


@pytest.mark.parametrize(
    ("adapter", "schema"),
    [
        (NAME, {"type": "string", "minLength": 2, "maxLength": 4}),
        (EMAIL, {"type": "string", "format": "idn-email"}),
        (COUNT, {"type": "integer", "format": "int32", "minimum": 1, "exclusiveMaximum": 10}),
        (SMALL, {"type": "integer", "format": "int32"}),
        (WEIGHT, {"type": "number", "format": "double", "minimum": 0.0, "multipleOf": 0.1}),
        (IMAGE, {"type": "string", "contentEncoding": "base64", "maxLength": 4}),
        (
            TAGS,
            {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 2},
        ),
        (LINES, {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}),
        (ANY, {"type": ["array", "boolean", "number", "object", "string"]}),
        (DAY, {"type": "string", "format": "date", "x-minimum": "2000-01-01"}),
        (MOMENT, {"type": "string", "format": "date-time"}),
        (SPAN, {"type": "string", "format": "duration", "x-exclusiveMinimum": "PT0S"}),
    ],
)
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_says_what_is_checked(
    adapter: TypeAdapter[Any], schema: dict[str, object], mode: Any
) -> None:
    assert adapter.json_schema(mode=mode) == schema


def test_a_decimal_is_written_as_a_string_and_read_from_numbers_too() -> None:
    written = {
        "type": "string",
        "format": "decimal",
        "pattern": r"^-?[0-9]{1,3}(\.[0-9]{1,2})?$",
        "x-minimum": "0",
        "x-exclusiveMaximum": "500",
    }
    number = {"type": "number", "minimum": 0, "exclusiveMaximum": 500}

    assert PRICE.json_schema(mode="serialization") == written
    assert PRICE.json_schema(mode="validation") == {"anyOf": [written, number]}
    assert WIDE.json_schema()["anyOf"][1] == {
        "type": "number",
        "description": "Of 15 digits at most; more are a string.",
    }


def test_a_decimal_without_places_is_read_from_whole_numbers() -> None:
    whole: TypeAdapter[Any] = TypeAdapter(
        Annotated[Decimal, Digits(precision=5, scale=0, maximum=Decimal(9))]
    )

    assert whole.json_schema()["anyOf"][1] == {"type": "integer", "maximum": 9}
    assert whole.validate_python(9.0) == Decimal(9)


@pytest.mark.parametrize(
    ("python", "ecma"),
    [
        ("[A-Z]+", "^(?:[A-Z]+)$"),
        ("^[A-Z]+$", "^[A-Z]+$"),
        ("^a|b$", "^(?:^a|b$)$"),
        (r"^a\$", r"^(?:^a\$)$"),
        (r"\Aa\Z", "^a$"),
        (r"(?P<x>a)(?P=x)", r"^(?:(?<x>a)\k<x>)$"),
        ("(?i)a", None),
        ("a++", None),
        ("(?>a)", None),
        ("a{,3}", None),
        ("[]a]", None),
        (r"\N{GREEK SMALL LETTER ALPHA}", None),
        (r"\07", None),
        (r"\\N", r"^(?:\\N)$"),
    ],
)
def test_patterns_are_translated_or_left_out(python: str, ecma: str | None) -> None:
    assert ecma_pattern(python) == ecma
