"""Constraints of DTO fields that hold a date, a time of day, a moment or a duration.

Numbers are refused: JSON says nothing about their unit. Moments are kept in UTC.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

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


@dataclass(frozen=True, kw_only=True)
class _Bounded[T: (date, datetime, time, timedelta)]:
    """A value that comes as a string of one format, within four bounds."""

    format: ClassVar[str]
    """Of the JSON schema."""
    minimum: T | None = None
    maximum: T | None = None
    gt: T | None = None
    lt: T | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Parse in one function."""
        return core_schema.no_info_plain_validator_function(self._parse)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the format; JSON schema has no bounds for it, so extensions do."""
        keys = (
            ("x-minimum", self.minimum),
            ("x-maximum", self.maximum),
            ("x-exclusiveMinimum", self.gt),
            ("x-exclusiveMaximum", self.lt),
        )
        stated = {
            key: iso_duration(bound) if isinstance(bound, timedelta) else bound.isoformat()
            for key, bound in keys
            if bound is not None
        }
        return {"type": "string", "format": self.format} | stated

    def _parse(self, value: object) -> T:
        """Return the value, or refuse it; not asked where the schema is another."""
        raise NotImplementedError

    def _within(self, value: T) -> T:
        try:
            check_number(
                "", value, minimum=self.minimum, maximum=self.maximum, gt=self.gt, lt=self.lt
            )
        except ValidationError as error:
            raise refused(error) from error
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(_Bounded[date]):
    """A date, `2026-11-23`."""

    format = "date"

    def _parse(self, value: object) -> date:
        if isinstance(value, str) and _DATE.fullmatch(value):
            with suppress(ValueError):
                value = date.fromisoformat(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._within(value)
        raise PydanticCustomError("date", "must be a date such as 2026-11-23")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay(_Bounded[time]):
    """A time without a zone, `14:30:00`."""

    # `time` of JSON schema would want a zone.
    format = "partial-time"

    def _parse(self, value: object) -> time:
        if isinstance(value, str) and _TIME.fullmatch(value):
            with suppress(ValueError):
                value = time.fromisoformat(value)
        if isinstance(value, time) and value.tzinfo is None:
            return self._within(value)
        raise PydanticCustomError("time", "must be a time without a zone such as 14:30:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(_Bounded[datetime]):
    """A date and time with an offset; kept in UTC."""

    format = "date-time"

    def _parse(self, value: object) -> datetime:
        moment: datetime | None = None
        # Midnight of the first and last days of the calendar has no UTC in every zone.
        with suppress(ValueError, OverflowError):
            if isinstance(value, str) and _DATETIME.fullmatch(value):
                value = datetime.fromisoformat(value.upper())
            if isinstance(value, datetime) and value.tzinfo is not None:
                moment = value.astimezone(UTC)
        if moment is not None:
            return self._within(moment)
        raise PydanticCustomError(
            "datetime", "must be a date and time with an offset such as 2026-11-23T14:30:00Z"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration(_Bounded[timedelta]):
    """A length of time, ISO 8601 without months and years: `PT5M`, `P1DT12H`."""

    format = "duration"

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

    def _refuse_others(self, value: object) -> object:
        if isinstance(value, timedelta) or (
            isinstance(value, str) and len(value) <= 64 and _DURATION.fullmatch(value)
        ):
            return value
        raise PydanticCustomError("duration", "must be an ISO 8601 duration such as PT5M")

    def _check(self, value: timedelta) -> timedelta:
        if abs(value) > _LONGEST:
            raise PydanticCustomError("duration", "must be shorter than 100 million days")
        return self._within(value)
