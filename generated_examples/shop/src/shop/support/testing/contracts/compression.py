"""Answers are compressed for clients that like it, and for nobody else."""

from typing import ClassVar

import httpx2

from ..api_client import ApiClient

_PATH = "/openapi.json"
"""The longest answer that every service has."""


class CompressionContract:
    """What a service whose answers are compressed promises."""

    codings: ClassVar[tuple[str, ...]] = ()
    """Those that it offers, the best first."""

    async def test_each_coding_makes_answers_shorter(self, client: ApiClient) -> None:
        """It is named by the answer, which caches keep apart from others."""
        plain, whole = await self._answer(client, "identity")

        assert "content-encoding" not in plain.headers
        for coding in self.codings:
            answer, body = await self._answer(client, coding)

            assert answer.headers["content-encoding"] == coding
            assert answer.headers["content-length"] == str(len(body))
            assert "accept-encoding" in answer.headers["vary"].lower()
            assert len(body) < len(whole) / 2

    async def test_the_client_decides(self, client: ApiClient) -> None:
        """By weight, then by the order of what is offered; what nobody knows is no coding."""
        for accept, expected in (
            (", ".join(reversed(self.codings)), self.codings[:1]),
            (f"{self.codings[-1]}, *;q=0.1", self.codings[-1:]),
            ("unknown, *;q=0", ()),
        ):
            answer, _ = await self._answer(client, accept)

            assert answer.headers.get_list("content-encoding") == list(expected)

    async def _answer(self, client: ApiClient, accept: str) -> tuple[httpx2.Response, bytes]:
        """Return an answer and its body as it was sent."""
        headers = {"accept-encoding": accept}
        async with client.http.stream("GET", _PATH, headers=headers) as response:
            body = b"".join([piece async for piece in response.aiter_raw()])
        assert response.status_code == 200
        return response, body
