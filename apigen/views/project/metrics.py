"""What is said of metrics: their route in main.py, their tests."""

from apigen.ir.system import Metrics, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsTests:
    """tests/e2e/test_metrics.py."""

    package: str
    service: str
    path: str
    """Literal."""


def metrics_route(system: System, metrics: Metrics, imports: ImportSet) -> str:
    """Return the source of the route that metrics are asked at."""
    made = imports.use(layout.support(system, "interface.metrics", "metrics_route"))
    return f"{made}({text(metrics.path)}, service={text(system.app.name)})"


def metrics_tests(system: System, metrics: Metrics) -> MetricsTests:
    """Return what is tested of metrics."""
    return MetricsTests(
        package=system.app.package, service=system.app.name, path=text(metrics.path)
    )
