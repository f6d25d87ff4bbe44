"""The benchmark of servers refuses servers that answer wrongly, and its table tells the truth."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.benchmarks.readme import BEGIN, END
from tests.benchmarks.serving.catalogue import SERVERS
from tests.benchmarks.serving.chart import chart
from tests.benchmarks.serving.checks import WrongAnswer, equal, moment
from tests.benchmarks.serving.client import Answer, Call, Client
from tests.benchmarks.serving.cores import Cores
from tests.benchmarks.serving.domain import products
from tests.benchmarks.serving.load import Sample
from tests.benchmarks.serving.operations import OPERATIONS, check_get, check_page
from tests.benchmarks.serving.results import Measured, Plan
from tests.benchmarks.serving.table import with_tables

ROWS = products(60)

type Fault = Callable[[dict[str, Any]], None]


class Served(Client):
    """A server that is right but for one fault in every document."""

    def __init__(self, fault: Fault = lambda document: None, tag: str = '"1"') -> None:
        super().__init__(port=0)
        self._fault = fault
        self._tag = tag

    def send(self, call: Call) -> Answer:
        address = urlsplit(call.path)
        if address.query:
            asked = {name: int(values[0]) for name, values in parse_qs(address.query).items()}
            begin = (asked["page"] - 1) * asked["size"]
            document: dict[str, Any] = {
                "items": [row.as_json() for row in ROWS[begin : begin + asked["size"]]],
                "total": 60,
                "page": asked["page"],
                "size": asked["size"],
                "pages": 2,
                "has_next": asked["page"] < 2,
                "has_previous": asked["page"] > 1,
            }
        else:
            id = address.path.rpartition("/")[2]
            row = next((row for row in ROWS if str(row.id) == id), None)
            if row is None:
                return Answer(status=404, headers={}, body=b"")
            document = row.as_json()
        self._fault(document)
        return Answer(
            status=200, headers={"etag": self._tag}, body=json.dumps(document).encode("utf-8")
        )


def test_right_answers_pass() -> None:
    check_get(Served(), ROWS)
    check_page(Served(), ROWS)


@pytest.mark.parametrize(
    "fault",
    [
        lambda document: document.update(price=float(document["price"])),
        lambda document: document.update(active=int(document["active"])),
        lambda document: document.update(created_at=document["created_at"][:-1]),
        lambda document: document.update(more=1),
        lambda document: document.pop("version"),
    ],
    ids=["decimal as number", "boolean as number", "no zone", "one name more", "one name less"],
)
def test_a_product_that_is_not_as_it_should_be_is_refused(fault: Fault) -> None:
    with pytest.raises(WrongAnswer):
        check_get(Served(fault), ROWS)


def test_another_tag_is_refused() -> None:
    with pytest.raises(WrongAnswer, match="ETag"):
        check_get(Served(tag='W/"1"'), ROWS)


@pytest.mark.parametrize(
    "fault",
    [
        lambda document: document.update(total=61),
        lambda document: document["items"].reverse(),
        lambda document: document["items"].pop(),
        lambda document: document.update(has_next=True),
    ],
    ids=["total", "order", "one row less", "a page too many"],
)
def test_a_page_that_is_not_as_it_should_be_is_refused(fault: Fault) -> None:
    with pytest.raises(WrongAnswer):
        check_page(Served(fault), ROWS)


def test_a_difference_is_told_with_its_place() -> None:
    with pytest.raises(WrongAnswer, match=r"^page\.items\[1\]\.stock: 2, not 3$"):
        equal("page", {"items": [{}, {"stock": 2}]}, {"items": [{}, {"stock": 3}]})


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00", "today"])
def test_a_moment_is_in_utc(text: str) -> None:
    moment("when", "2026-01-01T00:00:00Z")
    with pytest.raises(WrongAnswer):
        moment("when", text)


def test_ratios_are_taken_within_a_round() -> None:
    """The machine was half as fast in the second round: that is no news about the servers."""
    measured = Measured()
    measured.samples["a", "get"] = [_sample(1000), _sample(500), _sample(900)]
    measured.samples["h", "get"] = [_sample(3000), _sample(1500), _sample(2700)]

    table = _table(measured)

    assert "| (a) by hand: FastAPI, async ORM | 900 ±44% (**1.00**) |" in table
    assert "| (h) apigen, standard | 2,700 ±44% (**3.00**) |" in table


def test_what_was_not_measured_is_left_open() -> None:
    measured = Measured()
    measured.samples["h", "get"] = [_sample(3000)]

    table = _table(measured)

    assert "| (a) by hand: FastAPI, async ORM | - |" in table
    assert "| (h) apigen, standard | 3,000 ±0% |" in table


def test_the_table_is_written_between_the_marks() -> None:
    first = _table(Measured())

    assert first.startswith("before")
    assert first.endswith("after")
    assert "load average before: 1.00, 2.00, 3.00" in first


def test_the_chart_has_a_bar_for_every_ratio() -> None:
    measured = Measured()
    measured.samples["a", "get"] = [_sample(1000)]
    measured.samples["h", "get"] = [_sample(3000)]

    drawn = chart({"sqlite": measured}, servers=SERVERS, operations=OPERATIONS)

    assert "3.00" in drawn
    # Two bars, and what the colours of all servers mean.
    assert drawn.count("<rect") == 2 + len(SERVERS)


def _sample(per_second: float) -> Sample:
    return Sample(per_second=per_second, p50_ms=1, p99_ms=2)


def _table(measured: Measured) -> str:
    return with_tables(
        f"before{BEGIN}old{END}after",
        {"sqlite": measured},
        servers=SERVERS,
        operations=OPERATIONS[:1],
        plan=Plan(rounds=3, seconds=1, warm_up_s=0, connections=32),
        load=(1.0, 2.0, 3.0),
        cores=Cores(worker=0, load=1),
    )
