"""Every response has an id and safe headers; every request is logged once."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
import structlog

from apigen.support.core.context import NO_CONTEXT, add_context, current_context
from apigen.support.interface.routing import ResourceRouter
from tests.support.interface.notes import Shelf, note_app

NOTES = "/api/v1/notes"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"

contexts = ResourceRouter(prefix="/contexts", tags=["Contexts"])


@contexts.get("", operation_id="get_context")
async def get_context() -> dict[str, object]:
    """Tell the context of the request, as a task, a thread and a logger see it."""

    async def seen() -> dict[str, object]:
        await asyncio.sleep(0)
        context = current_context()
        return {
            "request_id": context.request_id,
            "correlation_id": context.correlation_id,
            "trace_parent": context.trace_parent,
        }

    async with asyncio.TaskGroup() as group:
        task = group.create_task(seen())
    thread = await asyncio.to_thread(current_context)
    return {**task.result(), "thread": thread.request_id, "logged": add_context(None, "", {})}


@pytest.fixture
async def contextual(shelf: Shelf) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application that tells the context."""
    transport = httpx2.ASGITransport(note_app(shelf, routers=(contexts,)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


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
    with structlog.testing.capture_logs(processors=[add_context]) as logged:
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


async def test_of_a_long_path_the_log_has_the_beginning(client: httpx2.AsyncClient) -> None:
    """Whoever asks for paths of 64 kB would fill it."""
    with structlog.testing.capture_logs() as logged:
        await client.get(f"{NOTES}/{'a' * 64_000}")

    assert logged[0]["path"] == f"{NOTES}/{'a' * 2100}"[:2048]


@pytest.mark.parametrize(
    ("sample", "least", "most"), [(1.0, 300, 300), (0.0, 0, 0), (0.5, 90, 210)]
)
async def test_of_requests_that_succeed_a_sample_is_logged(
    shelf: Shelf, sample: float, least: int, most: int
) -> None:
    """What fails is always there, and a line says of how many it is one."""
    transport = httpx2.ASGITransport(note_app(shelf, access_sample=sample))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        with structlog.testing.capture_logs() as logged:
            for _ in range(300):
                await client.get(NOTES)
            await client.get(f"{NOTES}/none")
            await client.get("/nowhere")

    fine = [entry for entry in logged if entry["status"] == 200]
    assert least <= len(fine) <= most
    assert {entry.get("sample") for entry in fine} <= {None if sample == 1 else sample}
    failed = [entry for entry in logged if entry["status"] >= 400]
    assert [entry.get("sample") for entry in failed] == [None, None]


async def test_a_bug_is_logged_with_its_traceback(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    shelf.is_broken = True

    with structlog.testing.capture_logs() as logged:
        await client.post(NOTES, json={"text": "a"})

    assert [entry["event"] for entry in logged] == ["unhandled_error", "request"]
    assert logged[0]["exc_info"]
    assert logged[1]["status"] == 500


async def test_the_context_of_a_request_ends_with_it(client: httpx2.AsyncClient) -> None:
    await client.get(NOTES)

    assert current_context() is NO_CONTEXT


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


@pytest.mark.criterion("R89.1", "R89.2", "R89.3")
async def test_the_context_reaches_tasks_threads_and_logs(contextual: httpx2.AsyncClient) -> None:
    sent = {"X-Request-ID": "r1", "X-Correlation-ID": "c1"}

    seen = (await contextual.get("/api/v1/contexts", headers=sent)).json()

    assert (seen["request_id"], seen["correlation_id"], seen["thread"]) == ("r1", "c1", "r1")
    assert seen["logged"] == {"request_id": "r1", "correlation_id": "c1"}


async def test_the_correlation_id_is_the_request_id_unless_it_is_sent(
    contextual: httpx2.AsyncClient,
) -> None:
    alone = (await contextual.get("/api/v1/contexts")).json()
    harmful = (await contextual.get("/api/v1/contexts", headers={"X-Correlation-ID": "a b"})).json()

    assert alone["correlation_id"] == alone["request_id"]
    assert harmful["correlation_id"] == harmful["request_id"]


async def test_requests_at_the_same_time_have_contexts_of_their_own(
    contextual: httpx2.AsyncClient,
) -> None:
    async def ask(id: str) -> tuple[str, str]:
        answer = await contextual.get("/api/v1/contexts", headers={"X-Request-ID": id})
        return id, answer.json()["request_id"]

    pairs = await asyncio.gather(*(ask(f"r{number}") for number in range(20)))

    assert all(sent == seen for sent, seen in pairs)


@pytest.mark.criterion("R89.4", "R94.1")
@pytest.mark.parametrize(
    "sent", [f"00-{TRACE}-{SPAN}-01", f"cc-{TRACE}-{SPAN}-01", f"01-{TRACE}-{SPAN}-01-more"]
)
async def test_the_trace_of_the_caller_goes_on(contextual: httpx2.AsyncClient, sent: str) -> None:
    seen = (await contextual.get("/api/v1/contexts", headers={"traceparent": sent})).json()

    assert seen["trace_parent"] == f"00-{TRACE}-{SPAN}-01"
    assert seen["logged"]["trace_id"] == TRACE


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "00",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-0g",
    ],
)
async def test_what_is_no_trace_is_not_taken_over(
    contextual: httpx2.AsyncClient, sent: str
) -> None:
    seen = (await contextual.get("/api/v1/contexts", headers={"traceparent": sent})).json()

    assert seen["trace_parent"] is None
    assert "trace_id" not in seen["logged"]


async def test_of_two_traces_none_is_taken_over(contextual: httpx2.AsyncClient) -> None:
    sent = [("traceparent", f"00-{TRACE}-{SPAN}-01")] * 2

    assert (await contextual.get("/api/v1/contexts", headers=sent)).json()["trace_parent"] is None
