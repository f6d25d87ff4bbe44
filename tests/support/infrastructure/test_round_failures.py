"""Rounds that fail do not fill the log."""

import structlog
from structlog.testing import capture_logs

from apigen.support.core.errors import DatabaseConnectionError
from apigen.support.infrastructure.round_failures import RoundFailures


class Clock:
    """Tells the time that it is set to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def failures_of(clock: Clock) -> RoundFailures:
    return RoundFailures(structlog.get_logger(), "relay", tell_every_s=60, seconds=clock)


def test_a_failure_is_told_in_full_once_and_then_every_minute() -> None:
    clock, error = Clock(), ValueError("no table")
    failures = failures_of(clock)

    with capture_logs() as logged:
        for clock.now in range(130):
            failures.failed(error)

    assert [(line["rounds"], line["exc_info"]) for line in logged] == [
        (1, error),
        (61, None),
        (121, None),
    ]
    assert {line["event"] for line in logged} == {"relay_failed"}


def test_another_failure_is_told_at_once() -> None:
    failures = failures_of(Clock())

    with capture_logs() as logged:
        failures.failed(ValueError())
        failures.failed(KeyError())

    assert [line["error"] for line in logged] == ["ValueError", "KeyError"]


def test_of_a_database_that_is_away_there_is_no_traceback() -> None:
    failures = failures_of(Clock())

    with capture_logs() as logged:
        failures.failed(DatabaseConnectionError("away"))

    assert [(line["error"], line["exc_info"]) for line in logged] == [
        ("DatabaseConnectionError", None)
    ]


def test_what_works_again_is_told_once() -> None:
    clock = Clock()
    failures = failures_of(clock)

    with capture_logs() as logged:
        failures.worked()
        for clock.now in range(10):
            failures.failed(ValueError())
        failures.worked()
        failures.worked()
        failures.failed(ValueError())

    assert [line["event"] for line in logged] == [
        "relay_failed",
        "relay_works_again",
        "relay_failed",
    ]
    assert (logged[1]["rounds"], logged[1]["after_s"]) == (10, 9)
    assert logged[2]["exc_info"]
