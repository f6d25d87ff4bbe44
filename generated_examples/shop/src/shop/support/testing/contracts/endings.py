"""What ends is served until its last day, and answered with 410 from then on.

What ends, and when, is in the OpenAPI document; of versions that no path tells, the project says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import ClassVar

import httpx2

from ..api_client import ApiClient, assert_problem
from ..clocks import SetClock

_PLACEHOLDER = re.compile(r"\{[^{}]+\}")
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingVersion:
    """A version that a header or a parameter asks for."""

    sunset: date
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    method: str
    path: str
    sunset: date
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        """The first moment at which it is over."""
        return datetime.combine(self.sunset, time(), tzinfo=UTC)

    async def ask(self, client: ApiClient) -> httpx2.Response:
        """Ask for it, of nothing that is there."""
        path = _PLACEHOLDER.sub("nothing", self.path)
        return await client.send(self.method, path, query=self.query, headers=self.headers)


class EndingsContract:
    """Everything that ends."""

    versions: ClassVar[tuple[EndingVersion, ...]] = ()

    async def test_it_is_gone_from_its_last_day_on(
        self, client: ApiClient, clock: SetClock
    ) -> None:
        """410, and the day in a header; whatever was asked for, and by whom."""
        endings = list(self._endings(client))
        assert endings
        for ending in endings:
            with clock.at(ending.end):
                response = await ending.ask(client)

            assert_problem(response, 410)
            self._assert_told(response, ending)

    async def test_it_is_there_until_then(self, client: ApiClient, clock: SetClock) -> None:
        """Clients are told when it ends; only what reads is asked for here."""
        for ending in self._endings(client):
            if ending.method == "GET":
                with clock.at(ending.end - _TICK):
                    response = await ending.ask(client)

                assert response.status_code != 410, response.text
                self._assert_told(response, ending)

    def _assert_told(self, response: httpx2.Response, ending: _Ending) -> None:
        # An operation that ends may be one of a version that ends on another day.
        told = response.headers.get_list("sunset")
        assert format_datetime(ending.end, usegmt=True) in told, ending.path

    def _endings(self, client: ApiClient) -> Iterator[_Ending]:
        paths = client.contract.document["paths"]
        found = [
            (method.upper(), path, operation)
            for path, operations in paths.items()
            for method, operation in operations.items()
        ]
        # Of a version that no path tells, another address would ask for the newest.
        days = {version.sunset.isoformat() for version in self.versions}
        for method, path, operation in found:
            if operation.get("x-sunset", "") not in {"", *days}:
                sunset = date.fromisoformat(operation["x-sunset"])
                yield _Ending(method=method, path=path, sunset=sunset)
        reading = next((path for method, path, _ in found if method == "GET"), None)
        for version in self.versions:
            if reading is not None:
                yield _Ending(
                    method="GET",
                    path=reading,
                    sunset=version.sunset,
                    query=version.query,
                    headers=version.headers,
                )
