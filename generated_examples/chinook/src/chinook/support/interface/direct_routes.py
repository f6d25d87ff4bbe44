"""Call plain routes directly: what they declare is FastAPI's, the way to them is not.

FastAPI's own way, with its search, its stacks of context managers and its interpreter of
parameters, costs more than a small query. A route is plain when it takes path parameters, a JSON
body, the request and what functions of the request return, and returns a `Response`: those that are
generated are. All others go FastAPI's way, as before; so does every request in which something is
not as it should be, so that there is one place that says what is wrong.

Source: requirements 84.1, 127.1.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import orjson
from fastapi import FastAPI
from fastapi.params import Form
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .route_tree import RouteTree, is_plain
from .routing import OrjsonRequest, OrjsonRoute, included_prefix, media_type, returns_response

# Any: values are of the types that routes declare.
type _Validate = Callable[..., tuple[Any, list[Any]]]
type _Depend = Callable[..., Awaitable[Any]]

_TELEMETRY = "fastapi.telemetry"
"""In the scope of a request that FastAPI's own telemetry looks at: it counts by its own steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """How a plain route is called."""

    route: OrjsonRoute
    endpoint: Callable[..., Awaitable[Response]]
    path: tuple[tuple[str, str, _Validate], ...]
    """Of each path parameter: the argument, its name in the path, what reads it."""
    body: tuple[str, _Validate] | None
    dependencies: tuple[tuple[str | None, _Depend, str | None], ...]
    """Of each: the argument that its value is for, the function, its argument for the request."""
    request: str | None
    """The argument for the request."""

    async def response(self, request: OrjsonRequest) -> Response | None:
        """Return the answer, None when anything is wrong with the request.

        Raises:
            Exception: What the route raises.
        """
        arguments: dict[str, Any] = {}
        for name, alias, validate in self.path:
            arguments[name], errors = validate(request.path_params[alias], {}, loc=())
            if errors:
                return None
        # Before the body is read.
        refusal = await self.route.admit(request)
        if refusal is not None:
            return refusal
        if self.body is not None:
            name, validate = self.body
            if media_type(request) != "application/json":
                return None
            try:
                content = await request.json()
            except (orjson.JSONDecodeError, ClientDisconnect):
                return None
            arguments[name], errors = validate(content, {}, loc=())
            if errors:
                return None
        for argument, function, takes in self.dependencies:
            value = await (function() if takes is None else function(**{takes: request}))
            if argument is not None:
                arguments[argument] = value
        if self.request is not None:
            arguments[self.request] = request
        response = await self.endpoint(**arguments)
        if not isinstance(response, Response):
            raise TypeError(f"{self.route.name} declares a Response and returns something else")
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A route of the tree."""

    route: OrjsonRoute
    parameters: tuple[tuple[str, int], ...]
    """Names, and their places among the segments of the path."""
    ordinary: ASGIApp
    """FastAPI's way from here on."""
    call: _Call | None


class DirectRoutes:
    """What stands before the router of an application."""

    def __init__(self, app: FastAPI, router: ASGIApp) -> None:
        """Find the routes of `app` when the first request comes; `router` gets the others."""
        self._app = app
        self._router = router
        self._tree: RouteTree[_Found] | None = None
        self._known = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        found = self._find(scope) if _is_usual(scope) else None
        if found is None:
            await self._router(scope, receive, send)
            return
        scope["router"] = self._app.router
        if found.call is None or self._app.dependency_overrides:
            await found.ordinary(scope, receive, send)
            return
        request = OrjsonRequest(scope, receive)
        response = await found.call.response(request)
        if response is None:
            await found.ordinary(scope, _again(request, receive), send)
        else:
            await response(scope, receive, send)

    def _find(self, scope: Scope) -> _Found | None:
        routes = self._app.routes
        if self._tree is None or len(routes) != self._known:
            self._tree = _tree(self._app)
            self._known = len(routes)
        segments = scope["path"].split("/")
        found = self._tree.find(segments, scope["method"])
        if found is None:
            return None
        values = {name: segments[place] for name, place in found.parameters}
        if found.parameters and segments[-1] in found.route.words:
            # Whether that is a key, the key's own type says.
            return None
        scope["endpoint"] = found.route.endpoint
        scope["path_params"] = values
        scope["route"] = found.route
        return found


def _is_usual(scope: Scope) -> bool:
    return scope["type"] == "http" and not scope.get("root_path") and _TELEMETRY not in scope


def _again(request: OrjsonRequest, receive: Receive) -> Receive:
    """Return what gives the body once more, if it was read."""
    # Starlette keeps the body so that it may be read twice, in a place without a public name.
    body: bytes | None = getattr(request, "_body", None)
    if body is None:
        return receive
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return pending.pop() if pending else await receive()

    return receive_again


def _tree(app: FastAPI) -> RouteTree[_Found]:
    tree = RouteTree[_Found]()
    for route in app.routes:
        grow = partial(_add, tree, route, app)
        prefix = included_prefix(route)
        if prefix is not None and is_plain(prefix):
            tree.postpone(prefix, grow)
        else:
            grow()
    return tree


def _add(tree: RouteTree[_Found], added: BaseRoute, app: FastAPI) -> None:
    """Add a route, or those of an included router, which FastAPI analyses here."""
    for context in iter_route_contexts([added]):
        route = context.original_route
        if isinstance(route, WebSocketRoute):
            continue
        path = context.path_format or ""
        if not isinstance(route, OrjsonRoute) or route.is_versioned or not _is_simple(context):
            tree.hide(path)
            continue
        segments = path.split("/")
        places = tuple(
            (segment[1:-1], place) for place, segment in enumerate(segments) if segment[:1] == "{"
        )
        found = _Found(
            route=route, parameters=places, ordinary=context.app, call=_call(context, route, app)
        )
        tree.add(path, sorted(context.methods or ()), found)


def _is_simple(context: RouteContext) -> bool:
    convertors: Mapping[str, object] = context.param_convertors
    return is_plain(context.path_format or "") and all(
        type(one) is StringConvertor for one in convertors.values()
    )


def _call(context: RouteContext, route: OrjsonRoute, app: FastAPI) -> _Call | None:
    """Return how a route is called, None when it is not plain."""
    # Any: FastAPI's own description of a route, which its package does not export by name.
    needs: Any = context.dependant
    endpoint = needs.call
    dependencies = [_dependency(one) for one in needs.dependencies]
    bodies = needs.body_params
    if (
        not _takes_no_more(needs)
        or not returns_response(endpoint)
        or None in dependencies
        # What is asked for twice is called once.
        or len({one.call for one in needs.dependencies}) < len(dependencies)
        or route.is_deprecated
        # That of the application is kept around all of its routes.
        or context.max_body_size not in (None, app.max_body_size)
        or len(bodies) > 1
        # A body that is one of several members of what is sent.
        or (bodies and bodies[0] is not context.body_field)
        or (bodies and isinstance(bodies[0].field_info, Form))
    ):
        return None
    return _Call(
        route=route,
        endpoint=endpoint,
        path=tuple((one.name, one.alias, one.validate) for one in needs.path_params),
        body=(bodies[0].name, bodies[0].validate) if bodies else None,
        dependencies=tuple(one for one in dependencies if one is not None),
        request=needs.request_param_name,
    )


def _dependency(needs: Any) -> tuple[str | None, _Depend, str | None] | None:
    """Return how a dependency is called; None when it takes more than the request."""
    is_more = needs.dependencies or needs.path_params or needs.body_params or needs.concurrency
    if is_more or not _takes_no_more(needs) or not inspect.iscoroutinefunction(needs.call):
        return None
    return needs.name, cast(_Depend, needs.call), needs.request_param_name


def _takes_no_more(needs: Any) -> bool:
    """Tell whether nothing is taken but path parameters, bodies, dependencies and the request."""
    others = (
        needs.query_params,
        needs.header_params,
        needs.cookie_params,
        needs.own_oauth_scopes,
        needs.http_connection_param_name,
        needs.response_param_name,
        needs.background_tasks_param_name,
        needs.security_scopes_param_name,
    )
    return not any(others)
