"""Call plain routes directly: what they declare is FastAPI's, the way to them is not.

FastAPI's own way, with its search, its stacks of context managers and its interpreter of
parameters, costs more than a small query. A route is plain when it takes path parameters, a JSON
body, the request and what functions of the request return, and returns a `Response`: those that are
generated are. All others go FastAPI's way, as before; so does every request in which something is
not as it should be, so that there is one place that says what is wrong.

Source: requirements 84.1, 127.1.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .framework_internals import (
    PlainNeeds,
    Shortcut,
    is_watched,
    plain_needs,
    put_before_router,
    way_of,
    works,
)
from .public_path import split_path
from .route_tree import RouteTree, is_plain
from .routing import (
    OrjsonRequest,
    OrjsonRoute,
    included_prefix,
    is_encoded,
    media_type,
    returns_response,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """How a plain route is called."""

    route: OrjsonRoute
    needs: PlainNeeds

    async def response(self, request: OrjsonRequest) -> Response | None:
        """Return the answer, None when anything is wrong with the request.

        Raises:
            Exception: What the route raises.
        """
        needs = self.needs
        arguments: dict[str, Any] = {}
        for name, alias, validate in needs.path:
            arguments[name], errors = validate(request.path_params[alias], {}, loc=())
            if errors:
                return None
        # Before the body is read.
        refusal = await self.route.admit(request)
        if refusal is not None:
            return refusal
        if needs.body is not None:
            name, validate = needs.body
            if media_type(request) != "application/json" or is_encoded(request):
                return None
            try:
                content = await request.json()
            except orjson.JSONDecodeError:
                return None
            except ClientDisconnect:
                # Nobody is there to be answered, and servers tell it once: whoever asked again for
                # the rest of the body would wait for ever.
                return Response(status_code=400)
            arguments[name], errors = validate(content, {}, loc=())
            if errors:
                return None
        for argument, function, takes in needs.dependencies:
            value = await (function() if takes is None else function(**{takes: request}))
            if argument is not None:
                arguments[argument] = value
        if needs.request is not None:
            arguments[needs.request] = request
        response = await needs.call(**arguments)
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

    @classmethod
    def put_before(cls, app: FastAPI) -> None:
        """Let an application call its plain routes directly."""
        put_before_router(app, partial(cls, app))

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
        segments = split_path(scope)[1].split("/")
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
    return scope["type"] == "http" and not is_watched(scope)


def _again(request: OrjsonRequest, receive: Receive) -> Receive:
    """Return what gives the body once more, if it was read."""
    if request.sent is None:
        return receive
    pending: list[Message] = [{"type": "http.request", "body": request.sent, "more_body": False}]

    async def receive_again() -> Message:
        return pending.pop() if pending else await receive()

    return receive_again


def _tree(app: FastAPI) -> RouteTree[_Found]:
    tree = RouteTree[_Found]()
    # All are tried here, so that each is told of before anything is answered.
    taken = [shortcut for shortcut in Shortcut if works(shortcut)]
    if Shortcut.DIRECT_CALLS not in taken:
        # Nothing is found in it.
        return tree
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
            route=route,
            parameters=places,
            ordinary=way_of(context),
            call=_call(context, route, app),
        )
        tree.add(path, sorted(context.methods or ()), found)


def _is_simple(context: RouteContext) -> bool:
    """Tell whether a path has but words and texts: `/{id}`, and not `/{id:int}`."""
    return context.path == context.path_format and is_plain(context.path or "")


def _call(context: RouteContext, route: OrjsonRoute, app: FastAPI) -> _Call | None:
    """Return how a route is called, None when it is not plain."""
    if route.is_deprecated:
        return None
    needs = plain_needs(context, max_body_size=app.max_body_size)
    if needs is None or not returns_response(needs.call):
        return None
    return _Call(route=route, needs=needs)
