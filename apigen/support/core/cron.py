"""Cron expressions: when something is due again. Arithmetic only, nothing waits here.

Minute, hour, day of the month, month and day of the week, as crontab(5) has them: `*`, numbers,
ranges `1-5`, steps `*/15` and `10-50/20`, lists of these, names of months and days, 0 and 7 for
Sunday, and `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. Where both kinds of days are
restricted, either is enough.

Where clocks are put forward or back, an expression with fixed hours is due once on such a day: at
a time that is skipped, as much later as the clocks skip; at a time that comes twice, the first. One
whose hours begin with `*` is due by the time that really passes.

Source: requirement 67.1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MACROS: Mapping[str, str] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/([0-9]+))?")
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_AT_MOST = timedelta(days=366 * 9)
"""The longest wait: from a 29 February to the next across a year such as 2100."""
_SKIP = timedelta(hours=25)
"""More than clocks were ever put forward or back at once."""


class CronError(ValueError):
    """An expression that can not be read, or is never due; the message says why."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_MINUTE, _HOUR = _Field("minute", 0, 59), _Field("hour", 0, 23)
_DAY, _MONTH = _Field("day of the month", 1, 31), _Field("month", 1, 12, _MONTHS)
_WEEKDAY = _Field("day of the week", 0, 7, _DAYS)
_FIELDS = (_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY)


@dataclass(frozen=True, slots=True)
class CronSchedule:
    """When something is due, in one time zone; made by `parse`."""

    expression: str
    zone: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    any_day_matches: bool
    """Whether a day has to be in `days` and in `weekdays`, one of which has all; else in either."""
    passes_time: bool
    """Due by the time that passes rather than by what clocks show."""

    @classmethod
    def parse(cls, expression: str, zone: str = "UTC") -> "CronSchedule":
        """Read an expression.

        Args:
            expression: Five fields, or a word such as `@daily`.
            zone: Name of the time zone, as IANA has it.

        Raises:
            CronError: It can not be read, is never due, or there is no such time zone.
        """
        written = _MACROS.get(expression.strip().lower(), expression).lower().split()
        if len(written) != len(_FIELDS):
            if expression.strip().startswith("@"):
                raise CronError(f"no such word; there are {', '.join(_MACROS)}")
            raise CronError(
                f"{len(written)} field{'s' if len(written) != 1 else ''} instead of 5: minute, "
                "hour, day of the month, month, day of the week"
            )
        minutes, hours, days, months, weekdays = (
            _read(part, field) for part, field in zip(written, _FIELDS, strict=True)
        )
        _zone(zone)
        all_days = written[2].startswith("*") or written[4].startswith("*")
        found = cls(
            expression=expression,
            zone=zone,
            minutes=tuple(sorted(minutes)),
            hours=tuple(sorted(hours)),
            days=frozenset(days),
            months=frozenset(months),
            weekdays=frozenset(day % 7 for day in weekdays),
            any_day_matches=all_days,
            passes_time=written[1].startswith("*"),
        )
        if all_days and not any(min(days) <= _LONGEST_MONTH[month - 1] for month in months):
            raise CronError("it is never due: none of its months has such a day")
        return found

    def after(self, moment: datetime) -> datetime:
        """Return the first time after `moment` at which it is due, in UTC.

        Args:
            moment: With a time zone.

        Raises:
            CronError: It is not due again in the years that can be told.
        """
        return next(self.upcoming(moment))

    def upcoming(self, moment: datetime) -> Iterator[datetime]:
        """Yield the times after `moment` at which it is due, in UTC, earliest first.

        Raises:
            CronError: It is not due again in the years that can be told.
        """
        zone = _zone(self.zone)
        instants = self._passing(moment, zone) if self.passes_time else self._shown(moment, zone)
        last = moment
        for found in instants:
            # Two times of a day may be one moment, where clocks are put forward.
            if found > last:
                last = found
                yield found

    def latest(self, moment: datetime, *, since: datetime) -> datetime | None:
        """Return the last time until `moment` at which it was due, None when `since` is later.

        Args:
            moment: With a time zone; a time that is due then counts.
            since: The earliest time that counts.
        """
        found = None
        for due in self.upcoming(since - timedelta(microseconds=1)):
            if due > moment:
                break
            found = due
        return found

    def _shown(self, moment: datetime, zone: tzinfo) -> Iterator[datetime]:
        """Yield times by what clocks show, each when they show it first."""
        # A skipped time is due later than clocks would say, so the search begins before.
        clock = moment.astimezone(zone).replace(tzinfo=None) - _SKIP
        day = clock.replace(hour=0, minute=0, second=0, microsecond=0)
        since = day
        while day - since < _AT_MOST:
            if self._is_day(day):
                shown = (
                    day.replace(hour=hour, minute=minute, tzinfo=zone)
                    for hour in self.hours
                    for minute in self.minutes
                )
                yield from sorted(one.astimezone(UTC) for one in shown)
                since = day
            day = _following(day)
        raise CronError(f"{self.expression} is never due again")

    def _passing(self, moment: datetime, zone: tzinfo) -> Iterator[datetime]:
        """Yield times by the time that passes, whatever clocks show in between."""
        at = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        since = at
        while at - since < _AT_MOST:
            local = at.astimezone(zone)
            if not self._is_day(local):
                midnight = _following(local.replace(hour=0, minute=0, tzinfo=None))
                after = midnight.replace(tzinfo=zone).astimezone(UTC)
                at = after if after > at else at + timedelta(hours=1)
            elif local.hour not in self.hours:
                at += timedelta(minutes=60 - local.minute)
            elif local.minute not in self.minutes:
                at += timedelta(minutes=1)
            else:
                yield at
                since = at
                at += timedelta(minutes=1)
        raise CronError(f"{self.expression} is never due again")

    def _is_day(self, day: datetime) -> bool:
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (in_month and in_week) if self.any_day_matches else (in_month or in_week)


def _following(day: datetime) -> datetime:
    try:
        return day + timedelta(days=1)
    except OverflowError as error:
        raise CronError("there are no later days") from error


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        # Known without the database of time zones, which not every system has.
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CronError(f"no time zone `{name}`: such as UTC or Europe/Berlin") from error


def _read(written: str, field: _Field) -> set[int]:
    """Return the numbers that one field names."""
    found: set[int] = set()
    for part in written.split(","):
        match = _PART.fullmatch(part)
        if match is None or (match[1] == "*" and match[2] is not None):
            raise CronError(f"`{part}` is no {field.name}")
        first, last, step = match.groups()
        if first == "*":
            low, high = field.low, field.high
        else:
            low = _number(first, field)
            # `5/15` goes on to the end, `5` does not.
            high = _number(last, field) if last else field.high if step else low
        if high < low:
            raise CronError(f"`{part}` ends before it begins")
        if step is not None and not int(step):
            raise CronError(f"`{part}` makes no steps")
        found.update(range(low, high + 1, int(step or 1)))
    return found


def _number(word: str, field: _Field) -> int:
    if word in field.names:
        return field.names.index(word) + field.low
    if not word.isdigit() or not field.low <= int(word) <= field.high:
        raise CronError(f"`{word}` is no {field.name}: {field.low} to {field.high}")
    return int(word)
