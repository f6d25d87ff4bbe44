"""What is measured: projects that differ in one feature, and one project under several servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.benchmarks.serving.generated import ENTITIES, POOLS

_QUIET = {"LOG__ACCESS": "false", **POOLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A project under a server."""

    name: str
    title: str
    api: str = ""
    """Keys of the spec's block `api`."""
    entity: str = ""
    """More keys of `defaults.entity`."""
    settings: Mapping[str, str] = field(default_factory=dict)
    runner: str = "uvicorn"

    @property
    def spec(self) -> str:
        """The spec: products as everywhere, and what the subject is about."""
        defaults = f"defaults: {{ entity: {{ {self.entity} }} }}\n" if self.entity else ""
        api = f"api: {{ {self.api} }}\n" if self.api else ""
        head = "apigen: 1\napp: products\nfeatures: { preset: minimal }\n"
        return f"{head}{defaults}{api}\n{ENTITIES}"


NOTHING = Subject(name="nothing", title="nothing on", settings=_QUIET)

FEATURES = (
    NOTHING,
    Subject(name="log", title="access log", settings={**_QUIET, "LOG__ACCESS": "true"}),
    Subject(
        name="sampled",
        title="access log of a tenth",
        settings={**_QUIET, "LOG__ACCESS": "true", "LOG__ACCESS_SAMPLE": "0.1"},
    ),
    Subject(
        name="cors",
        title="CORS, without `Origin`",
        api='cors: { origins: ["https://example.org"] }',
        settings=_QUIET,
    ),
    Subject(
        name="idempotency",
        title="idempotency, without a key",
        api="idempotency: { ttl: 24h }",
        settings=_QUIET,
    ),
    Subject(name="body", title="body limit", api="body_limit: 1mb", settings=_QUIET),
    Subject(
        name="versions",
        title="two versions of the API",
        api="versions: { v1: , v2: }",
        settings=_QUIET,
    ),
    Subject(
        name="compression",
        title="compression, without `Accept-Encoding`",
        api="compression: [zstd, br, gzip]",
        settings=_QUIET,
    ),
    Subject(
        name="limit",
        title="rate limit, far from it",
        api="rate_limit: { by: ip, limits: { anonymous: 1000000/s } }",
        settings=_QUIET,
    ),
    Subject(name="audit", title="audit", entity="audit: true", settings=_QUIET),
    Subject(name="soft", title="soft delete", entity="soft_delete: true", settings=_QUIET),
)

SERVERS = tuple(
    Subject(name=name, title=name, settings=_QUIET, runner=name)
    for name in ("uvicorn", "granian", "hypercorn")
)
