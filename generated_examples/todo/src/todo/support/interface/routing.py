"""Routes that read and write JSON with orjson, and routers that skip foreign paths quickly.

Source: requirements 84.1, 84.2, 127.1 to 127.3.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Set
from functools import cached_property
from typing import Any

import orjson
from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from ..core.json import dumps
from .deprecation import announced, deprecation_of
from .framework_internals import LateRoute, Shortcut, included, is_said, takes_body, works
from .permission import require_permission
from .problems import problems
from .versioning import VERSION, VERSIONS_MEMBER, versions_of

type Gate = Callable[[Request], Awaitable[Response | None]]
"""Asked before anything that a request has sent is read: its answer, or None to let it pass."""

_GATE = "__gate__"
_ASKED = "gate_asked"
"""In the state of a request: its gate has let it pass, and has counted it."""


class OrjsonResponse(JSONResponse):
    """JSON by the project's one encoder, for routes that return plain values."""

    def render(self, content: object) -> bytes:
        """Encode the content."""
        return dumps(content)


class OrjsonRequest(Request):
    """A request whose JSON is decoded by orjson; refuses NaN, Infinity and lone surrogates."""

    sent: bytes | None = None
    """The body, when it has been read."""

    # The return type is Starlette's: whatever the document holds.
    async def json(self) -> Any:
        """Decode the body, once.

        Raises:
            json.JSONDecodeError: It is not JSON; FastAPI turns this into a validation error.
        """
        if not hasattr(self, "_document"):
            self.sent = await self.body()
            self._document = orjson.loads(self.sent)
        return self._document


class OrjsonRoute(LateRoute):
    """A route that takes JSON only (415 otherwise), in the versions of the API that have it.

    It announces its end when it has one, and looks who asks before it looks at what was sent.
    Models of answers are kept for the documentation, which alone reads them where a route returns
    a `Response`: FastAPI would make an adapter for each.
    """

    # The arguments are FastAPI's, which only it reads.
    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        """Make the route; one that is marked as deprecated is documented so."""
        deprecation = deprecation_of(endpoint)
        if deprecation is not None:
            settings["deprecated"] = True
            if deprecation.sunset is not None:
                end = {"x-sunset": deprecation.sunset.isoformat()}
                settings["openapi_extra"] = {**(settings.get("openapi_extra") or {}), **end}
                settings["responses"] = {**(settings.get("responses") or {}), **problems(410)}
        self.words: Set[str] = frozenset()
        """What stands in the place of the last parameter in the paths of other routes."""
        self.gate: Gate | None = getattr(endpoint, _GATE, None)
        """None: that of the application, if it has one."""
        self.marks: Mapping[str, object] = {}
        """What the state of requests is given for what looks at them on their way out."""
        self.answers: Mapping[str, Any] = {}
        """Models of answers that FastAPI is not told, by status; that of success under ""."""
        self._last = path.rpartition("/")[2].strip("{}")
        self._versions = versions_of(endpoint)
        if self._versions is not None:
            mark = {VERSIONS_MEMBER: list(self._versions)}
            settings["openapi_extra"] = {**(settings.get("openapi_extra") or {}), **mark}
        super().__init__(path, endpoint, **settings)

    def settled(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep the models of answers, where the document is written without FastAPI's fields."""
        told = dict(settings)
        if works(Shortcut.QUICK_DOCUMENT):
            self.answers = _without_answers(self.endpoint, told)
        return told

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what the route serves."""
        match, found = super().matches(scope)
        if match is Match.NONE or self.serves(scope, found["path_params"]):
            return match, found
        return Match.NONE, {}

    @property
    def is_versioned(self) -> bool:
        """Whether some versions of the API only have it, among those that share its path."""
        return self._versions is not None

    @property
    def is_deprecated(self) -> bool:
        """Whether each use of it is announced."""
        return deprecation_of(self.endpoint) is not None

    async def admit(self, request: Request) -> Response | None:
        """Look who asks, before anything that was sent is read; asking twice counts once.

        Returns:
            The answer of a gate that refuses, None when the request may go on.

        Raises:
            UnauthenticatedError, ForbiddenError: They may do with no row what it does.
        """
        if self.marks:
            request.scope["state"].update(self.marks)
        gate = self.gate or request.app.state.gate
        if gate is not None and _ASKED not in request.scope["state"]:
            refusal = await gate(request)
            if refusal is not None:
                return refusal
            request.scope["state"][_ASKED] = True
        require_permission(self.endpoint)
        return None

    # Values are texts here, which only the parameter's own type reads.
    def serves(self, scope: Scope, values: Mapping[str, Any]) -> bool:
        """Tell whether a path with these values is the route's own, in the version asked for."""
        if self._versions is not None and scope["state"].get(VERSION) not in self._versions:
            return False
        value = values.get(self._last)
        if value not in self.words:
            return True
        try:
            self._key.validate_python(value)
        except ValidationError:
            return False
        return True

    # Any: a key is of any type.
    @cached_property
    def _key(self) -> TypeAdapter[Any]:
        """What reads the last parameter."""
        parameters = inspect.signature(self.endpoint, eval_str=True).parameters
        return TypeAdapter(parameters[self._last].annotation)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler, which reads the body through the request it is given."""
        handle = super().get_route_handler()
        deprecation = deprecation_of(self.endpoint)
        name = self.operation_id or self.name

        async def handle_json(request: Request) -> Response:
            if deprecation is not None:
                now = request.app.state.clock()
                over = announced(request, deprecation, name=name, now=now)
                if over is not None:
                    return over
            refusal = await self.admit(request)
            if refusal is not None:
                return refusal
            if takes_body(self) and not _is_json(request):
                raise HTTPException(415, "The body must be application/json.")
            if self.body_field is not None and is_encoded(request):
                raise HTTPException(
                    415, "The body must not be compressed.", headers={"Accept-Encoding": "identity"}
                )
            return await handle(OrjsonRequest(request.scope, request.receive))

        return handle_json


def _without_answers(endpoint: Callable[..., Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Take the models of answers that only the documentation reads out of a route's settings."""
    answers: dict[str, Any] = {}
    responses = settings.get("responses") or {}
    for status, response in responses.items():
        if "model" in response:
            answers[str(status)] = response["model"]
    if answers:
        settings["responses"] = {
            status: {key: value for key, value in response.items() if key != "model"}
            for status, response in responses.items()
        }
    if returns_response(endpoint) and is_said(settings.get("response_model")):
        answers[""] = settings["response_model"]
        settings["response_model"] = None
    return answers


def returns_response(endpoint: Callable[..., object]) -> bool:
    """Tell whether a route is a coroutine function that says that it returns a `Response`."""
    if not inspect.iscoroutinefunction(endpoint):
        return False
    returned = getattr(endpoint, "__annotations__", {}).get("return")
    if isinstance(returned, str):
        try:
            returned = inspect.signature(endpoint, eval_str=True).return_annotation
        except (NameError, TypeError, ValueError):
            # Whatever it is, its name is not known here.
            return False
    return isinstance(returned, type) and issubclass(returned, Response)


async def no_gate(request: Request) -> Response | None:
    """Let every request pass: for a resource that has not even the gate of others."""
    return None


def mark_gate(route: Callable[..., object], gate: Gate) -> None:
    """Give a route a gate of its own, before it is added to a router."""
    setattr(route, _GATE, gate)


def media_type(request: Request) -> str:
    """Return the media type of the body, without its parameters; empty when nothing is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_encoded(request: Request) -> bool:
    """Tell whether the body is compressed, which none may be: it could become of any size."""
    coding = request.headers.get("content-encoding", "identity")
    return coding.strip().lower() not in ("", "identity")


def _is_json(request: Request) -> bool:
    kind = media_type(request)
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


class ResourceRouter(APIRouter):
    """The routes of one resource.

    Looks whether a path can be its own before it tries its routes: FastAPI tries every route of
    every included router twice, which costs more than a small query when there are many.
    """

    def __init__(
        self,
        *,
        prefix: str,
        tags: list[str],
        max_body_size: int | None = None,
        marks: Mapping[str, object] | None = None,
        gate: Gate | None = None,
    ) -> None:
        """Begin the routes below `prefix`, shown under `tags` in the documentation.

        Args:
            prefix: What their paths begin with.
            tags: Of their operations.
            max_body_size: Limit of the bodies of their requests, when not that of all others.
            marks: What the state of their requests is given, for what looks at it on the way out:
                `{COMPRESSION: UNCOMPRESSED}`.
            gate: Asked before each request, when it is not that of the application.
        """
        super().__init__(
            prefix=prefix,
            tags=[*tags],
            route_class=OrjsonRoute,
            max_body_size=max_body_size,
        )
        self._marks = marks or {}
        self._gate = gate
        self._literal = prefix.partition("{")[0]
        self._words: dict[str, set[str]] = {}

    # The settings are FastAPI's, which only it reads.
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        """Add a route, and tell it of those that have a word where it has a parameter.

        A key that is a number is never `count`: `PATCH /orders/count` is a method that is not
        allowed, rather than a change of an order with a key that is not valid.
        """
        super().add_api_route(path, endpoint, **settings)
        parent, _, last = path.rpartition("/")
        words = self._words.setdefault(parent, set())
        route = self.routes[-1]
        if isinstance(route, OrjsonRoute):
            route.marks = self._marks
            route.gate = route.gate or self._gate
        if "{" not in last:
            words.add(last)
        elif isinstance(route, OrjsonRoute):
            route.words = words

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Refuse at once a path that does not hold the fixed beginning of the prefix."""
        if self._literal not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)


def included_prefix(route: BaseRoute) -> str | None:
    """Return what the paths of an included `ResourceRouter` begin with; None for other routes."""
    found = included(route)
    return found[1] if found is not None and isinstance(found[0], ResourceRouter) else None
