"""Every response has an id and safe headers; every request is logged once."""

import re

import httpx2
import pytest
import structlog

from tests.support.interface.notes import Shelf, note_app

NOTES = "/api/v1/notes"


async def test_a_request_id_is_taken_over(client: httpx2.AsyncClient) -> None:
    response = await client.get(NOTES, headers={"X-Request-ID": "abc-1.2_3"})

    assert response.headers["x-request-id"] == "abc-1.2_3"


@pytest.mark.parametrize("sent", ["", "a b", "a" * 129, "<script>", "a;b", "ü"])
async def test_a_request_id_that_is_not_harmless_is_replaced(
    client: httpx2.AsyncClient, sent: str
) -> None:
    response = await client.get(NOTES, headers=[(b"X-Request-ID", sent.encode())])

    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


async def test_new_request_ids_differ(client: httpx2.AsyncClient) -> None:
    first = await client.get(NOTES)
    second = await client.get(NOTES)

    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize("path", [NOTES, "/nowhere", "/live", "/openapi.json"])
async def test_every_response_has_safe_headers(client: httpx2.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_request_is_logged_once(client: httpx2.AsyncClient) -> None:
    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as logged:
        await client.get(f"{NOTES}?q=private", headers={"X-Request-ID": "r1"})

    assert len(logged) == 1
    assert logged[0]["duration_ms"] > 0
    assert {key: logged[0][key] for key in ("event", "method", "path", "status", "request_id")} == {
        "event": "request",
        "method": "GET",
        "path": NOTES,
        "status": 200,
        "request_id": "r1",
    }


async def test_a_bug_is_logged_with_its_traceback(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    shelf.is_broken = True

    with structlog.testing.capture_logs() as logged:
        await client.post(NOTES, json={"text": "a"})

    assert [entry["event"] for entry in logged] == ["unhandled_error", "request"]
    assert logged[0]["exc_info"]
    assert logged[1]["status"] == 500


async def test_the_context_of_a_request_ends_with_it(client: httpx2.AsyncClient) -> None:
    await client.get(NOTES)

    assert structlog.contextvars.get_contextvars() == {}


async def test_the_lifespan_marks_the_start_and_closes_at_the_end(shelf: Shelf) -> None:
    closed: list[bool] = []
    app = note_app(shelf, on_close=lambda: closed.append(True))
    transport = httpx2.ASGITransport(app)

    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        before = await client.get("/startup")
        async with app.router.lifespan_context(app):
            during = await client.get("/startup")
            assert closed == []

    assert (before.status_code, during.status_code) == (503, 200)
    assert closed == [True]
