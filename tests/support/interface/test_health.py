"""Health is asked at four addresses and answered truthfully."""

import asyncio

import httpx2
import pytest
from starlette.applications import Starlette

from apigen.support.interface import health
from apigen.support.interface.health import HealthCheck, HealthEndpoint


async def works() -> None:
    """Answer."""


async def fails() -> None:
    raise OSError("cannot connect to admin@10.0.0.7")


async def hangs() -> None:
    await asyncio.sleep(60)


async def ask(endpoint: HealthEndpoint, path: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(Starlette(routes=endpoint.routes()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


@pytest.mark.criterion("R29.1")
@pytest.mark.criterion("R105.3")
@pytest.mark.parametrize("check", [works, fails])
async def test_a_process_that_answers_is_alive(check: HealthCheck) -> None:
    response = await ask(HealthEndpoint({"database": check}), "/live")

    assert response.status_code == 200
    assert response.json() == {
        "status": "up",
        "components": {"process": {"status": "up", "detail": ""}},
    }


@pytest.mark.criterion("R29.2")
@pytest.mark.criterion("R29.4")
async def test_ready_means_that_every_component_works() -> None:
    ready = await ask(HealthEndpoint({"database": works, "migrations": works}), "/ready")
    broken = await ask(HealthEndpoint({"database": works, "migrations": fails}), "/ready")

    assert ready.status_code == 200
    assert ready.json()["status"] == "up"
    assert broken.status_code == 503
    assert broken.json() == {
        "status": "down",
        "components": {
            "database": {"status": "up", "detail": ""},
            "migrations": {"status": "down", "detail": "OSError"},
        },
    }


async def test_what_a_driver_says_is_not_told_to_everybody() -> None:
    response = await ask(HealthEndpoint({"database": fails}), "/health")

    assert "10.0.0.7" not in response.text


async def test_a_component_that_does_not_answer_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_TIMEOUT_S", 0.01)

    response = await ask(HealthEndpoint({"database": hangs}), "/ready")

    assert response.status_code == 503
    assert response.json()["components"]["database"]["detail"] == "no answer within 0.01 s"


@pytest.mark.criterion("R29.3")
async def test_started_means_that_start_up_has_finished() -> None:
    endpoint = HealthEndpoint({"database": fails})
    before = await ask(endpoint, "/startup")

    endpoint.mark_started()
    after = await ask(endpoint, "/startup")

    assert (before.status_code, after.status_code) == (503, 200)
    assert before.json()["components"]["application"]["detail"] == "starting"


@pytest.mark.criterion("R29.4")
async def test_health_is_all_of_it() -> None:
    endpoint = HealthEndpoint({"database": works})
    endpoint.mark_started()

    response = await ask(endpoint, "/health")

    assert response.status_code == 200
    assert response.json()["components"].keys() == {"application", "database"}
    assert response.headers["cache-control"] == "no-store"
