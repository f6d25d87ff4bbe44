"""Who may not ask is told that, and nothing of what else is wrong with the request."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
import pytest_asyncio
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from apigen.support.application.access import AUTHENTICATED, AccessControl, Permission
from apigen.support.application.dtos import Dto
from apigen.support.core.actor import Actor
from apigen.support.interface.api import Api
from apigen.support.interface.authentication import bearer_authentication
from apigen.support.interface.idempotency import idempotent
from apigen.support.interface.permission import requires
from apigen.support.interface.problems import problems
from apigen.support.interface.routing import OrjsonResponse, ResourceRouter

CONTROL = AccessControl[int](
    "parcel", {"send": (Permission("clerk"),), "read": (Permission(AUTHENTICATED),)}
)
PATH = "/parcels/1"


class Parcel(Dto):
    """What a client sends."""

    weight: Annotated[int, Field(ge=1)]


router = ResourceRouter(prefix="/parcels", tags=["Parcels"])


@router.put("/{number}", operation_id="send_parcel", responses=problems(400, 401, 403, 422))
@requires(CONTROL, "send", "read")
@idempotent(required=True)
async def send_parcel(request: Request, number: int, data: Parcel) -> Response:
    """Send it."""
    return OrjsonResponse({"weight": data.weight})


async def _who(token: str) -> Actor:
    return Actor(id=token, roles=frozenset({token}))


async def _nothing() -> None:
    """Close nothing."""


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    """Ask an application with one route."""
    app = Api(
        title="Parcels",
        version="1",
        description="",
        tags=(),
        max_body_bytes=1000,
        readers=(),
        health_checks={},
        close=_nothing,
        access_log=False,
        authenticate=bearer_authentication(_who),
    )
    app.include_router(router)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://test"
    ) as client:
        yield client


WRONG = [
    (PATH, {"content-type": "application/json"}, b'{"weight": 1}'),
    (PATH, {"content-type": "application/json", "idempotency-key": ""}, b'{"weight": 1}'),
    (PATH, {"content-type": "application/json", "idempotency-key": "k"}, b"{"),
    (PATH, {"content-type": "application/json", "idempotency-key": "k"}, b'{"weight": 0}'),
    (PATH, {"content-type": "text/plain", "idempotency-key": "k"}, b"1"),
    ("/parcels/one", {"content-type": "application/json", "idempotency-key": "k"}, b"{}"),
]


@pytest.mark.criterion("R15.2")
@pytest.mark.parametrize(("path", "headers", "body"), WRONG)
async def test_who_asks_is_looked_at_before_what_is_asked(
    http: httpx2.AsyncClient, path: str, headers: dict[str, str], body: bytes
) -> None:
    statuses = []
    for sent in ({}, {"authorization": "Bearer guest"}, {"authorization": "Bearer clerk"}):
        response = await http.put(path, content=body, headers={**headers, **sent})
        statuses.append(response.status_code)

    assert statuses[:2] == [401, 403]
    assert statuses[2] in (400, 415, 422)
