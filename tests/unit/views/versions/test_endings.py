"""The tests of a project are at a time before anything that it serves has ended."""

from datetime import date

import pytest

from apigen.views.versions.endings import endings, eve
from tests.unit.evolve.specs import system_of

SPEC = """
apigen: 1
app: { name: shop }
api: { versioning: VERSIONING, versions: VERSIONS }
entities:
  Order:
    fields: { title: str(1..80) }
    commands:
      close: { set: { title: '"closed"' }, deprecated: { sunset: "2026-05-01" } }
      hide: { set: { title: '"hidden"' }, deprecated: { sunset: "2001-05-01" }, api: false }
"""
ENDING = "{ v1: { sunset: 2025-01-01, successor: v2 }, v2: { sunset: 2027-01-01 }, v3: }"


def spec(versions: str, versioning: str = "path") -> str:
    return SPEC.replace("VERSIONS", versions).replace("VERSIONING", versioning)


@pytest.mark.criterion("R72.4")
@pytest.mark.parametrize(
    ("versions", "day"), [("{ v1: }", date(2026, 4, 30)), (ENDING, date(2024, 12, 31))]
)
def test_the_day_before_the_first_end_is_found(versions: str, day: date) -> None:
    assert eve(system_of(spec(versions))) == day


def test_where_nothing_that_is_served_ends_there_is_no_such_day() -> None:
    lasting = spec("{ v1: }").replace('deprecated: { sunset: "2026-05-01" }', "lock: true")

    assert eve(system_of(lasting)) is None


@pytest.mark.parametrize(
    ("versioning", "asked"),
    [
        ("header", "headers={'API-Version': 'v1'}"),
        ("query", "query='api-version=v1'"),
        ("path", ""),
    ],
)
def test_versions_that_no_path_tells_are_named(versioning: str, asked: str) -> None:
    found = endings(system_of(spec(ENDING, versioning))).versions

    assert (asked in found) if asked else not found
    assert found.count("EndingVersion(") == (2 if asked else 0)
