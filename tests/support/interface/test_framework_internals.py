"""What FastAPI promises nowhere may be otherwise tomorrow: slower then, with the same answers."""

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI
from fastapi._compat import ModelField
from fastapi.dependencies import utils as reading
from fastapi.dependencies.utils import solve_dependencies
from fastapi.openapi import utils
from fastapi.routing import APIRoute, RouteContext
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Router
from structlog.testing import capture_logs

from apigen.support.interface import framework_internals
from apigen.support.interface.api import Api
from apigen.support.interface.framework_internals import Shortcut, works
from apigen.support.interface.problems import problems
from apigen.support.interface.routing import ResourceRouter

REQUESTS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/api/parcels", None),
    ("GET", "/api/parcels/7", None),
    ("GET", "/api/parcels/x", None),
    ("GET", "/api/parcels/count", None),
    ("DELETE", "/api/parcels/count", None),
    ("PUT", "/api/parcels/7", {"size": 3}),
    ("PUT", "/api/parcels/7", {"size": "large"}),
    ("POST", "/api/parcels", {"size": 3}),
    ("POST", "/api/parcels", None),
    ("POST", "/api/parcels/7", {"size": 3}),
    ("GET", "/api/nothing", None),
)


class Parcel(BaseModel):
    """What is sent."""

    size: int


class Parcels(BaseModel):
    """Several."""

    parcels: list[Parcel]


async def owner(request: Request) -> str:
    return request.headers.get("owner", "nobody")


def parcel_app() -> Api:
    """Return an application with routes of its own, which nobody has analysed."""
    app = Api(
        title="Parcels",
        version="1",
        description="",
        tags=(),
        max_body_bytes=100,
        readers=(),
        health_checks={},
        close=_nothing,
        access_log=False,
    )
    router = ResourceRouter(prefix="/parcels", tags=["Parcels"])

    @router.get("", response_model=Parcels)
    async def list_parcels(owner: Annotated[str, Depends(owner)]) -> Response:
        """List parcels."""
        return PlainTextResponse(f"those of {owner}")

    @router.get("/count", response_model=int)
    async def count_parcels() -> Response:
        """Count parcels."""
        return PlainTextResponse("1")

    @router.get("/{number}", response_model=Parcel, responses=problems(404, 422))
    async def get_parcel(number: int) -> Response:
        """Read one."""
        return PlainTextResponse(f"parcel {number}")

    @router.put("/{number}", response_model=Parcel, responses=problems(422))
    async def put_parcel(request: Request, number: int, data: Parcel) -> Response:
        """Change one."""
        return PlainTextResponse(f"{request.method} {number}: {data.size}")

    @router.post("", response_model=Parcel, status_code=201)
    async def add_parcel(data: Parcel, owner: Annotated[str, Depends(owner)]) -> Response:
        """Add one."""
        return PlainTextResponse(f"{data.size} of {owner}", 201)

    @router.delete("/{number}", status_code=204)
    async def delete_parcel(number: int) -> Response:
        """Delete one."""
        return Response(status_code=204)

    app.include_router(router, prefix="/api")
    return app


async def answers(app: FastAPI) -> list[tuple[int, str | None, str]]:
    """Return what an application answers to all requests."""
    found = []
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://test", headers={"x-request-id": "1"}
    ) as client:
        for method, path, body in REQUESTS:
            # No body at all is another thing than null.
            sent = {} if body is None else {"json": body}
            answer = await client.request(method, path, **sent)
            found.append((answer.status_code, answer.headers.get("allow"), answer.text))
    return found


@pytest.fixture
def trials() -> Iterator[None]:
    """Let each shortcut be tried anew, here and after."""
    for kept in (works, framework_internals._can_wait):
        kept.cache_clear()
    yield
    for kept in (works, framework_internals._can_wait):
        kept.cache_clear()


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests whose parameters FastAPI has read."""
    came: list[str] = []

    async def note(*, request: Request, **more: Any) -> Any:
        came.append(f"{request.method} {request.scope['path']}")
        return await solve_dependencies(request=request, **more)

    monkeypatch.setattr("fastapi.routing.solve_dependencies", note)
    return came


def routes_keep_other_values(patch: pytest.MonkeyPatch) -> None:
    make = APIRoute.__init__

    def other(self: APIRoute, *told: Any, **settings: Any) -> None:
        make(self, *told, **settings)
        self.tags = tuple(self.tags)  # type: ignore[assignment]

    patch.setattr(APIRoute, "__init__", other)


def routes_have_data_of_their_class(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(APIRoute, "is_frontend", False, raising=False)


def ways_to_routes_are_elsewhere(patch: pytest.MonkeyPatch) -> None:
    passed_on = RouteContext.__getattr__

    def pass_on(self: RouteContext, name: str) -> Any:
        if name == "app":
            raise AttributeError(name)
        return passed_on(self, name)

    patch.setattr(RouteContext, "__getattr__", pass_on)


def values_are_read_with_a_mode(patch: pytest.MonkeyPatch) -> None:
    field = ModelField
    read = field.validate

    def validate(self: Any, value: Any, values: Any = None, **more: Any) -> Any:
        return (*read(self, value, values, **more), "python")

    patch.setattr(field, "validate", validate)
    # FastAPI itself knows it.
    known = reading._validate_value_with_model_field

    def validate_known(**more: Any) -> Any:
        with pytest.MonkeyPatch.context() as inside:
            inside.setattr(field, "validate", read)
            return known(**more)

    patch.setattr(reading, "_validate_value_with_model_field", validate_known)


def routers_call_something_else(patch: pytest.MonkeyPatch) -> None:
    make = Router.__init__

    def other(self: Any, *told: Any, **settings: Any) -> None:
        make(self, *told, **settings)
        self.stack = self.middleware_stack
        del self.middleware_stack

    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None:
        await self.stack(scope, receive, send)

    patch.setattr(Router, "__init__", other)
    patch.setattr(Router, "__call__", call)


def included_routers_have_no_prefix(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(framework_internals, "included", lambda route: None)


def operations_need_more(patch: pytest.MonkeyPatch) -> None:
    describe = utils.get_openapi_path

    def other(*, separate_input_output_schemas: bool, **more: Any) -> Any:
        return describe(separate_input_output_schemas=separate_input_output_schemas, **more)

    patch.setattr(utils, "get_openapi_path", other)


def operations_are_told_by_another_name(patch: pytest.MonkeyPatch) -> None:
    written = utils.get_openapi

    def other(**told: Any) -> Any:
        with pytest.MonkeyPatch.context() as inside:
            inside.setattr(utils, "get_openapi_path", PATH, raising=False)
            return written(**told)

    patch.delattr(utils, "get_openapi_path")
    patch.setattr(utils, "get_openapi", other)
    patch.setattr("apigen.support.interface.openapi_document.get_openapi", other)


PATH = utils.get_openapi_path


@pytest.mark.parametrize(
    ("alter", "lost"),
    [
        (routes_keep_other_values, {Shortcut.LATE_ANALYSIS}),
        (routes_have_data_of_their_class, {Shortcut.LATE_ANALYSIS}),
        (ways_to_routes_are_elsewhere, {Shortcut.DIRECT_CALLS}),
        (values_are_read_with_a_mode, {Shortcut.DIRECT_CALLS}),
        (routers_call_something_else, {Shortcut.DIRECT_CALLS}),
        (included_routers_have_no_prefix, {Shortcut.DIRECT_CALLS}),
        (operations_need_more, {Shortcut.QUICK_DOCUMENT}),
        (operations_are_told_by_another_name, {Shortcut.QUICK_DOCUMENT}),
    ],
)
async def test_another_fastapi_is_slower_and_answers_alike(
    alter: Callable[[pytest.MonkeyPatch], None],
    lost: set[Shortcut],
    trials: None,
    solved: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = parcel_app()
    expected, document = await answers(app), app.openapi()
    # What is wrong is FastAPI's to tell.
    assert solved == ["GET /api/parcels/x", "PUT /api/parcels/7"]
    works.cache_clear()
    framework_internals._can_wait.cache_clear()
    solved.clear()
    alter(monkeypatch)

    with capture_logs() as logged:
        other = parcel_app()
        found = [await answers(other) for _ in range(2)]
        described = other.openapi()

    assert found == [expected, expected]
    assert described == document
    assert [line["shortcut"] for line in logged if line["event"] == "shortcut_not_taken"] == [*lost]
    assert ("GET /api/parcels/7" in solved) == (Shortcut.DIRECT_CALLS in lost)


@pytest.mark.parametrize("shortcut", Shortcut)
def test_every_shortcut_works_with_the_fastapi_of_today(shortcut: Shortcut, trials: None) -> None:
    assert works(shortcut)


@pytest.mark.parametrize(
    ("known", "name", "asked"),
    [
        (
            "_KNOWN_NEEDS",
            "request_param_name",
            ["GET /api/parcels", "PUT /api/parcels/7", "POST /api/parcels"],
        ),
        ("_KNOWN_SETTINGS", "response_description", []),
        ("_KNOWN_SETTINGS", "status_code", ["POST /api/parcels"]),
    ],
)
async def test_what_only_a_newer_fastapi_knows_it_does_itself(
    known: str,
    name: str,
    asked: list[str],
    trials: None,
    solved: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = await answers(parcel_app())
    usual = list(solved)
    solved.clear()
    for shortcut in Shortcut:
        assert works(shortcut)
    names = getattr(framework_internals, known)
    monkeypatch.setattr(framework_internals, known, names - {name})

    assert await answers(parcel_app()) == expected
    assert sorted(solved) == sorted([*usual, *asked])


async def _nothing() -> None:
    """Close nothing."""


DOCUMENTED: Mapping[str, set[str]] = {
    "fastapi": {"APIRouter", "Body", "Depends", "FastAPI", "Query"},
    "fastapi.exceptions": {"RequestValidationError"},
    "fastapi.openapi.docs": {"get_redoc_html", "get_swagger_ui_html"},
    "fastapi.openapi.utils": {"get_openapi"},
    "fastapi.routing": {"APIRoute", "RouteContext", "iter_route_contexts"},
    "fastapi.telemetry": {"TelemetryConfig"},
}


def test_one_module_knows_the_inside_of_fastapi() -> None:
    support = Path(framework_internals.__file__).parents[1]
    others = [
        path
        for path in support.rglob("*.py")
        if path != Path(framework_internals.__file__) and "testing" not in path.parts
    ]

    taken = {
        (node.module, name.name)
        for path in others
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module is not None
        if node.module.partition(".")[0] == "fastapi"
        for name in node.names
    }

    allowed = {(module, name) for module, names in DOCUMENTED.items() for name in names}
    assert taken <= allowed
    assert {module for module, _ in taken} == set(DOCUMENTED)
