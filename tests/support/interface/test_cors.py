"""Pages of other origins may call the API when the settings say so."""

import httpx2
import pytest

from apigen.support.core.settings import CorsSettings
from tests.support.interface.notes import Shelf, note_app

ORIGIN = "https://shop.example"


def client_of(
    cors: CorsSettings | None, origins: tuple[str, ...] = (ORIGIN,)
) -> httpx2.AsyncClient:
    app = note_app(Shelf(), cors=cors, cors_origins=origins)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


async def test_without_settings_no_origin_is_allowed() -> None:
    async with client_of(None) as client:
        response = await client.get("/api/v1/notes", headers={"Origin": ORIGIN})

    assert "access-control-allow-origin" not in response.headers


@pytest.mark.criterion("R80.3")
async def test_credentials_are_allowed_to_a_named_origin() -> None:
    async with client_of(CorsSettings(credentials=True)) as client:
        allowed = await client.get("/api/v1/notes", headers={"Origin": ORIGIN})
        foreign = await client.get("/api/v1/notes", headers={"Origin": "https://evil.example"})

    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "ETag" in allowed.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.criterion("R80.3")
async def test_credentials_are_not_allowed_unless_asked_for() -> None:
    async with client_of(CorsSettings()) as client:
        response = await client.get("/api/v1/notes", headers={"Origin": ORIGIN})

    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_a_preflight_is_answered_and_may_be_kept(method: str) -> None:
    async with client_of(CorsSettings(max_age_s=90)) as client:
        response = await client.options(
            "/api/v1/notes",
            headers={
                "Origin": ORIGIN,
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "content-type,if-match",
            },
        )

    assert response.status_code == 200
    assert response.headers["access-control-max-age"] == "90"
    assert method in response.headers["access-control-allow-methods"]


async def test_pages_may_read_errors_too() -> None:
    shelf = Shelf(is_broken=True)
    app = note_app(shelf, cors=CorsSettings(), cors_origins=(ORIGIN,))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.post(
            "/api/v1/notes", json={"text": "a"}, headers={"Origin": ORIGIN}
        )

    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == ORIGIN
