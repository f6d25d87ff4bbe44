"""Serve the metrics of this process in the format of Prometheus.

What is counted is counted where it happens, by OpenTelemetry; this only collects. Each process has
numbers of its own: where several share an address, give each one an address to be asked at.

Source: requirement 79.4.
"""

import os

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import get_meter_provider, set_meter_provider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def metrics_route(path: str, *, service: str) -> Route:
    """Return the route that is asked by Prometheus; from here on there is something to count for.

    It is no part of the API: nobody is asked who they are, so keep it from the public.

    Args:
        path: Where it is.
        service: What the metrics are of, unless `OTEL_SERVICE_NAME` says.
    """
    _collect(os.environ.get("OTEL_SERVICE_NAME", service))
    return Route(path, _metrics, methods=["GET"], include_in_schema=False)


def _collect(service: str) -> None:
    if isinstance(get_meter_provider(), MeterProvider):
        # Of one process, whatever the number of its applications: OpenTelemetry knows one.
        return
    reader = PrometheusMetricReader(scope_info_enabled=False)
    resource = Resource.create({"service.name": service})
    set_meter_provider(MeterProvider(metric_readers=[reader], resource=resource))


async def _metrics(request: Request) -> Response:
    """Answer with everything that is counted, in the format that is asked for."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(
        encode(REGISTRY), headers={"Content-Type": media_type, "Cache-Control": "no-store"}
    )
