"""Whether metrics of a running project can be collected, and where: `features.metrics`."""

from apigen.diagnostics.collector import Collector
from apigen.ir.system import Api, Metrics
from apigen.lower.settings import bad_path, is_path
from apigen.spec.document import FeaturesSpec, MetricsSpec
from apigen.spec.located import Located

_TAKEN = frozenset(
    {"/live", "/ready", "/startup", "/health", "/docs", "/redoc", "/openapi.json", "/files"}
)
"""What a project serves beside its API."""


def metrics(spec: FeaturesSpec | None, api: Api, found: Collector) -> Metrics | None:
    """Return where metrics are served; None when they are not."""
    said = spec.metrics if spec is not None else None
    if said is None or (isinstance(said, Located) and not said.value):
        return None
    if not isinstance(said, MetricsSpec) or said.path is None:
        return Metrics()
    path = said.path
    if not is_path(path.value):
        bad_path(path, found)
    elif path.value in _TAKEN or f"{path.value}/".startswith(f"{api.prefix}/"):
        found.error(
            "AG607",
            f"`{path.value[:40]}` is where the project serves something else",
            path.span,
            help="such as `/metrics`",
        )
    return Metrics(path=path.value)
