"""Constraints of DTO fields that hold a date, a time of day, a moment or a duration.

Numbers are refused: JSON says nothing about their unit. Moments are kept in UTC.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ..core.errors import ValidationError
from ..core.json import iso_duration
from ..domain.constraints import check_number
from .fields import refused

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)
_DURATION = re.compile(r"[+-]?P(?=.)(\d+W|(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)", re.ASCII)
_LONGEST = timedelta(days=100_000_000)
"""What 64 bits of microseconds can hold, rounded down."""


class _Bounded[T: (date, datetime, time, timedelta)](Protocol):
    """Anything with the four bounds."""

    @property
    def minimum(self) -> T | None: ...
    @property
    def maximum(self) -> T | None: ...
    @property
    def gt(self) -> T | None: ...
    @property
    def lt(self) -> T | None: ...


def _within[T: (date, datetime, time, timedelta)](value: T, bounds: _Bounded[T]) -> T:
    try:
        check_number(
            "",
            value,
            minimum=bounds.minimum,
            maximum=bounds.maximum,
            gt=bounds.gt,
            lt=bounds.lt,
        )
    except ValidationError as error:
        raise refused(error) from error
    return value


def _described[T: (date, datetime, time, timedelta)](
    format: str, bounds: _Bounded[T]
) -> JsonSchemaValue:
    """Describe a string of that format; JSON schema has no bounds for it, so extensions do."""
    keys = (
        ("x-minimum", bounds.minimum),
        ("x-maximum", bounds.maximum),
        ("x-exclusiveMinimum", bounds.gt),
        ("x-exclusiveMaximum", bounds.lt),
    )
    stated = {
        key: iso_duration(bound) if isinstance(bound, timedelta) else bound.isoformat()
        for key, bound in keys
        if bound is not None
    }
    return {"type": "string", "format": format} | stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date, `2026-11-23`."""

    minimum: date | None = None
    maximum: date | None = None
    gt: date | None = None
    lt: date | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Parse in one function."""
        return core_schema.no_info_plain_validator_function(self._parse)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the format."""
        return _described("date", self)

    def _parse(self, value: object) -> date:
        if isinstance(value, str) and _DATE.fullmatch(value):
            with suppress(ValueError):
                value = date.fromisoformat(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return _within(value, self)
        raise PydanticCustomError("date", "must be a date such as 2026-11-23")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay:
    """A time without a zone, `14:30:00`."""

    minimum: time | None = None
    maximum: time | None = None
    gt: time | None = None
    lt: time | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Parse in one function."""
        return core_schema.no_info_plain_validator_function(self._parse)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the format; `time` of JSON schema would want a zone."""
        return _described("partial-time", self)

    def _parse(self, value: object) -> time:
        if isinstance(value, str) and _TIME.fullmatch(value):
            with suppress(ValueError):
                value = time.fromisoformat(value)
        if isinstance(value, time) and value.tzinfo is None:
            return _within(value, self)
        raise PydanticCustomError("time", "must be a time without a zone such as 14:30:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date and time with an offset; kept in UTC."""

    minimum: datetime | None = None
    maximum: datetime | None = None
    gt: datetime | None = None
    lt: datetime | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Parse in one function."""
        return core_schema.no_info_plain_validator_function(self._parse)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the format."""
        return _described("date-time", self)

    def _parse(self, value: object) -> datetime:
        moment: datetime | None = None
        # Midnight of the first and last days of the calendar has no UTC in every zone.
        with suppress(ValueError, OverflowError):
            if isinstance(value, str) and _DATETIME.fullmatch(value):
                value = datetime.fromisoformat(value.upper())
            if isinstance(value, datetime) and value.tzinfo is not None:
                moment = value.astimezone(UTC)
        if moment is not None:
            return _within(moment, self)
        raise PydanticCustomError(
            "datetime", "must be a date and time with an offset such as 2026-11-23T14:30:00Z"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time, ISO 8601 without months and years: `PT5M`, `P1DT12H`."""

    minimum: timedelta | None = None
    maximum: timedelta | None = None
    gt: timedelta | None = None
    lt: timedelta | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic parse what has the right form."""
        return core_schema.no_info_after_validator_function(
            self._check,
            core_schema.no_info_before_validator_function(
                self._refuse_others, core_schema.timedelta_schema()
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the format."""
        return _described("duration", self)

    def _refuse_others(self, value: object) -> object:
        if isinstance(value, timedelta) or (
            isinstance(value, str) and len(value) <= 64 and _DURATION.fullmatch(value)
        ):
            return value
        raise PydanticCustomError("duration", "must be an ISO 8601 duration such as PT5M")

    def _check(self, value: timedelta) -> timedelta:
        if abs(value) > _LONGEST:
            raise PydanticCustomError("duration", "must be shorter than 100 million days")
        return _within(value, self)
