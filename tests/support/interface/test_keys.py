"""Keys as they stand in paths."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from apigen.support.interface.keys import segments

MOMENT = dt.datetime(2026, 1, 1, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("a b/c", "a%20b%2Fc"),
        (7, "7"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (dt.time(8, 30), "08%3A30%3A00"),
        (MOMENT, "2026-01-01T09%3A00%3A00Z"),
        ((Decimal("10.50"), MOMENT), "10.50/2026-01-01T09%3A00%3A00Z"),
    ],
)
def test_a_key_is_written_as_json_writes_it(key: object, path: str) -> None:
    assert segments(key) == path
