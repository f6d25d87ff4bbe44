"""JSON goes in and out through orjson."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest

from apigen.support.interface.routing import OrjsonRequest, OrjsonResponse
from tests.support.interface.notes import Shelf, note_app


@pytest.mark.criterion("R84.1")
@pytest.mark.criterion("R127.1")
@pytest.mark.criterion("R127.4")
def test_a_response_takes_what_orjson_and_the_project_know() -> None:
    response = OrjsonResponse(
        {
            "at": datetime(2026, 11, 22, 12, tzinfo=UTC),
            "id": UUID(int=7),
            "price": Decimal("1.50"),
        }
    )

    assert response.body == (
        b'{"at":"2026-11-22T12:00:00Z","id":"00000000-0000-0000-0000-000000000007","price":"1.50"}'
    )
    assert response.media_type == "application/json"


@pytest.mark.criterion("R127.3")
async def test_routes_without_a_response_class_answer_with_it() -> None:
    app = note_app(Shelf())

    @app.get("/plain", response_model=None)
    async def plain() -> dict[str, Decimal]:
        return {"price": Decimal("1.50")}

    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/plain")

    assert app.router.default_response_class is OrjsonResponse
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"


@pytest.mark.criterion("R84.2")
@pytest.mark.criterion("R127.2")
async def test_a_request_is_decoded_by_orjson_and_checked_by_pydantic(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[bytes] = []
    original = orjson.loads

    def loads(source: bytes) -> Any:
        decoded.append(source)
        return original(source)

    monkeypatch.setattr("apigen.support.interface.routing.orjson.loads", loads)
    body = b'{"text": "milk"}'

    response = await client.post(
        "/api/v1/notes", content=body, headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 201
    assert decoded == [body]


async def test_a_request_is_decoded_once() -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"[1]"}

    request = OrjsonRequest({"type": "http", "headers": []}, receive)

    assert await request.json() is await request.json()
