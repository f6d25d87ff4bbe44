"""The ASGI application of a project: FastAPI with this project's edges around and beside it.

Puts together what the other modules of this folder make. Which resources exist, and what they
are made of, the project passes in.

Source: requirements 38.1, 80.3, 104.1, 127.3.
"""

import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, nullcontext
from threading import Lock
from typing import Any, Protocol

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from ..core.clock import Clock, utc_now
from ..core.log_lines import LogLines
from .authentication import Authenticate
from .direct_routes import DirectRoutes
from .documentation import documentation_routes
from .health import HealthCheck, HealthEndpoint
from .openapi import declare_retry, name_schemas_by_title, require_bearer
from .openapi_document import openapi_document
from .problems import PROBLEM_MEDIA_TYPE, install_problem_handlers
from .request_context import (
    AnswerFilter,
    RefusalMiddleware,
    RequestBinding,
    RequestContextMiddleware,
)
from .routing import Gate, OrjsonResponse
from .versioning import VersioningMiddleware, Versions


class Surrounding(Protocol):
    """Something that is put around an application."""

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application with it around."""
        ...


class Api(FastAPI):
    """A FastAPI application with problems, health, documentation and a request context."""

    def __init__(
        self,
        *,
        title: str,
        version: str,
        description: str,
        tags: Iterable[Mapping[str, str]],
        max_body_bytes: int,
        readers: tuple[str, ...],
        health_checks: Mapping[str, HealthCheck],
        start: Callable[[], Awaitable[None]] | None = None,
        close: Callable[[], Awaitable[None]],
        access_log: bool,
        access_sample: float = 1.0,
        log: LogLines | None = None,
        contact: Mapping[str, str] | None = None,
        license_name: str | None = None,
        cors: Surrounding | None = None,
        authenticate: Authenticate | None = None,
        compression: AnswerFilter | None = None,
        languages: RequestBinding | None = None,
        gate: Gate | None = None,
        versions: Versions | None = None,
        beside: Iterable[Route] = (),
        telemetry: TelemetryConfig | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Put the application together; resources are included afterwards.

        Args:
            title: Name of the API, as its documentation shows it.
            version: Version of the project.
            description: What the API is for, in Markdown.
            tags: OpenAPI tag objects, in the order to show them.
            max_body_bytes: Limit of request bodies, unless a route sets its own; 413 beyond.
            readers: Which readers of the documentation to serve, of swagger and redoc.
            health_checks: What `/ready` asks, by component.
            start: Called once before the server answers.
            close: Called once when the server stops.
            access_log: Whether to log one line a request.
            access_sample: Share of the requests that succeed which have one.
            log: Where lines go, written aside as long as requests are served.
            contact: OpenAPI contact object.
            license_name: Name of the licence of the API.
            cors: Which pages of other origins may call the API; None: none may.
            authenticate: Tells who sends a request; None where nobody is asked.
            compression: How answers are compressed; None where none ever is.
            languages: Tells which language is spoken; None where there is one.
            gate: Asked before each request of a resource that has none of its own: its limit.
            versions: How they are chosen, and which of them end; None when there is one, by path.
            beside: Routes that are no part of any version and are not documented.
            telemetry: What FastAPI itself tells OpenTelemetry; unless it is said, everything that
                a provider is there for, and then requests go FastAPI's way.
            clock: Tells what has ended.
        """
        self._access_log = access_log
        self._access_sample = access_sample
        self._authenticate = authenticate
        self._compression = compression
        self._languages = languages
        self._versions = versions
        self._clock = clock
        self._cors = cors
        self._contact = dict(contact or {})
        self._described: dict[str, Any] | None = None
        self._described_routes = 0
        self._describing = Lock()
        health = HealthEndpoint(health_checks)

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            with log.gathering() if log is not None else nullcontext():
                try:
                    if start is not None:
                        await start()
                    health.mark_started()
                    yield
                finally:
                    await close()

        super().__init__(
            title=title,
            version=version,
            description=description,
            openapi_tags=[dict(tag) for tag in tags],
            license_info={"name": license_name} if license_name else None,
            # The documentation is served by routes of our own.
            openapi_url=None,
            max_body_size=max_body_bytes,
            telemetry=telemetry,
            default_response_class=OrjsonResponse,
            # A redirect from `/orders/` would lose the body of a POST in many clients.
            redirect_slashes=False,
            lifespan=lifespan,
        )
        DirectRoutes.put_before(self)
        install_problem_handlers(self)
        self.state.clock = clock
        self.state.gate = gate
        own = [
            *beside,
            *health.routes(),
            *documentation_routes(title, self._describe, readers=readers),
            *(compression.routes if compression is not None else ()),
        ]
        self._own_paths = tuple(route.path for route in own if isinstance(route, Route | Mount))
        self.router.routes += own

    def build_middleware_stack(self) -> ASGIApp:
        """Wrap everything, Starlette's error handling too, so that every response gets an id."""
        app = super().build_middleware_stack()
        if self._versions is not None:
            app = VersioningMiddleware(
                app, self._versions, clock=self._clock, unversioned=self._own_paths
            )
        if self._authenticate is not None:
            app = RefusalMiddleware(app)
        if self._cors is not None:
            app = self._cors.around(app)
        return RequestContextMiddleware(
            app,
            access_log=self._access_log,
            access_sample=self._access_sample,
            authenticate=self._authenticate,
            compression=self._compression,
            languages=self._languages,
        )

    # The return type is FastAPI's: the document is free-form JSON.
    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI 3.1 document, in which errors have their own media type."""
        with self._describing:
            if self._described is None or self._described_routes != len(self.routes):
                self._described = self._describe()
                self._described_routes = len(self.routes)
            return self._described

    def _describe(self) -> dict[str, Any]:
        with warnings.catch_warnings():
            if self._versions is not None:
                # Versions share routes: `describe` gives the operations of each their own ids.
                warnings.filterwarnings("ignore", "Duplicate Operation ID")
            document = openapi_document(self)
        if self._contact:
            # FastAPI would complain that it can not check the address.
            document["info"]["contact"] = self._contact
        for path in document.get("paths", {}).values():
            for operation in path.values():
                _declare_problems(operation["responses"])
                declare_retry(operation["responses"])
        if self._versions is not None:
            self._versions.describe(document)
        if self._authenticate is not None:
            require_bearer(document)
        if "schemas" in document.get("components", {}):
            name_schemas_by_title(document)
        return document


def _declare_problems(responses: dict[str, dict[str, Any]]) -> None:
    """Give the errors of one operation the media type of problems, which FastAPI does not ask."""
    for status, response in responses.items():
        if status >= "400" and "application/json" in response.get("content", {}):
            content = response["content"]
            content[PROBLEM_MEDIA_TYPE] = content.pop("application/json")
