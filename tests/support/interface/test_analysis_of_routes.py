"""Routes are analysed when they are asked for; the document has them all, as FastAPI has it."""

import asyncio
from enum import StrEnum
from threading import Event
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI, Query
from fastapi.exceptions import FastAPIError
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from apigen.support.interface.documentation import documentation_routes
from apigen.support.interface.openapi_document import openapi_document
from apigen.support.interface.routing import ResourceRouter
from tests.support.interface.notes import Shelf, note_app


class Colour(StrEnum):
    """What a part has."""

    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    """A part."""

    size: int | None = None
    colour: Colour = Colour.RED


class Whole[T](BaseModel):
    """Many parts."""

    parts: list[T]


async def one_part(number: int) -> Response:
    """Read one part."""
    return PlainTextResponse(f"{number}")


async def all_parts(
    colour: Colour | None = None, size: Annotated[int, Query(ge=1)] = 1
) -> Response:
    return PlainTextResponse("all")


async def add_part(part: Part) -> Response:
    return PlainTextResponse("added")


async def change_part(number: int, part: Part) -> Part:
    return part


def add_routes(router: APIRouter) -> None:
    answers: dict[int | str, dict[str, Any]] = {202: {"model": Part, "description": "Later"}}
    router.get("/{number}", response_model=Part, responses={304: {}})(one_part)
    router.get("", response_model=Whole[Part], operation_id="all")(all_parts)
    router.post("", response_model=list[Part], status_code=201, responses=answers)(add_part)
    router.put("/{number}", openapi_extra={"security": []})(change_part)


class Unheard:
    """Nothing that FastAPI can read."""


async def broken(what: Unheard) -> Response:
    return PlainTextResponse("never")


def app_with_a_broken_router() -> Any:
    app = note_app(Shelf())
    router = ResourceRouter(prefix="/broken", tags=["Broken"])
    router.get("/{what}")(broken)
    app.include_router(router, prefix="/api/v1")
    return app


async def ask(app: Any, method: str, path: str, **more: Any) -> httpx2.Response:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, **more)


def test_the_document_is_that_of_fastapi() -> None:
    app, plain = FastAPI(title="Parts"), FastAPI(title="Parts")
    ours = ResourceRouter(prefix="/parts", tags=["Parts"])
    theirs = APIRouter(prefix="/parts", tags=["Parts"])
    for router in (ours, theirs):
        add_routes(router)
    app.include_router(ours, prefix="/api")
    plain.include_router(theirs, prefix="/api")

    assert openapi_document(app) == plain.openapi()


async def test_what_is_asked_for_does_not_wait_for_other_routes() -> None:
    app = app_with_a_broken_router()

    assert (await ask(app, "GET", "/api/v1/notes")).status_code == 200
    refused = await ask(app, "PUT", "/api/v1/notes")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")
    assert (await ask(app, "GET", "/api/v1/nothing")).status_code == 404


@pytest.mark.parametrize("again", range(2))
async def test_a_route_that_can_not_be_is_told(again: int) -> None:
    app = app_with_a_broken_router()

    for _ in range(again + 1):
        assert (await ask(app, "GET", "/api/v1/broken/1")).status_code == 500
        with pytest.raises(FastAPIError, match="Unheard"):
            app.openapi()


async def test_the_longer_prefix_that_came_first_counts() -> None:
    longer = ResourceRouter(prefix="/a/{name}/lines", tags=["Lines"])
    shorter = ResourceRouter(prefix="/a", tags=["A"])

    @longer.get("/{line}")
    async def one_line(name: str, line: str) -> Response:
        return PlainTextResponse(f"line {line} of {name}")

    @shorter.get("/{name}/{rest}/{line}")
    async def anything(name: str, rest: str, line: str) -> Response:
        return PlainTextResponse(f"{rest} of {name}")

    for routers in ((longer, shorter), (shorter, longer)):
        app = note_app(Shelf())
        for router in routers:
            app.include_router(router)
        first = "line 1 of x" if routers[0] is longer else "lines of x"

        assert (await ask(app, "GET", "/a/x/y/1")).text == "y of x"
        assert (await ask(app, "GET", "/a/x/lines/1")).text == first


async def test_others_are_answered_while_the_document_is_written() -> None:
    answered = Event()

    def write() -> dict[str, Any]:
        assert answered.wait(timeout=30)
        return {"openapi": "3.1.0"}

    async def hello(request: Request) -> Response:
        return PlainTextResponse("hello")

    routes = [*documentation_routes("Slow", write, readers=()), Route("/hello", hello)]
    app = Starlette(routes=routes)

    document = asyncio.create_task(ask(app, "GET", "/openapi.json"))
    await asyncio.sleep(0)
    assert (await ask(app, "GET", "/hello")).text == "hello"
    answered.set()
    assert (await document).json() == {"openapi": "3.1.0"}
