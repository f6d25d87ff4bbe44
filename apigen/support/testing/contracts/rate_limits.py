"""Who asks too often is told so by every operation that says it may."""

import re
from collections.abc import Iterator

import httpx2

from ...application.rate_limits import Rate, RateAlgorithm, RateVerdict
from ...interface.api import Api
from ..api_client import assert_problem


class OneAnswer:
    """A limiter that says the same of every request."""

    def __init__(self, *, is_limited: bool) -> None:
        """Refuse, or allow."""
        retry_s = 30 if is_limited else 0
        self._verdict = RateVerdict(is_limited=is_limited, remaining=0, reset_s=60, retry_s=retry_s)
        self.counted: list[tuple[str, Rate]] = []

    async def count(self, key: str, rate: Rate, algorithm: RateAlgorithm) -> RateVerdict:
        """Note a request."""
        self.counted.append((key, rate))
        return self._verdict

    async def close(self) -> None:
        """Nothing is held."""


class RateLimitContract:
    """What an API whose requests are limited promises."""

    async def test_every_limited_operation_refuses(self, limited: Api) -> None:
        """With 429 and when to come back, before anything else is looked at."""
        limiter = OneAnswer(is_limited=True)
        limited.state.rate_limiter = limiter
        async with _client(limited) as client:
            asked = 0
            for method, path in _limited(limited):
                answer = await client.request(method, path, content=b"{")

                assert_problem(answer, 429)
                assert answer.headers["retry-after"] == "30"
                assert ";q=" in answer.headers["ratelimit-policy"]
                assert ";r=0;t=60" in answer.headers["ratelimit"]
                asked += 1

        assert len(limiter.counted) == asked > 0

    async def test_health_and_documentation_are_never_limited(self, limited: Api) -> None:
        """They answer whoever watches the service."""
        limiter = OneAnswer(is_limited=True)
        limited.state.rate_limiter = limiter
        async with _client(limited) as client:
            for path in ("/live", "/openapi.json"):
                assert (await client.get(path)).status_code == 200

        assert limiter.counted == []

    async def test_callers_are_not_known_to_the_limiter(self, limited: Api) -> None:
        """Addresses reach no server of limits, but for a digest."""
        limiter = OneAnswer(is_limited=True)
        limited.state.rate_limiter = limiter
        async with _client(limited) as client:
            for method, path in _limited(limited):
                await client.request(method, path)

        assert not any("192.0.2.7" in key for key, _ in limiter.counted)


def _client(app: Api) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=("192.0.2.7", 1))
    return httpx2.AsyncClient(transport=transport, base_url="http://testserver")


def _limited(app: Api) -> Iterator[tuple[str, str]]:
    """Yield method and path of every operation that may answer 429."""
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            if "429" in operation["responses"]:
                yield method.upper(), re.sub(r"\{[^{}]+\}", "1", path)
