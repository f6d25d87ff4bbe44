"""All that a project takes from inside FastAPI, and what happens where that is not as expected.

What FastAPI documents can do everything that is done here, several times slower. Three shortcuts go
past it. They lean on parts that may change with any release, which are, as of FastAPI 0.165:

- late analysis (`LateRoute`): `APIRoute` keeps what it is told under the names of its arguments and
  has no other data before it is made; a router that is included reads no more than that of a route.
- direct calls (`plain_needs`, `included`, `is_watched`): `RouteContext` passes on `dependant`,
  `body_field`, `app` and the settings of a route; a `Dependant` lists what a function takes;
  `ModelField.validate` reads a value; what is included has `original_router` and
  `include_context.prefix`; a router hands requests to its `middleware_stack`.
- quick document (`schemas_of`, `operations_of`): `get_fields_from_routes` and `get_openapi_path` of
  `fastapi.openapi.utils`; the `mode` and the `_type_adapter` of a `ModelField`.

Each is tried once in a process, on a route made for that, before it is taken first. One that fails
is named in the log, and everything goes FastAPI's documented way: slower, with the same answers and
the same document. Whatever a route declares that is not known here goes that way as well.

No other module uses these parts.

Source: requirements 84.1, 127.1.
"""

import dataclasses
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import RLock
from typing import Annotated, Any, cast

import fastapi
import structlog
from fastapi import APIRouter, Body, Depends, FastAPI, datastructures, params
from fastapi.openapi import utils
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, get_name
from starlette.types import ASGIApp, Scope

_logger = structlog.get_logger("framework")

# Any: values are of the types that routes declare.
type Validate = Callable[..., tuple[Any, list[Any]]]
"""Reads a value: `validate(value, {}, loc=())` returns what it is, and what is wrong with it."""
type Depend = Callable[..., Awaitable[Any]]

# OpenAPI documents are free-form JSON.
type Json = dict[str, Any]
# Any: FastAPI's fields, and types that have a schema.
type Described = tuple[Any, JsonSchemaMode, Any]
"""What a schema is for, how it is meant, and pydantic's own form of it."""

_SETTINGS = inspect.signature(APIRoute)
_KNOWN_SETTINGS = frozenset(
    {
        "path",
        "endpoint",
        "response_model",
        "status_code",
        "tags",
        "dependencies",
        "summary",
        "description",
        "response_description",
        "responses",
        "deprecated",
        "name",
        "methods",
        "operation_id",
        "response_model_include",
        "response_model_exclude",
        "response_model_by_alias",
        "response_model_exclude_unset",
        "response_model_exclude_defaults",
        "response_model_exclude_none",
        "include_in_schema",
        "response_class",
        "dependency_overrides_provider",
        "callbacks",
        "openapi_extra",
        "generate_unique_id_function",
        "strict_content_type",
        "max_body_size",
        "form_limits",
    }
)
"""What a route can be told."""
_KNOWN_NEEDS = frozenset(
    {
        "path_params",
        "body_params",
        "dependencies",
        "name",
        "call",
        "request_param_name",
        "path",
        "use_cache",
        "scope",
        "parent_oauth_scopes",
    }
)
"""What is looked at of what FastAPI knows about a function."""
_ANALYSIS = RLock()
"""The documentation is written in a thread, beside requests."""


class Shortcut(StrEnum):
    """A way past what FastAPI documents."""

    LATE_ANALYSIS = "late analysis"
    DIRECT_CALLS = "direct calls"
    QUICK_DOCUMENT = "quick document"


class UnexpectedPartError(Exception):
    """A part of FastAPI does something else than the shortcuts are made for."""


@cache
def works(shortcut: Shortcut) -> bool:
    """Tell whether a shortcut can be taken; what is against it is logged."""
    try:
        _TRIALS[shortcut]()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        _logger.warning(
            "shortcut_not_taken",
            shortcut=str(shortcut),
            fastapi=fastapi.__version__,
            reason=reason,
        )
        return False
    return True


@cache
def _can_wait() -> bool:
    """Tell whether routes have all their data themselves, so that what is not there is missed."""
    return not any(
        isinstance(value, property) or not (callable(value) or isinstance(value, classmethod))
        for kind in APIRoute.__mro__[:-1]
        for name, value in vars(kind).items()
        if not name.startswith("__")
    )


class LateRoute(APIRoute):
    """A route that FastAPI analyses when somebody asks for what comes of it.

    FastAPI does so when a route is made, and again for each router that includes it. What it was
    told is there before.
    """

    # The arguments are FastAPI's, which only it reads.
    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        """Take notice of a route."""
        _SETTINGS.bind(path, endpoint, **settings)
        self._settings: Mapping[str, Any] | None = settings
        self._is_settled = False
        self.path = path
        self.endpoint = endpoint
        self.name = settings.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in settings.get("methods") or ("GET",)}
        if not _can_wait():
            self._settle()
            self._analyse()

    def settled(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what FastAPI is told; asked once, before FastAPI is told anything."""
        return settings

    # FastAPI's attributes are of any type.
    def __getattr__(self, name: str) -> Any:
        """Analyse the route, when it is asked for the first thing that it was not told."""
        known = vars(self)
        with _ANALYSIS:
            if name not in known and known.get("_settings") is not None:
                if not self._is_settled:
                    self._settle()
                    if works(Shortcut.LATE_ANALYSIS):
                        known.update(self.told())
                if name not in known:
                    self._analyse()
        try:
            return known[name]
        except KeyError:
            message = f"{type(self).__name__} has no attribute {name!r}"
            raise AttributeError(message, name=name, obj=self) from None

    def told(self) -> Json:
        """Return what the route was told, as FastAPI's analysis leaves it."""
        found = _SETTINGS.bind(self.path, self.endpoint, **(self._settings or {}))
        found.apply_defaults()
        told = {name: value for name, value in found.arguments.items() if name in _KNOWN_SETTINGS}
        description = told["description"] or inspect.getdoc(self.endpoint) or ""
        return told | {
            "name": self.name,
            "methods": self.methods,
            "description": description,
            "stream_item_type": None,
        }

    def _settle(self) -> None:
        self._settings = self.settled(self._settings or {})
        self._is_settled = True

    def _analyse(self) -> None:
        settings, self._settings = self._settings, None
        try:
            super().__init__(self.path, self.endpoint, **(settings or {}))
        except BaseException:
            self._settings = settings
            raise


def is_said(setting: object) -> bool:
    """Tell whether a setting of a route is more than FastAPI's default."""
    return not isinstance(setting, datastructures.DefaultPlaceholder | None)


def takes_body(route: APIRoute) -> bool:
    """Tell whether FastAPI reads a body for a route."""
    return getattr(route, "body_field", None) is not None


def included(route: BaseRoute) -> tuple[APIRouter, str] | None:
    """Return the router that is included, and what the paths of its routes begin with."""
    # FastAPI's class of what is included has no public name.
    router = getattr(route, "original_router", None)
    prefix = getattr(getattr(route, "include_context", None), "prefix", None)
    if not isinstance(router, APIRouter) or not isinstance(prefix, str):
        return None
    return router, f"{prefix}{router.prefix}"


def is_watched(scope: Scope) -> bool:
    """Tell whether FastAPI's own telemetry looks at a request: it counts by its own steps."""
    return "fastapi.telemetry" in scope


def put_before_router(app: FastAPI, around: Callable[[ASGIApp], ASGIApp]) -> None:
    """Let `around` have the requests of an application's router, where a router can be so led."""
    if hasattr(app.router, "middleware_stack"):
        # Starlette's type is narrower than that of its applications.
        app.router.middleware_stack = cast(Any, around(app.router.middleware_stack))
    else:
        # Nobody else would tell.
        works(Shortcut.DIRECT_CALLS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainNeeds:
    """The function of a plain route, and what it takes."""

    # Any: what the routes are asked for, and what they return.
    call: Callable[..., Any]
    """The function; what observes requests may have wrapped it."""
    path: tuple[tuple[str, str, Validate], ...]
    """Of each path parameter: the argument, its name in the path, what reads it."""
    body: tuple[str, Validate] | None
    dependencies: tuple[tuple[str | None, Depend, str | None], ...]
    """Of each: the argument that its value is for, the function, its argument for the request."""
    request: str | None
    """The argument for the request."""


def plain_needs(context: RouteContext, *, max_body_size: int | None) -> PlainNeeds | None:
    """Return what a route takes: path parameters, a JSON body, the request, functions of it.

    Args:
        context: The route, where it is included.
        max_body_size: Limit of the bodies of all requests, which is kept elsewhere.

    Returns:
        None when it takes anything else, or when more is declared of it than is known here.
    """
    # Any: FastAPI's own description of a route, which its package does not export by name.
    needs: Any = context.dependant
    dependencies = [_dependency(one) for one in needs.dependencies]
    bodies = needs.body_params
    if (
        not _says_no_more(needs)
        or None in dependencies
        # What is asked for twice is called once.
        or len({one.call for one in needs.dependencies}) < len(dependencies)
        or context.max_body_size not in (None, max_body_size)
        or _has_unknown_settings(context)
        or len(bodies) > 1
        # A body that is one of several members of what is sent.
        or (bodies and bodies[0] is not context.body_field)
        or (bodies and isinstance(bodies[0].field_info, params.Form))
    ):
        return None
    return PlainNeeds(
        call=needs.call,
        path=tuple((one.name, one.alias, one.validate) for one in needs.path_params),
        body=(bodies[0].name, bodies[0].validate) if bodies else None,
        dependencies=tuple(one for one in dependencies if one is not None),
        request=needs.request_param_name,
    )


def way_of(context: RouteContext) -> ASGIApp:
    """Return FastAPI's way from a route on: what reads its parameters, and calls it."""
    return cast(ASGIApp, context.app)


def _dependency(needs: Any) -> tuple[str | None, Depend, str | None] | None:
    """Return how a dependency is called; None when it takes more than the request."""
    is_more = needs.dependencies or needs.path_params or needs.body_params
    if is_more or not _says_no_more(needs) or not inspect.iscoroutinefunction(needs.call):
        return None
    return needs.name, cast(Depend, needs.call), needs.request_param_name


def _says_no_more(needs: Any) -> bool:
    """Tell whether nothing is said of a function but what is looked at here."""
    for field in dataclasses.fields(needs):
        if field.name in _KNOWN_NEEDS:
            continue
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        # None and an empty list are said alike.
        if (getattr(needs, field.name) or None) != (default or None):
            return False
    return True


def _has_unknown_settings(context: RouteContext) -> bool:
    """Tell whether a route has settings of a newer FastAPI."""
    return any(
        getattr(context, name, getattr(context.original_route, name)) != parameter.default
        for name, parameter in _SETTINGS.parameters.items()
        if name not in _KNOWN_SETTINGS
    )


def schemas_of(
    contexts: Sequence[RouteContext], models: Iterable[Described]
) -> tuple[dict[Any, Json], dict[str, Json]]:
    """Return the schemas of what routes take and of models, and those that they refer to by name.

    The keys of the first are a field or what a model is for, and how it is meant.
    """
    fields: Iterable[Any] = utils.get_fields_from_routes(contexts)
    inputs = [*models, *((one, one.mode, one._type_adapter.core_schema) for one in fields)]
    generator = GenerateJsonSchema(ref_template="#/components/schemas/{model}")
    schemas, definitions = generator.generate_definitions(inputs)
    return cast(dict[Any, Json], schemas), cast(dict[str, Json], definitions)


def operations_of(
    context: RouteContext, schemas: Mapping[Any, Json], operation_ids: set[str]
) -> tuple[Json, Json, Json]:
    """Return the operations of a route by method, and security schemes and schemas of FastAPI's.

    Args:
        context: The route, where it is included.
        schemas: From `schemas_of`.
        operation_ids: Those that are taken; the route's own are added.
    """
    return utils.get_openapi_path(
        route=cast(Any, context),
        operation_ids=operation_ids,
        model_name_map={},
        field_mapping=dict(schemas),
    )


async def _given(asked: Request) -> str:
    """Return what a route may depend on."""
    return asked.method


async def _tried(
    key: int,
    data: Annotated[dict[str, int], Body()],
    request: Request,
    given: Annotated[str, Depends(_given)],
) -> Response:
    """Be a route that is never called."""
    return Response()


def _trial_route(kind: type[APIRoute]) -> tuple[APIRouter, APIRoute]:
    """Return a router that includes a route, and the route."""
    inner = APIRouter(prefix="/tried", tags=["Tried"], route_class=kind)
    inner.put("/{key}", status_code=201, responses={404: {"description": "None"}})(_tried)
    outer = APIRouter()
    outer.include_router(inner, prefix="/all")
    return outer, cast(APIRoute, inner.routes[0])


# Any: whatever FastAPI has there.
def _expect(part: str, found: Any, wanted: object) -> None:
    if found != wanted:
        raise UnexpectedPartError(f"{part} is {found!r} instead of {wanted!r}")


def _try_late_analysis() -> None:
    _expect("whether routes have all their data themselves", _can_wait(), True)
    analysed = vars(_trial_route(APIRoute)[1])
    late = cast(LateRoute, _trial_route(LateRoute)[1])
    for name, value in late.told().items():
        # None and an empty list are said alike.
        _expect(f"APIRoute.{name}", analysed[name] or None, value or None)


def _prefix(route: BaseRoute) -> str | None:
    found = included(route)
    return None if found is None else found[1]


def _try_direct_calls() -> None:
    router, _ = _trial_route(APIRoute)
    if not hasattr(router, "middleware_stack"):
        raise UnexpectedPartError("Router has no middleware_stack")
    (context,) = iter_route_contexts(router.routes)
    _expect("what is included", [_prefix(one) for one in router.routes], ["/all/tried"])
    needs = plain_needs(context, max_body_size=None)
    if needs is None or needs.body is None or not callable(way_of(context)):
        raise UnexpectedPartError("a plain route is described otherwise")
    ((name, alias, read_key),) = needs.path
    argument, read_body = needs.body
    _expect(
        "its arguments", (name, alias, argument, needs.request), ("key", "key", "data", "request")
    )
    _expect("its dependencies", needs.dependencies, (("given", _given, "asked"),))
    _expect("what is read", read_key("1", {}, loc=()), (1, []))
    _expect("what is read", read_body({"a": 1}, {}, loc=()), ({"a": 1}, []))
    for read in (read_key, read_body):
        _expect("what is refused", bool(read("x", {}, loc=())[1]), True)


def _try_quick_document() -> None:
    router, _ = _trial_route(APIRoute)
    contexts = list(iter_route_contexts(router.routes))
    schemas, definitions = schemas_of(contexts, ())
    operations, _, more = operations_of(contexts[0], schemas, set())
    document = utils.get_openapi(title="Tried", version="1", routes=router.routes)
    _expect("the operations", {contexts[0].path_format: operations}, document["paths"])
    _expect("the schemas", definitions | more, document["components"]["schemas"])
    # The answers of a route that are described elsewhere.
    _expect("what is described", (contexts[0].unique_id != "", is_said(None)), (True, False))


_TRIALS: Mapping[Shortcut, Callable[[], None]] = {
    Shortcut.LATE_ANALYSIS: _try_late_analysis,
    Shortcut.DIRECT_CALLS: _try_direct_calls,
    Shortcut.QUICK_DOCUMENT: _try_quick_document,
}
