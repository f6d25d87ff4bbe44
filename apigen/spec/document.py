"""The blocks of whole files: the root, contexts, and the platform's settings."""

from collections.abc import Mapping
from typing import ClassVar

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.ir.limits import Rate
from apigen.ir.types import Json
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.spec.block import Block, key
from apigen.spec.caching import CACHE, FEATURE_CACHE, CacheSpec, FeatureCacheSpec
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf, OrEmpty, SwitchOf
from apigen.spec.commands import COMMANDS, CommandSpec
from apigen.spec.compression import COMPRESSION, CompressionSpec
from apigen.spec.cors import CORS, CorsSpec
from apigen.spec.entities import PAGING, EntityDefaultsSpec, EntitySpec, MixinSpec, PagingSpec
from apigen.spec.events import EVENTS, REACTIONS, EventSpec, ReactionSpec
from apigen.spec.fields import TypeShape, TypeSpec
from apigen.spec.i18n import I18nSpec
from apigen.spec.located import Located, Named
from apigen.spec.messaging import MessagingSpec
from apigen.spec.names import NameRule
from apigen.spec.projections import PROJECTIONS, ProjectionSpec
from apigen.spec.quantity import Duration, Environment, Size
from apigen.spec.queries import QUERIES, QuerySpec
from apigen.spec.rate_limits import RATE_LIMIT, RateLimitSpec
from apigen.spec.security import SecuritySpec
from apigen.spec.shape import Flag, Place, RuleText, Shape, Text, Whole, Word, as_text
from apigen.spec.tasks import TASKS, TaskSpec
from apigen.spec.versions import DEPRECATED_VERSION, VERSION, Day, DeprecatedVersionSpec
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSpec(Block):
    """Who answers for the API; a bare text is the name."""

    TITLE: ClassVar[str] = "`contact`"

    name: Located[str] | None = key(Text(example="API team"))
    email: Located[str] | None = key(Text(example="api@example.org"))
    url: Located[str] | None = key(Text(example="https://example.org"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSpec(Block):
    """Identity of the project; a bare text is the name."""

    TITLE: ClassVar[str] = "`app`"

    name: Located[str] | None = key(Text(example="shop"), required=True)
    title: Located[str] | None = key(Text(example="Web shop"))
    version: Located[str] | None = key(Text(example='"0.1.0"'))
    license: Located[str] | None = key(Text(example="MIT"))
    contact: ContactSpec | None = key(
        ByKind(
            expected="a text or a mapping of name, email and url",
            example="{ name: API team, email: api@example.org }",
            scalar=Converted(
                Text(example="API team"), lambda name: ContactSpec(span=name.span, name=name)
            ),
            mapping=BlockOf(lambda: ContactSpec),
        )
    )
    package: Located[str] | None = key(Text(example="shop_api"))
    python: Located[str] | None = key(Text(example='"3.12"'))


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalSpec(Block):
    """Digits of a `decimal` that does not say."""

    TITLE: ClassVar[str] = "`defaults.decimal`"

    precision: Located[int] | None = key(Whole(low=1, high=100))
    scale: Located[int] | None = key(Whole(low=0, high=100))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingSpec(Block):
    """How names are derived."""

    TITLE: ClassVar[str] = "`defaults.naming`"

    table: Located[str] | None = key(Word("plural_snake", "snake"))
    wire: Located[str] | None = key(Word("snake", "camel"))
    path: Located[str] | None = key(Word("kebab", "snake"))
    plurals: tuple[Named[Located[str]], ...] | None = key(
        MapOf(Text(example="data"), what="words to their plurals", example="{ datum: data }")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsSpec(Block):
    """Values for keys left out."""

    TITLE: ClassVar[str] = "`defaults`"

    entity: EntityDefaultsSpec | None = key(
        BlockOf(lambda: EntityDefaultsSpec, example="{ id: uuid7 }")
    )
    decimal: DecimalSpec | None = key(
        BlockOf(lambda: DecimalSpec, example="{ precision: 18, scale: 4 }")
    )
    naming: NamingSpec | None = key(BlockOf(lambda: NamingSpec, example="{ wire: camel }"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSpec(Block):
    """The connection pool of the server database."""

    TITLE: ClassVar[str] = "`database.pool`"

    size: Located[int] | None = key(Whole(low=1, high=10_000))
    overflow: Located[int] | None = key(Whole(high=10_000))
    timeout: Located[float] | None = key(Duration())
    recycle: Located[float] | None = key(Duration())
    pre_ping: Located[bool] | None = key(Flag())


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationsSpec(Block):
    """How revisions of the database are written and run."""

    TITLE: ClassVar[str] = "`database.migrations`"
    PLANNED: ClassVar[tuple[str, ...]] = ("autogenerate",)

    zero_downtime: Located[bool] | None = key(Flag())
    lock_timeout: Located[float] | None = key(Duration())
    checksum: Located[bool] | None = key(Flag())


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSpec(Block):
    """The database of the project."""

    TITLE: ClassVar[str] = "`database`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "read_replica",
        "slow_query",
        "event_store",
    )

    dialect: Located[str] | None = key(Word("sqlite", "postgresql"))
    url: Located[str] | None = key(Environment())
    pool: PoolSpec | None = key(BlockOf(lambda: PoolSpec, example="{ size: 10 }"))
    isolation: Located[str] | None = key(Word("read_committed", "repeatable_read", "serializable"))
    migrations: MigrationsSpec | None = key(
        BlockOf(lambda: MigrationsSpec, example="{ lock_timeout: 5s }")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSpec(Block):
    """One version of the API; without settings it has no value."""

    TITLE: ClassVar[str] = "a version"

    sunset: Located[str] | None = key(Day())
    successor: Located[str] | None = key(VERSION)
    deprecated: Located[bool] | DeprecatedVersionSpec | None = key(DEPRECATED_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencySpec(Block):
    """Answers kept by `Idempotency-Key`."""

    TITLE: ClassVar[str] = "`idempotency`"

    ttl: Located[float] | None = key(Duration())
    required: Located[bool] | None = key(Flag())


class DocsShape(Shape[tuple[Located[str], ...]]):
    """`false`, or a list of user interfaces."""

    expected = "false, swagger, redoc or a list of them"
    example = "[swagger, redoc]"

    def __init__(self) -> None:
        """Read the list."""
        self._words = ListOf(Word("swagger", "redoc"), lift=True)

    def read(self, node: Node, place: Place, found: Collector) -> tuple[Located[str], ...] | None:
        """Return the interfaces; none for `false`."""
        if isinstance(node, ScalarNode) and node.value is False:
            return ()
        if isinstance(node, ScalarNode) and node.value is True:
            return tuple(Located(value=word, span=node.span) for word in ("swagger", "redoc"))
        return self._words.read(node, place, found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [{"type": "boolean"}, self._words.schema()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSpec(Block):
    """The HTTP surface as a whole."""

    TITLE: ClassVar[str] = "`api`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "envelope",
        "content_types",
        "dedupe",
        "gateway",
        "strangler",
        "analytics",
        "mock",
    )

    prefix: Located[str] | None = key(Text(example="/api"))
    versions: tuple[Named[VersionSpec], ...] | None = key(
        MapOf(
            OrEmpty(lambda: VersionSpec, example="{ sunset: 2027-06-30, successor: v2 }"),
            what="versions",
            example="{ v1: }",
        )
    )
    versioning: Located[str] | None = key(Word("path", "header", "query"))
    pagination: PagingSpec | None = key(PAGING)
    filter_syntax: tuple[Located[str], ...] | None = key(ListOf(Word("params", "json"), lift=True))
    errors: Located[str] | None = key(Word("problem+json"))
    compression: Located[bool] | tuple[Located[str], ...] | CompressionSpec | None = key(
        COMPRESSION
    )
    cors: Located[bool] | CorsSpec | None = key(CORS)
    body_limit: Located[int] | None = key(Size())
    rate_limit: Located[bool] | Located[Rate] | RateLimitSpec | None = key(RATE_LIMIT)
    idempotency: Located[bool] | IdempotencySpec | None = key(
        SwitchOf(lambda: IdempotencySpec, example="{ ttl: 24h }")
    )
    cache: Located[bool] | CacheSpec | None = key(CACHE)
    coalesce: Located[bool] | None = key(Flag())
    docs_ui: tuple[Located[str], ...] | None = key(DocsShape())
    compat: Located[str] | None = key(Word("strict", "warn", "off"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSpec(Block):
    """Where files are kept that clients upload."""

    TITLE: ClassVar[str] = "`features.files`"

    storage: Located[str] | None = key(Word("local", "memory", "s3", "azure"))
    bucket: Located[str] | None = key(Text(example="shop-files"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSpec(Block):
    """Where metrics of a running project are collected."""

    TITLE: ClassVar[str] = "`features.metrics`"
    PLANNED: ClassVar[tuple[str, ...]] = ("red",)

    path: Located[str] | None = key(Text(example="/metrics"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesSpec(Block):
    """Features of the runtime."""

    TITLE: ClassVar[str] = "`features`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "tracing",
        "logging",
        "profiling",
        "health",
        "shutdown",
        "resilience",
        "locks",
        "flags",
        "batch",
        "ai",
        "chaos",
        "memory_leaks",
        "deployment",
        "server",
        "serialization",
        "settings",
        "integrations",
        "admin",
        "mesh",
    )

    preset: Located[str] | None = key(Word("minimal", "standard", planned=("full",)))
    files: Located[bool] | FilesSpec | None = key(
        SwitchOf(lambda: FilesSpec, example="{ storage: s3, bucket: shop-files }")
    )
    cache: Located[bool] | FeatureCacheSpec | None = key(FEATURE_CACHE)
    metrics: Located[bool] | MetricsSpec | None = key(
        SwitchOf(lambda: MetricsSpec, example="{ path: /metrics }")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestsSpec(Block):
    """Which tests are generated."""

    TITLE: ClassVar[str] = "`generate.tests`"
    PLANNED: ClassVar[tuple[str, ...]] = ("polyfactory", "contract", "pact", "chaos")

    hypothesis: Located[bool] | None = key(Flag())


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateSpec(Block):
    """Which artefacts are made."""

    TITLE: ClassVar[str] = "`generate`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "graphql",
        "grpc",
        "asyncapi",
        "sdk",
        "admin",
        "kubernetes",
        "docs",
        "layout",
    )

    rest: Located[bool] | None = key(Flag())
    cli: Located[bool] | None = key(Flag())
    docker: Located[bool] | None = key(Flag())
    ci: Located[bool] | Located[str] | None = key(
        ByKind[Located[bool] | Located[str]](
            expected="github or false",
            example="github",
            truth=Flag(),
            scalar=Word("github", planned=("gitlab",)),
        )
    )
    tests: Located[bool] | TestsSpec | None = key(
        SwitchOf(lambda: TestsSpec, example="{ hypothesis: false }")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRows:
    """Rows written in the spec, each a mapping of field names to values."""

    rows: tuple[MappingNode, ...]
    span: Span


class SeedShape(Shape[SeedRows | Located[str]]):
    """A list of rows, or the path of a file that holds them."""

    expected = "a list of rows, or the path of a JSON file"
    example = "[{ name: Tea }]"

    def read(self, node: Node, place: Place, found: Collector) -> SeedRows | Located[str] | None:
        """Return the rows or the path."""
        if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value:
            return as_text(node)
        if not isinstance(node, SequenceNode):
            self.refuse(node, place, found)
            return None
        rows: list[MappingNode] = []
        for item in node.items:
            if isinstance(item, MappingNode):
                rows.append(item)
            else:
                self.refuse(item, place, found)
        return SeedRows(rows=tuple(rows), span=node.span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        rows: dict[str, Json] = {"type": "array", "items": {"type": "object"}}
        return {"anyOf": [{"type": "string"}, rows]}


TYPES = MapOf(
    TypeShape(),
    what="types",
    example="{ Sku: str(3..40) }",
    names=NameRule(kind="type", case="pascal"),
)
MIXINS = MapOf(
    BlockOf(lambda: MixinSpec),
    what="mixins",
    example="{ Coded: { fields: { code: str(2..20) } } }",
    names=NameRule(kind="mixin", case="pascal"),
)
ENTITIES = MapOf(
    BlockOf(lambda: EntitySpec, example="{ fields: { title: str(1..80) } }"),
    what="entities",
    example="{ Task: { fields: { title: str(1..80) } } }",
    names=NameRule(kind="entity", case="pascal"),
)
SEEDS = MapOf(
    MapOf(SeedShape(), what="entities to rows", example="{ Category: [{ name: Tea }] }"),
    what="seed sets",
    example="{ dev: { Category: [{ name: Tea }] } }",
    names=NameRule(kind="seed set", case="snake"),
)

POLICIES = MapOf(
    RuleText(),
    what="policies to conditions",
    example="{ own_order: customer.user_id == actor.id }",
    names=NameRule(kind="policy", case="snake"),
)

DOMAIN_PLANNED = (
    "processes",
    "webhooks",
    "clients",
    "flags",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSpec(Block):
    """The sections that describe a domain: of a file, or of a context."""

    types: tuple[Named[TypeSpec], ...] | None = key(TYPES)
    mixins: tuple[Named[MixinSpec], ...] | None = key(MIXINS)
    policies: tuple[Named[Located[str]], ...] | None = key(POLICIES)
    entities: tuple[Named[EntitySpec], ...] | None = key(ENTITIES)
    commands: tuple[Named[CommandSpec], ...] | None = key(COMMANDS)
    events: tuple[Named[EventSpec], ...] | None = key(EVENTS)
    reactions: tuple[Named[ReactionSpec], ...] | None = key(REACTIONS)
    tasks: tuple[Named[TaskSpec], ...] | None = key(TASKS)
    queries: tuple[Named[QuerySpec], ...] | None = key(QUERIES)
    projections: tuple[Named[ProjectionSpec], ...] | None = key(PROJECTIONS)
    seeds: tuple[Named[tuple[Named[SeedRows | Located[str]], ...]], ...] | None = key(SEEDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextSpec(DomainSpec):
    """A bounded context."""

    TITLE: ClassVar[str] = "a context"
    PLANNED: ClassVar[tuple[str, ...]] = DOMAIN_PLANNED

    uses: tuple[Located[str], ...] | None = key(ListOf(Text(example="orders"), lift=True))
    schema: Located[str] | None = key(Text(example="orders"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpec(DomainSpec):
    """A whole file: the root, or an included one."""

    TITLE: ClassVar[str] = "the spec"
    PLANNED: ClassVar[tuple[str, ...]] = (
        *DOMAIN_PLANNED,
        "tenancy",
    )

    apigen: Located[int] | None = key(Whole(low=1))
    app: AppSpec | None = key(
        ByKind(
            expected="a name or a mapping",
            example="shop",
            scalar=Converted(Text(example="shop"), lambda name: AppSpec(span=name.span, name=name)),
            mapping=BlockOf(lambda: AppSpec, example="{ name: shop }"),
        )
    )
    include: tuple[Located[str], ...] | None = key(
        ListOf(Text(example="contexts/*.yaml"), lift=True)
    )
    context: Located[str] | None = key(Text(example="orders"))
    contexts: tuple[Named[ContextSpec], ...] | None = key(
        MapOf(
            BlockOf(lambda: ContextSpec),
            what="contexts",
            example="{ orders: { entities: { … } } }",
            names=NameRule(kind="context", case="snake"),
        )
    )
    defaults: DefaultsSpec | None = key(
        BlockOf(lambda: DefaultsSpec, example="{ entity: { id: uuid7 } }")
    )
    database: DatabaseSpec | None = key(
        BlockOf(lambda: DatabaseSpec, example="{ dialect: postgresql }")
    )
    security: SecuritySpec | None = key(BlockOf(lambda: SecuritySpec, example="{ auth: [jwt] }"))
    messaging: MessagingSpec | None = key(
        BlockOf(lambda: MessagingSpec, example="{ outbox: { retention: 7d } }")
    )
    api: ApiSpec | None = key(BlockOf(lambda: ApiSpec, example="{ prefix: /api }"))
    i18n: I18nSpec | None = key(BlockOf(lambda: I18nSpec, example="{ locales: [en, de] }"))
    features: FeaturesSpec | None = key(
        BlockOf(lambda: FeaturesSpec, example="{ preset: minimal }")
    )
    generate: GenerateSpec | None = key(BlockOf(lambda: GenerateSpec, example="{ docker: true }"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a spec, read; `sections` tells where each top-level key stands."""

    name: str
    spec: FileSpec
    sections: Mapping[str, Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecDocument:
    """A spec with all files it includes: shapes are right, meanings are not looked at."""

    root: SourceFile
    included: tuple[SourceFile, ...]
    """Sorted by name."""
    sources: Mapping[str, str]
    """Text of every file, by the name spans carry."""

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The root, then the included ones."""
        return (self.root, *self.included)
