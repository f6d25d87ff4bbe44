"""Versions of the API: chosen by path, header or parameter, announced and ended.

Routes are below `<prefix>/<version>` whatever the strategy. Where a header or a parameter says the
version, clients do not see that: requests are routed to it, and the documentation leaves it out.

Source: requirements 21.4, 72.
"""

from collections.abc import Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..core.clock import Clock
from .deprecation import Deprecation, announced
from .etag import FORM
from .problems import problem
from .public_path import PUBLIC_PATH, add_headers, split_path

VERSION_HEADER = "API-Version"
VERSION_PARAMETER = "api-version"

VERSION = "api_version"
"""Key of a request's state: the name of the version that it means."""
VERSIONS_MEMBER = "x-versions"
"""Of an operation, until the document is described: the versions that have it."""

_MARK = "__versions__"

# OpenAPI documents are free-form JSON.
type _Json = dict[str, Any]


class VersionStrategy(StrEnum):
    """Where a request says which version it means."""

    PATH = "path"
    """`/api/v1/orders`."""
    HEADER = "header"
    """`API-Version: v1`."""
    QUERY = "query"
    """`?api-version=v1`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedVersion:
    """A version of the API."""

    name: str
    is_deprecated: bool = False
    deprecated_since: date | None = None
    """None: nobody has said since when."""
    sunset: date | None = None
    """From this day on it is answered with 410."""
    successor: str | None = None
    """The version to use instead."""

    @property
    def deprecation(self) -> Deprecation | None:
        """What clients are told; None for a version that stays. An end is a reason to tell."""
        if not self.is_deprecated and self.sunset is None:
            return None
        reason = f"Use version {self.successor}." if self.successor is not None else ""
        return Deprecation(reason=reason, since=self.deprecated_since, sunset=self.sunset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """All versions of an API, oldest first; requests that do not say one mean the newest."""

    prefix: str
    """What the paths of all versions begin with: `/api`, or nothing."""
    served: tuple[ServedVersion, ...]
    strategy: VersionStrategy = VersionStrategy.PATH

    @property
    def newest(self) -> ServedVersion:
        """The version that is meant unless another is asked for."""
        return self.served[-1]

    def named(self, name: str) -> ServedVersion | None:
        """Return the version with this name, or None."""
        return next((version for version in self.served if version.name == name), None)

    def root(self, version: ServedVersion) -> str:
        """Return what the routed paths of a version begin with."""
        return f"{self.prefix}/{version.name}"

    def describe(self, document: _Json) -> None:
        """Make an OpenAPI document say how versions are chosen, and which of them end.

        Operations that several versions have are described as the newest has them where the path
        does not tell them apart; the ids of those of older versions end in the version. A
        document is described once.
        """
        paths: dict[str, _Json] = document.get("paths", {})
        described: dict[str, _Json] = {}
        for path, operations in paths.items():
            version = self._of_path(path)
            if version is None:
                described.setdefault(path, {}).update(operations)
                continue
            operations = _in_version(operations, version)
            for operation in operations.values():
                self._describe(operation, version)
            if self.strategy is VersionStrategy.PATH or not operations:
                described |= {path: operations} if operations else {}
                continue
            public = self.prefix + path.removeprefix(self.root(version)) or "/"
            known = described.get(public, {})
            # Versions come in any order; what the newest has is not replaced.
            is_newest = version is self.newest
            described[public] = {**known, **operations} if is_newest else {**operations, **known}
        if paths:
            document["paths"] = described

    def _of_path(self, path: str) -> ServedVersion | None:
        for version in self.served:
            root = self.root(version)
            if path == root or path.startswith(f"{root}/"):
                return version
        return None

    def _describe(self, operation: _Json, version: ServedVersion) -> None:
        responses: dict[str, _Json] = operation.get("responses", {})
        if version is not self.newest and "operationId" in operation:
            # Versions share routes, and an operation's id is its own.
            operation["operationId"] = f"{operation['operationId']}_{version.name}"
        if version.deprecation is not None:
            operation["deprecated"] = True
            if version.sunset is not None:
                day = version.sunset.isoformat()
                # An operation may end before its version does.
                operation["x-sunset"] = min(operation.get("x-sunset", day), day)
                _copy_problem(responses, "410", "Gone")
        if self.strategy is VersionStrategy.PATH:
            return
        if any(one.sunset is not None for one in self.served):
            # Whatever is asked for, a version that is over may be asked for it.
            _copy_problem(responses, "410", "Gone")
        is_header = self.strategy is VersionStrategy.HEADER
        names = [one.name for one in self.served]
        parameter = {
            "name": VERSION_HEADER if is_header else VERSION_PARAMETER,
            "in": "header" if is_header else "query",
            "description": "Version of the API; the newest unless it is given.",
            "schema": {"type": "string", "enum": names, "default": self.newest.name},
        }
        operation["parameters"] = [*operation.get("parameters", []), parameter]
        _copy_problem(responses, "400", "Bad Request")


def served_in[RouteT: Callable[..., object]](*names: str) -> Callable[[RouteT], RouteT]:
    """Mark a route that only these versions have; stands below the route's own decorator."""

    def mark(route: RouteT) -> RouteT:
        setattr(route, _MARK, names)
        return route

    return mark


def versions_of(route: Callable[..., object]) -> tuple[str, ...] | None:
    """Return the versions that a route was marked with; None when all versions have it."""
    found = getattr(route, _MARK, None)
    return found if isinstance(found, tuple) else None


def _in_version(operations: _Json, version: ServedVersion) -> _Json:
    """Return the operations that a version has."""
    return {
        method: operation
        for method, operation in operations.items()
        if version.name in operation.pop(VERSIONS_MEMBER, (version.name,))
    }


def _copy_problem(responses: dict[str, _Json], status: str, description: str) -> None:
    """Declare one more problem, of the form that the others have."""
    if status not in responses and "500" in responses:
        responses[status] = {**deepcopy(responses["500"]), "description": description}


class VersioningMiddleware:
    """Leads each request to the version that it means."""

    def __init__(
        self, app: ASGIApp, versions: Versions, *, clock: Clock, unversioned: Sequence[str] = ()
    ) -> None:
        """Wrap `app`.

        Args:
            app: Has the routes of every version below its root.
            versions: What there is.
            clock: Tells which of them are over.
            unversioned: Paths beside those of the API: health, documentation.
        """
        self._app = app
        self._versions = versions
        self._clock = clock
        self._is_by_path = versions.strategy is VersionStrategy.PATH
        self._below = f"{versions.prefix}/"
        self._begin = len(self._below)
        # Only where versions are below no prefix of their own can one be taken for the other.
        self._unversioned = tuple(one for one in unversioned if f"{one}/".startswith(self._below))
        self._named = {version.name: version for version in versions.served}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one connection."""
        app: ASGIApp = self._app
        path: str = scope.get("path", "")
        if scope.get("root_path"):
            _, path = split_path(scope)
        if (
            path.startswith(self._below)
            and scope["type"] == "http"
            and not (self._unversioned and self._is_beside(path))
        ):
            if self._is_by_path:
                version = self._named.get(path[self._begin :].partition("/")[0])
                if version is not None:
                    scope["state"][VERSION] = version.name
                    if version.deprecation is not None:
                        app = self._checked(scope, version, version.deprecation) or app
            else:
                scope, refusal = self._routed(scope)
                app = refusal or app
        return app(scope, receive, send)

    def _is_beside(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}/") for one in self._unversioned)

    def _checked(
        self, scope: Scope, version: ServedVersion, deprecation: Deprecation
    ) -> Response | None:
        """Return the answer to a request for a version that is over; announces the end before."""
        return announced(
            Request(scope),
            deprecation,
            name=f"Version {version.name}",
            now=self._clock(),
            successor=self._successor(scope, version),
        )

    def _routed(self, scope: Scope) -> tuple[Scope, Response | None]:
        """Return the request as its version has it, and the answer when there is none."""
        request = Request(scope)
        if self._versions.strategy is VersionStrategy.HEADER:
            named = Headers(scope=scope).getlist(VERSION_HEADER)
            add_headers(request, [("Vary", VERSION_HEADER)])
            query = scope["query_string"]
        else:
            pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            named = [value for name, value in pairs if name == VERSION_PARAMETER]
            rest = [(name, value) for name, value in pairs if name != VERSION_PARAMETER]
            query = urlencode(rest).encode() if named else scope["query_string"]
        version = self._versions.newest
        if named:
            found = self._versions.named(named[0]) if len(named) == 1 else None
            if found is None:
                return scope, self._unknown(request)
            version = found
        add_headers(request, [(VERSION_HEADER, version.name)])
        end = version.deprecation
        refusal = None if end is None else self._checked(scope, version, end)
        root, path = split_path(scope)
        scope["state"] |= {PUBLIC_PATH: scope["path"], VERSION: version.name}
        if (
            self._versions.strategy is VersionStrategy.HEADER
            and version is not self._versions.newest
        ):
            scope["state"][FORM] = version.name
        routed = root + self._versions.root(version) + path.removeprefix(self._versions.prefix)
        return {
            **scope,
            "path": routed,
            "raw_path": quote(routed).encode("ascii"),
            "query_string": query,
        }, refusal

    def _unknown(self, request: Request) -> Response:
        names = ", ".join(version.name for version in self._versions.served)
        return problem(
            request,
            400,
            code="unknown_api_version",
            detail=f"There is no such version of the API. There are: {names}.",
        )

    def _successor(self, scope: Scope, version: ServedVersion) -> str | None:
        """Return the same address in the version to use instead, where addresses tell versions."""
        if version.successor is None:
            return None
        root, path = map(quote, split_path(scope))
        match self._versions.strategy:
            case VersionStrategy.PATH:
                rest = path.removeprefix(self._versions.root(version))
                return f"{root}{self._versions.prefix}/{version.successor}{rest}"
            case VersionStrategy.QUERY:
                return f"{root}{path}?{VERSION_PARAMETER}={quote(version.successor)}"
            case VersionStrategy.HEADER:
                return None
