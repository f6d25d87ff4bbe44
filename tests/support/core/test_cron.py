"""Cron expressions: what they mean, against counting every minute; clocks that are put forward."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apigen.support.core.cron import CronError, CronSchedule

BERLIN = "Europe/Berlin"


def times(expression: str, moment: str, number: int = 3, *, zone: str = "UTC") -> list[str]:
    """Return when it is due after a moment, all in the zone."""
    start = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    found = islice(CronSchedule.parse(expression, zone).upcoming(start), number)
    return [f"{one.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M%z}" for one in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 3 * * *", ["2026-01-02 03:00", "2026-01-03 03:00"]),
        ("*/15 * * * *", ["2026-01-01 10:15", "2026-01-01 10:30"]),
        ("5/20 * * * *", ["2026-01-01 10:05", "2026-01-01 10:25"]),
        ("0 9-17/4 * * mon-fri", ["2026-01-01 13:00", "2026-01-01 17:00"]),
        ("0 0 29 2 *", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("0 0 1 jan,JUL *", ["2026-07-01 00:00", "2027-01-01 00:00"]),
        # Both kinds of days restricted: either is enough. 2026-01-04 is a Sunday.
        ("0 0 3 * sun", ["2026-01-03 00:00", "2026-01-04 00:00"]),
        # A step of all days is no restriction of its own.
        ("0 0 */2 * 0", ["2026-01-11 00:00", "2026-01-25 00:00"]),
        ("0 0 * * 7", ["2026-01-04 00:00", "2026-01-11 00:00"]),
        ("@hourly", ["2026-01-01 11:00", "2026-01-01 12:00"]),
        ("@Yearly", ["2027-01-01 00:00", "2028-01-01 00:00"]),
    ],
)
def test_expressions(expression: str, expected: list[str]) -> None:
    assert times(expression, "2026-01-01T10:00", 2) == [f"{one}+0000" for one in expected]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("0 3 * *", "4 fields instead of 5"),
        ("", "0 fields instead of 5"),
        ("60 * * * *", "`60` is no minute: 0 to 59"),
        ("* 24 * * *", "`24` is no hour"),
        ("* * 0 * *", "`0` is no day of the month"),
        ("* * * 13 *", "`13` is no month"),
        ("* * * * 8", "`8` is no day of the week"),
        ("* * * * mop", "`mop` is no day of the week"),
        ("*/0 * * * *", "makes no steps"),
        ("5-3 * * * *", "ends before it begins"),
        ("*-3 * * * *", "`*-3` is no minute"),
        ("1,,2 * * * *", "`` is no minute"),
        ("-1 * * * *", "`-1` is no minute"),
        ("0 0 31 feb,apr *", "never due"),
        ("@often", "no such word"),
        ("٣ * * * *", "`٣` is no minute"),
    ],
)
def test_what_is_no_expression_is_told(expression: str, message: str) -> None:
    with pytest.raises(CronError, match=message.replace("*", r"\*")):
        CronSchedule.parse(expression)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "/etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_told(zone: str) -> None:
    with pytest.raises(CronError, match="no time zone"):
        CronSchedule.parse("* * * * *", zone)


def test_a_time_that_the_clocks_skip_is_due_as_much_later() -> None:
    """In Berlin, 02:00 becomes 03:00 on 2026-03-29."""
    assert times("30 2 * * *", "2026-03-28T12:00", 2, zone=BERLIN) == [
        "2026-03-29 03:30+0200",
        "2026-03-30 02:30+0200",
    ]
    # Asked for after the clocks were put forward, it is the same time.
    assert times("30 2 * * *", "2026-03-29T03:10", 1, zone=BERLIN) == ["2026-03-29 03:30+0200"]


def test_a_time_that_comes_twice_is_due_once() -> None:
    """In Berlin, 03:00 becomes 02:00 on 2026-10-25."""
    assert times("30 2 * * *", "2026-10-24T12:00", 2, zone=BERLIN) == [
        "2026-10-25 02:30+0200",
        "2026-10-26 02:30+0100",
    ]


def test_what_is_due_every_so_often_is_due_by_the_time_that_passes() -> None:
    assert times("*/30 * * * *", "2026-10-25T01:15", 5, zone=BERLIN) == [
        "2026-10-25 01:30+0200",
        "2026-10-25 02:00+0200",
        "2026-10-25 02:30+0200",
        "2026-10-25 02:00+0100",
        "2026-10-25 02:30+0100",
    ]
    assert times("*/30 * * * *", "2026-03-29T01:15", 3, zone=BERLIN) == [
        "2026-03-29 01:30+0100",
        "2026-03-29 03:00+0200",
        "2026-03-29 03:30+0200",
    ]


def test_the_last_time_that_was_due() -> None:
    schedule = CronSchedule.parse("0 3 * * *")
    since = datetime(2026, 1, 1, tzinfo=UTC)

    assert schedule.latest(datetime(2026, 1, 3, 3, tzinfo=UTC), since=since) == datetime(
        2026, 1, 3, 3, tzinfo=UTC
    )
    assert schedule.latest(datetime(2026, 1, 1, 2, tzinfo=UTC), since=since) is None


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    plain = number.map(str)
    spans = st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}")
    stepped = st.tuples(st.one_of(st.just("*"), spans), st.integers(1, high)).map(
        lambda two: f"{two[0]}/{two[1]}"
    )
    part = st.one_of(st.just("*"), plain, spans, stepped)
    return st.lists(part, min_size=1, max_size=3).map(",".join)


EXPRESSIONS = st.tuples(
    _field(0, 59), _field(0, 23), _field(1, 31), _field(1, 12), _field(0, 7)
).map(" ".join)


def _holds(expression: str, moment: datetime) -> bool:
    """Tell by the definition alone whether an expression names a minute."""

    def named(text: str, low: int, high: int) -> set[int]:
        found = set()
        for part in text.split(","):
            span, _, step = part.partition("/")
            first, _, last = span.partition("-")
            begin = low if first == "*" else int(first)
            end = high if first == "*" or (step and not last) else int(last or first)
            found |= set(range(begin, end + 1, int(step or 1)))
        return found

    minute, hour, day, month, weekday = expression.split()
    in_month = moment.day in named(day, 1, 31)
    in_week = moment.isoweekday() % 7 in {one % 7 for one in named(weekday, 0, 7)}
    either = not day.startswith("*") and not weekday.startswith("*")
    return (
        moment.minute in named(minute, 0, 59)
        and moment.hour in named(hour, 0, 23)
        and moment.month in named(month, 1, 12)
        and ((in_month or in_week) if either else (in_month and in_week))
    )


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)))
def test_the_next_time_is_the_first_minute_that_the_expression_names(
    expression: str, moment: datetime
) -> None:
    try:
        schedule = CronSchedule.parse(expression)
    except CronError:
        return
    start = moment.replace(tzinfo=UTC)

    due = schedule.after(start)

    assert _holds(expression, due)
    assert due > start
    minute = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    last = min(due, minute + timedelta(days=3))
    while minute < last:
        assert not _holds(expression, minute)
        minute += timedelta(minutes=1)


ZONES = st.sampled_from(
    [BERLIN, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"]
)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, ZONES, st.datetimes(datetime(2016, 1, 1), datetime(2027, 1, 1)))
def test_times_do_not_depend_on_when_they_are_asked_for(
    expression: str, zone: str, moment: datetime
) -> None:
    """Asking anew after each time that is due gives the same as asking for all at once."""
    try:
        schedule = CronSchedule.parse(expression, zone)
    except CronError:
        return
    start = moment.replace(tzinfo=UTC)

    at_once = list(islice(schedule.upcoming(start), 5))

    one_by_one, last = [], start
    for _ in range(5):
        last = schedule.after(last)
        one_by_one.append(last)
    assert one_by_one == at_once
    assert at_once == sorted(set(at_once))
