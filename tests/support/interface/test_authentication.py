"""A token says who asks; one that is no good is refused wherever it is sent."""

import httpx2
import pytest
import structlog

from apigen.support.core.actor import Actor
from apigen.support.core.context import add_context, current_context
from apigen.support.core.errors import (
    ExpiredTokenError,
    ForbiddenError,
    IssuerUnavailableError,
    UnauthenticatedError,
)
from apigen.support.interface.authentication import bearer_authentication
from apigen.support.interface.cors import CorsPolicy, CrossOrigins
from apigen.support.interface.problems import problems
from apigen.support.interface.routing import ResourceRouter
from tests.support.interface.notes import Shelf, note_app

ORIGIN = "https://shop.example"
WHO = "/api/v1/callers"

callers = ResourceRouter(prefix="/callers", tags=["Callers"])


@callers.get("", operation_id="get_caller", responses=problems(401))
async def get_caller() -> dict[str, object]:
    """Tell who asks."""
    return {"id": current_context().actor.id}


@callers.get("/known", operation_id="get_known_caller", responses=problems(401))
async def get_known_caller() -> None:
    """Refuse whoever is not known."""
    raise UnauthenticatedError


@callers.get("/staff", operation_id="get_staff", responses=problems(401, 403))
async def get_staff() -> None:
    """Refuse everybody."""
    raise ForbiddenError("read", "caller")


async def validate(token: str) -> Actor:
    if token == "old":
        raise ExpiredTokenError("The token has expired.")
    if token == "far":
        raise IssuerUnavailableError("https://issuer.example")
    return Actor(id=token)


def client() -> httpx2.AsyncClient:
    app = note_app(
        Shelf(),
        cors=CrossOrigins(CorsPolicy(origins=(ORIGIN,))),
        authenticate=bearer_authentication(validate),
        routers=(callers,),
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize("sent", ["Bearer u1", "bearer u1", "BEARER  u1"])
async def test_a_token_says_who_asks(sent: str) -> None:
    async with client() as http:
        response = await http.get(WHO, headers={"Authorization": sent})

    assert response.json() == {"id": "u1"}


async def test_without_a_token_nobody_is_known() -> None:
    async with client() as http:
        response = await http.get(WHO)

    assert response.json() == {"id": ""}


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic dTpw", "u1", "Bearer=u1"])
async def test_another_way_to_say_it_is_refused(sent: str) -> None:
    async with client() as http:
        response = await http.get(WHO, headers={"Authorization": sent})

    assert response.status_code == 401
    assert response.json()["code"] == "malformed_token"
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_two_tokens_are_refused() -> None:
    async with client() as http:
        response = await http.get(WHO, headers=[("Authorization", "Bearer u1")] * 2)

    assert response.status_code == 401


@pytest.mark.parametrize("path", [WHO, "/live", "/nowhere"])
async def test_a_token_that_is_no_good_is_refused_everywhere(path: str) -> None:
    async with client() as http:
        response = await http.get(path, headers={"Authorization": "Bearer old"})

    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "expired_token"
    assert "old" not in response.text


async def test_pages_of_other_origins_can_read_a_refusal() -> None:
    async with client() as http:
        sent = {"Authorization": "Bearer old", "Origin": ORIGIN}
        response = await http.get(WHO, headers=sent)

    assert response.status_code == 401
    assert response.headers["access-control-allow-origin"] == ORIGIN


async def test_where_a_token_is_needed_and_missing_it_is_asked_for() -> None:
    async with client() as http:
        response = await http.get(f"{WHO}/known")

    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"
    assert response.headers["www-authenticate"] == "Bearer"


async def test_whoever_is_known_and_may_not_is_forbidden() -> None:
    async with client() as http:
        response = await http.get(f"{WHO}/staff", headers={"Authorization": "Bearer u1"})

    assert response.status_code == 403
    assert response.json()["code"] == "forbidden"


async def test_an_issuer_that_is_away_is_no_fault_of_the_caller() -> None:
    async with client() as http:
        response = await http.get(WHO, headers={"Authorization": "Bearer far"})

    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert "issuer.example" not in response.text


@pytest.mark.criterion("R89.3")
async def test_who_asks_is_logged_and_the_token_is_not() -> None:
    async with client() as http:
        with structlog.testing.capture_logs(processors=[add_context]) as logged:
            await http.get(WHO, headers={"Authorization": "Bearer u1"})
            await http.get(WHO, headers={"Authorization": "Bearer old"})

    assert [entry.get("user_id") for entry in logged if entry["event"] == "request"] == ["u1", None]
    assert "old" not in str(logged)


async def test_the_documentation_says_that_a_token_is_taken() -> None:
    async with client() as http:
        document = (await http.get("/openapi.json")).json()

    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["security"] == [{"bearer": []}]
