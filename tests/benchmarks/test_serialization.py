"""What is measured of serialization is what readers answer; what was measured is in the README."""

import orjson
import pytest

from tests.benchmarks.readme import measured
from tests.benchmarks.serialization.run import DRIVERS, PAGES, README, rows, serializer


@pytest.mark.parametrize("database", DRIVERS)
def test_measured_answers_are_those_of_readers(database: str) -> None:
    page = orjson.loads(serializer(database, rows(database, 2))())

    assert page[1] == {
        "id": "00000000-0000-0000-0000-000000000001",
        "sku": "SKU-000001",
        "name": "Product number 1",
        "price": "10.01",
        "description": "A thing that people buy. " * 8,
        "stock": 1,
        "active": True,
        "created_at": "2026-01-01T09:30:15.000001Z",
        "updated_at": "2026-01-01T09:30:15.000001Z",
        "version": 1,
    }


@pytest.mark.criterion("R84.4")
def test_a_row_and_a_page_were_measured_below_a_millisecond() -> None:
    """By the last run of the benchmark: a test that measures would tell of the machine."""
    text = README.read_text(encoding="utf-8")
    lines = measured(text).splitlines()
    figures = {
        int(cells[0]): [float(cell) for cell in cells[2:]]
        for line in lines
        if (cells := [cell.strip().replace(",", "") for cell in line.strip("| ").split("|")])
        if cells[0].isdecimal()
    }

    assert sorted(figures) == sorted(PAGES)
    assert all(len(taken) == len(DRIVERS) for taken in figures.values())
    assert max(max(taken) for taken in figures.values()) < 1_000
