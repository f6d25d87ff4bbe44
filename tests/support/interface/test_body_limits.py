"""How long bodies may be, in general and by resource."""

import gzip
from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from apigen.support.application.dtos import Dto
from apigen.support.interface.problems import problems
from apigen.support.interface.routing import ResourceRouter
from tests.support.interface.notes import Shelf, note_app

LIMIT = 500
"""Of the application."""


class Text(Dto):
    """What a client sends."""

    text: Annotated[str, Field(max_length=10_000)]


long = ResourceRouter(prefix="/books", tags=["Books"], max_body_size=2_000)
short = ResourceRouter(prefix="/words", tags=["Words"], max_body_size=50)
plain = ResourceRouter(prefix="/pages", tags=["Pages"])
files = ResourceRouter(prefix="/files", tags=["Files"], max_body_size=2_000)
received: list[int] = []


@long.post("", operation_id="add_book", responses=problems(413, 415, 422))
async def add_book(data: Text) -> Response:
    """Take a long text."""
    return Response(str(len(data.text)), media_type="application/json")


@short.post("", operation_id="add_word", responses=problems(413, 415, 422))
async def add_word(data: Text) -> Response:
    """Take a short text."""
    return Response(str(len(data.text)), media_type="application/json")


@plain.post("", operation_id="add_page", responses=problems(413, 415, 422))
async def add_page(data: Text) -> Response:
    """Take a text."""
    return Response(str(len(data.text)), media_type="application/json")


@files.post("", operation_id="add_file", responses=problems(413, 422))
async def add_file(request: Request) -> Response:
    """Take a file piece by piece."""
    received.clear()
    async for piece in request.stream():
        received.append(len(piece))  # noqa: PERF401 - also what came before an error
    return Response(str(sum(received)), media_type="application/json")


async def send(path: str, body: bytes | AsyncIterator[bytes]) -> httpx2.Response:
    app = note_app(Shelf(), routers=(long, short, plain, files))
    transport = httpx2.ASGITransport(app)
    headers = {"Content-Type": "application/json"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.post(f"/api/v1{path}", content=body, headers=headers)


def text(length: int) -> bytes:
    """Return a JSON body that is so long altogether."""
    start, end = b'{"text": "', b'"}'
    return start + b"a" * (length - len(start) - len(end)) + end


@pytest.mark.criterion("R81.1")
@pytest.mark.parametrize(("length", "status"), [(LIMIT, 200), (LIMIT + 1, 413)])
async def test_a_body_may_be_as_long_as_the_limit_says(length: int, status: int) -> None:
    response = await send("/pages", text(length))

    assert response.status_code == status


@pytest.mark.criterion("R81.2")
async def test_a_longer_body_is_refused_before_it_is_read() -> None:
    async def endless() -> AsyncIterator[bytes]:
        raise AssertionError("nobody asks for the body")
        yield b""

    app = note_app(Shelf(), routers=(plain,))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.post(
            "/api/v1/pages",
            content=endless(),
            headers={"Content-Type": "application/json", "Content-Length": str(LIMIT + 1)},
        )

    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "content_too_large"
    assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.criterion("R81.3")
async def test_what_is_streamed_is_counted_on_the_way() -> None:
    sent: list[int] = []

    async def pieces(count: int) -> AsyncIterator[bytes]:
        for number in range(count):
            sent.append(number)
            yield b"a" * 100

    kept = await send("/files", pieces(20))
    sent.clear()
    refused = await send("/files", pieces(100))

    assert kept.status_code == 200
    assert kept.text == "2000"
    assert refused.status_code == 413
    assert refused.json()["code"] == "content_too_large"
    # The route has seen no more than the limit.
    assert sum(received) <= 2_000


@pytest.mark.criterion("R81.4")
@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/books", 2_000, 200),
        ("/books", 2_001, 413),
        ("/words", 50, 200),
        ("/words", 51, 413),
        ("/pages", LIMIT, 200),
    ],
)
async def test_a_resource_may_have_a_limit_of_its_own(path: str, length: int, status: int) -> None:
    response = await send(path, text(length))

    assert response.status_code == status


@pytest.mark.parametrize(("coding", "status"), [("gzip", 415), ("Identity", 200), ("", 200)])
async def test_a_compressed_body_is_refused_and_says_so(coding: str, status: int) -> None:
    """However small it is, what it holds may be of any size."""
    body = text(100)
    transport = httpx2.ASGITransport(note_app(Shelf(), routers=(plain,)))
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.post(
            "/api/v1/pages",
            content=gzip.compress(body) if coding == "gzip" else body,
            headers=headers,
        )

    assert response.status_code == status
    assert response.headers.get("accept-encoding") == ("identity" if status == 415 else None)
