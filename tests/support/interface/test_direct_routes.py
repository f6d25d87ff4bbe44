"""The direct way to a route answers as FastAPI's own does, and is taken where it can be."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import fastapi
import httpx2
import pytest
from fastapi import Depends, FastAPI, HTTPException, Path
from fastapi.dependencies.utils import solve_dependencies
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from apigen.support.interface.api import Api
from apigen.support.interface.deprecation import deprecated
from apigen.support.interface.routing import ResourceRouter
from tests.support.interface.notes import (
    Note,
    NoteCreate,
    NoteId,
    Shelf,
    note_app,
    note_handlers,
    router,
)

KNOWN, OTHER = NoteId(UUID(int=1)), UUID(int=2)
IDS = [str(KNOWN), KNOWN.hex, str(OTHER), "count", "bulk", "export", "x", "1", "", "%20", "a/b"]
PATHS = ["", "/", "/count", "/export", "/bulk", "/bulk-delete", *(f"/{id}" for id in IDS)]
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            [
                "application/json",
                "Application/JSON; charset=utf-8",
                "application/merge+json",
                "application/a/b+json",
                "text/plain",
                "",
            ]
        ),
        "content-encoding": st.sampled_from(["gzip", "br, gzip", "identity", ""]),
        "if-match": st.sampled_from(["*", '"1"', '"7"', 'W/"1"', "x"]),
        "if-none-match": st.sampled_from(["*", '"1"', '"7"']),
        "origin": st.just("https://example.org"),
    },
)
BODIES = st.one_of(
    st.sampled_from([b"", b"{", b"null", b"[]", b"\xff", b'"x"', b"NaN", b" " * 600]),
    st.builds(
        lambda value: json.dumps(value).encode(),
        st.one_of(
            st.builds(lambda text: {"text": text}, st.text(max_size=60)),
            st.builds(lambda text: [{"text": text}] * 2, st.text(max_size=5)),
            st.just({"ids": [str(KNOWN)]}),
            st.just([{"id": str(KNOWN), "text": "b"}]),
            st.just({"text": None, "more": 1}),
        ),
    ),
)


def ordinary(app: Api) -> Api:
    """Return the application as it is without the direct way."""
    app.router.middleware_stack = app.router.app
    return app


SHELVES = Shelf(), Shelf()
WAYS = (note_app(SHELVES[0]), SHELVES[0]), (ordinary(note_app(SHELVES[1])), SHELVES[1])


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of requests whose parameters FastAPI has read, or that no route was for."""
    came: list[str] = []
    search = fastapi.APIRouter.app

    async def note_solved(*, request: Request, **more: Any) -> Any:
        came.append(request.scope["path"])
        return await solve_dependencies(request=request, **more)

    async def note_sought(router: Any, scope: Any, receive: Any, send: Any) -> None:
        came.append(scope["path"])
        await search(router, scope, receive, send)

    monkeypatch.setattr("fastapi.routing.solve_dependencies", note_solved)
    monkeypatch.setattr(fastapi.APIRouter, "app", note_sought)
    return came


async def ask(
    app: FastAPI, method: str, path: str, *, root: str = "", **more: Any
) -> httpx2.Response:
    """Ask an application once, which a proxy has below `root`."""
    transport = httpx2.ASGITransport(app, root_path=root)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, root + path, **more)


def plain_app(*routers: ResourceRouter, **options: Any) -> Api:
    """Return an application with these routes."""
    app = note_app(Shelf())
    for one in routers:
        app.include_router(one, **options)
    return app


@settings(max_examples=200, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"]),
    path=st.sampled_from(PATHS),
    query=st.sampled_from(["", "?size=1", "?size=x", "?expand=author", "?nothing=1", "?text=a"]),
    headers=HEADERS,
    body=BODIES,
    root=st.sampled_from(["", "/svc"]),
)
async def test_both_ways_answer_alike(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes, root: str
) -> None:
    answers = []
    for app, shelf in WAYS:
        shelf.notes.clear()
        shelf.notes[KNOWN] = Note(id=KNOWN, text="a")
        sent = headers | {"x-request-id": "same"}
        place = f"/api/v1/notes{path}{query}"
        answer = await ask(app, method, place, root=root, headers=sent, content=body)
        text = answer.text
        for id in shelf.notes:
            text = text.replace(str(id), "" if id != KNOWN else str(id))
        texts = sorted((id == KNOWN, note.text, note.version) for id, note in shelf.notes.items())
        kept = {name: value for name, value in answer.headers.items() if name != "location"}
        if "timestamp" in text:
            text = json.dumps({**answer.json(), "timestamp": None, "data": None})
        answers.append((answer.status_code, kept, text, texts))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("root", ["", "/svc"])
async def test_generated_routes_are_called_directly(calls: list[str], root: str) -> None:
    app = note_app(Shelf({KNOWN: Note(id=KNOWN, text="a")}))

    statuses = [
        (await ask(app, method, f"/api/v1/notes{path}", root=root, json=body)).status_code
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/count", None),
            ("GET", f"/{KNOWN}", None),
            ("POST", "", {"text": "b"}),
            ("PATCH", f"/{KNOWN}", {"text": "c"}),
            ("POST", "/bulk-delete", {"ids": [str(KNOWN)]}),
            ("DELETE", f"/{KNOWN}", None),
        )
    ]

    assert statuses == [200, 200, 200, 201, 200, 200, 404]
    assert calls == []


async def test_what_overrides_a_dependency_is_asked() -> None:
    app = note_app(Shelf())

    async def nobody() -> None:
        raise HTTPException(418, "no handlers today")

    app.dependency_overrides[note_handlers] = nobody

    assert (await ask(app, "GET", "/api/v1/notes")).status_code == 418


async def test_what_an_owner_adds_to_a_route_or_to_a_router_counts() -> None:
    done: list[str] = []
    own = ResourceRouter(prefix="/own", tags=["Own"])

    async def paid(request: Request) -> None:
        done.append("paid")
        if "free" in request.query_params:
            raise HTTPException(402, "pay first")

    async def opened() -> AsyncIterator[str]:
        done.append("opened")
        yield "open"
        done.append("closed")

    @own.get("/open")
    async def read_open(state: Annotated[str, Depends(opened)]) -> Response:
        return PlainTextResponse(state)

    @own.get("/paid/{name}", dependencies=[Depends(paid)])
    async def read_paid(name: str, upper: bool = False) -> Response:
        return PlainTextResponse(name.upper() if upper else name)

    @own.get("/value")
    async def read_value() -> dict[str, int]:
        return {"value": 1}

    app = plain_app(own, dependencies=[Depends(paid)])

    assert (await ask(app, "GET", "/own/open")).text == "open"
    assert done == ["paid", "opened", "closed"]
    assert (await ask(app, "GET", "/own/paid/a?upper=1")).text == "A"
    assert (await ask(app, "GET", "/own/value?free=1")).status_code == 402
    assert (await ask(app, "GET", "/own/value")).json() == {"value": 1}
    # What several ask for is called once.
    assert done.count("paid") == 4


async def test_the_first_route_that_matches_counts(calls: list[str]) -> None:
    first, second = (ResourceRouter(prefix="/a", tags=[name]) for name in "xy")

    @first.get("/{name}/b")
    async def one(name: str) -> Response:
        return PlainTextResponse(f"one {name}")

    @second.get("/{name}/b")
    async def two(name: str) -> Response:
        return PlainTextResponse("two")

    @second.get("/c/{name}")
    async def three(name: Annotated[str, Path(max_length=3)]) -> Response:
        return PlainTextResponse("three")

    app = plain_app(first, second)

    assert (await ask(app, "GET", "/a/c/b")).text == "one c"
    assert (await ask(app, "GET", "/a/c/x")).text == "three"
    assert calls == []
    app.router.routes.insert(0, ordinary_route("/a/{name:path}"))
    assert (await ask(app, "GET", "/a/c/x")).text == "elsewhere"
    assert calls == ["/a/c/x"]


async def test_a_mount_before_the_routes_hides_them() -> None:
    app = Api(
        title="t",
        version="1",
        description="",
        tags=(),
        max_body_bytes=100,
        readers=(),
        health_checks={},
        close=_nothing,
        access_log=False,
    )
    app.mount("/api", PlainTextResponse("mounted"))
    app.include_router(router, prefix="/api/v1")

    assert (await ask(app, "GET", "/api/v1/notes")).text == "mounted"


async def test_an_application_may_be_part_of_another() -> None:
    outer = FastAPI()
    outer.mount("/inner", note_app(Shelf()))

    assert (await ask(outer, "GET", "/inner/api/v1/notes")).json()["total"] == 0


async def test_a_deprecated_route_says_so_once(calls: list[str]) -> None:
    own = ResourceRouter(prefix="/old", tags=["Old"])

    @own.post("")
    @deprecated(reason="It is old.")
    async def old(data: NoteCreate) -> Response:
        return PlainTextResponse(data.text)

    app = plain_app(own)

    for body in ({"text": "a"}, {"text": 1}):
        answer = await ask(app, "POST", "/old", json=body)
        assert answer.headers.get_list("deprecation") == ["@0"]


async def test_a_route_that_breaks_its_word_is_a_bug() -> None:
    own = ResourceRouter(prefix="/own", tags=["Own"])

    @own.get("")
    async def broken() -> Response:
        return {"value": 1}  # type: ignore[return-value]

    assert (await ask(plain_app(own), "GET", "/own")).status_code == 500


def ordinary_route(path: str) -> Any:
    """Return a route of Starlette's."""
    from starlette.routing import Route

    async def elsewhere(request: Request) -> Response:
        return PlainTextResponse("elsewhere")

    return Route(path, elsewhere)


async def _nothing() -> None:
    """Close nothing."""


@pytest.mark.parametrize("is_direct", [True, False])
async def test_who_leaves_in_the_midst_of_a_body_leaves_nothing_behind(is_direct: bool) -> None:
    """A server tells of it once; nothing comes after that."""
    app = note_app(Shelf()) if is_direct else ordinary(note_app(Shelf()))
    coming: list[Message] = [
        {"type": "http.request", "body": b'{"text": ', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        if not coming:
            await asyncio.sleep(3600)
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": "POST",
        "path": "/api/v1/notes",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    await asyncio.wait_for(app(scope, receive, send), 10)

    assert sent[0]["status"] == 400
