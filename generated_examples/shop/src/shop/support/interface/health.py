"""Liveness, readiness and start-up, as an orchestrator asks for them.

Asks the components it is given; knows none of them. Every answer is JSON with the status of each
component, and says in its HTTP status what an orchestrator should do.

Source: requirements 29, 105.3.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

import structlog
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.json import dumps

CHECK_TIMEOUT_S = 5.0

type HealthCheck = Callable[[], Awaitable[None]]
"""Returns when the component works; raises, with a message for its operator, when not."""

_logger = structlog.get_logger("health")


class HealthStatus(StrEnum):
    """Whether a part, or the whole, works."""

    UP = "up"
    DOWN = "down"


class ComponentHealth(BaseModel):
    """One part: the database, the schema, the application itself."""

    status: HealthStatus
    detail: str = ""


class HealthReport(BaseModel):
    """The whole, which is up when every part is."""

    status: HealthStatus
    components: dict[str, ComponentHealth]


class HealthEndpoint:
    """Serves `/live`, `/ready`, `/startup` and `/health`.

    Alive means that the process answers. Ready means that every component works. Started means
    that start-up has finished. `/health` is all of it.
    """

    def __init__(self, checks: Mapping[str, HealthCheck]) -> None:
        """Take the checks by component name; none has run yet and nothing has started."""
        self._checks = checks
        self._is_started = False

    def mark_started(self) -> None:
        """Note that start-up has finished."""
        self._is_started = True

    def routes(self) -> list[Route]:
        """Return the four routes, which are not part of the API's documentation."""
        return [
            Route("/live", self._live),
            Route("/ready", self._ready),
            Route("/startup", self._startup),
            Route("/health", self._health),
        ]

    async def report(self) -> HealthReport:
        """Ask all components at once, each for at most `CHECK_TIMEOUT_S`."""
        found = await asyncio.gather(
            *(self._component(name, check) for name, check in self._checks.items())
        )
        return _report(dict(zip(self._checks, found, strict=True)))

    async def _component(self, name: str, check: HealthCheck) -> ComponentHealth:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                await check()
        except TimeoutError:
            return ComponentHealth(
                status=HealthStatus.DOWN, detail=f"no answer within {CHECK_TIMEOUT_S:g} s"
            )
        except Exception as error:
            # Anybody may ask; what a driver says can name hosts and users, so it is only logged.
            _logger.warning("health_check_failed", component=name, error=str(error))
            return ComponentHealth(status=HealthStatus.DOWN, detail=type(error).__name__)
        return ComponentHealth(status=HealthStatus.UP)

    def _application(self) -> dict[str, ComponentHealth]:
        if self._is_started:
            return {"application": ComponentHealth(status=HealthStatus.UP)}
        return {"application": ComponentHealth(status=HealthStatus.DOWN, detail="starting")}

    async def _live(self, request: Request) -> Response:
        return _response(_report({"process": ComponentHealth(status=HealthStatus.UP)}))

    async def _ready(self, request: Request) -> Response:
        return _response(await self.report())

    async def _startup(self, request: Request) -> Response:
        return _response(_report(self._application()))

    async def _health(self, request: Request) -> Response:
        report = await self.report()
        return _response(_report(self._application() | report.components))


def _report(components: dict[str, ComponentHealth]) -> HealthReport:
    is_up = all(component.status is HealthStatus.UP for component in components.values())
    return HealthReport(
        status=HealthStatus.UP if is_up else HealthStatus.DOWN, components=components
    )


def _response(report: HealthReport) -> Response:
    return Response(
        dumps(report.model_dump()),
        status_code=200 if report.status is HealthStatus.UP else 503,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )
