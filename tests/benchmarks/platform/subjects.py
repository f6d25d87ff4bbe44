"""What is measured: projects that differ in one feature, and one project under several servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.benchmarks.serving.generated import ENTITIES, POOLS

_QUIET = {"LOG__ACCESS": "false", **POOLS}
_LOGGED = {"LOG__ACCESS": "true", **POOLS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A project under a server."""

    name: str
    title: str
    api: str = ""
    """Keys of the spec's block `api`."""
    entity: str = ""
    """More keys of `defaults.entity`."""
    blocks: str = ""
    """More blocks of the spec."""
    other: str = ""
    """Keys of an entity beside the one that is asked for."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What is sent beside the usual."""
    settings: Mapping[str, str] = field(default_factory=lambda: _QUIET)
    runner: str = "uvicorn"
    is_usual: bool = False
    """Whether others are compared with it; several of these tell what one process cannot."""

    @property
    def spec(self) -> str:
        """The spec: products as everywhere, and what the subject is about."""
        defaults = f"defaults: {{ entity: {{ {self.entity} }} }}\n" if self.entity else ""
        api = f"api: {{ {self.api} }}\n" if self.api else ""
        keys = self.other or "fields: { text: str(80) }"
        entities = ENTITIES.replace("entities:\n", f"entities:\n  Note: {{ {keys} }}\n", 1)
        features = "" if "features:" in self.blocks else "features: { preset: minimal }\n"
        return f"apigen: 1\napp: products\n{features}{self.blocks}{defaults}{api}\n{entities}"


FEATURES = (
    Subject(name="nothing", title="nothing on", is_usual=True),
    Subject(name="nothing-2", title="nothing on, a second process", is_usual=True),
    Subject(name="nothing-3", title="nothing on, a third process", is_usual=True),
    Subject(name="again", title="the same once more: how exact this is"),
    Subject(name="log", title="access log", settings=_LOGGED),
    Subject(
        name="sampled",
        title="access log of none that succeed",
        settings={**_LOGGED, "LOG__ACCESS_SAMPLE": "0"},
    ),
    Subject(
        name="cors",
        title="CORS, without `Origin`",
        api='cors: { origins: ["https://example.org"] }',
    ),
    Subject(
        name="idempotency",
        title="idempotency, without a key",
        api="idempotency: { ttl: 24h }",
    ),
    Subject(name="body", title="body limit", api="body_limit: 2mb"),
    Subject(name="versions", title="two versions of the API", api="versions: { v1: , v2: }"),
    Subject(
        name="compression",
        title="compression, without `Accept-Encoding`",
        api="compression: [zstd, br, gzip]",
    ),
    Subject(
        name="small",
        title="compression, and what is too short for it",
        api="compression: { algorithms: [zstd, br, gzip], threshold: 1mb }",
        headers={"accept-encoding": "gzip, br, zstd"},
    ),
    Subject(
        name="limit",
        title="rate limit of another resource",
        other="fields: { text: str(80) }, api: { rate_limit: 10/s }",
    ),
    Subject(
        name="cache",
        title="cache of another resource",
        other="fields: { text: str(80) }, cache: 60s",
    ),
    Subject(name="audit", title="audit of writes", entity="audit: true"),
    Subject(
        name="reads",
        title="audit of reads of another resource",
        other="fields: { text: str(80) }, audit: { reads: true }",
    ),
    Subject(
        name="languages",
        title="localized texts of another resource",
        blocks="i18n: { default: en, locales: [en, de] }\n",
        other="fields: { text: str(80) localized }",
    ),
    Subject(name="files", title="files of another resource", other="fields: { image: file? }"),
    Subject(
        name="tasks",
        title="a background task",
        blocks="tasks: { tidy: { schedule: '0 3 * * *', handler: custom } }\n",
    ),
    Subject(
        name="metrics",
        title="metrics",
        blocks="features: { preset: minimal, metrics: true }\n",
    ),
    Subject(
        name="limited",
        title="used: rate limit, far from it",
        api="rate_limit: { by: ip, limits: { anonymous: 1000000/s } }",
    ),
)

SERVERS = tuple(
    Subject(name=name, title=name, runner=name) for name in ("uvicorn", "granian", "hypercorn")
)
