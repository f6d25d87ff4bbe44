"""A resolved system: nothing left to guess, nothing optional that means "default".

Frozen data only. Every name is qualified (`context.Name`), every default explicit, every derived
name worked out; a tuple is in the spec's order unless its docstring says otherwise.
Python spellings (keywords, imports) are `apigen.python`'s business, not this module's.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from apigen.diagnostics import Span
from apigen.ir.access import OPEN, AccessTable, Security
from apigen.ir.behaviour import Command, Event, Lifecycle, Projection, Query, Reaction, Task
from apigen.ir.caching import CacheBackend, CachePolicy
from apigen.ir.element import ALWAYS, Element, Lifespan
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field, FilterOp, IndexMethod
from apigen.ir.limits import RateLimit
from apigen.ir.names import Name
from apigen.ir.types import Json, TypeRef
from apigen.values import dataclass


class IdKind(StrEnum):
    """Key strategy of an entity."""

    UUID7 = "uuid7"
    UUID4 = "uuid4"
    ULID = "ulid"
    INT = "int"
    BIGINT = "bigint"
    STR = "str"
    NATURAL = "natural"
    COMPOSITE = "composite"


class Operation(StrEnum):
    """A generated REST operation."""

    LIST = "list"
    GET = "get"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    RESTORE = "restore"
    BULK_CREATE = "bulk_create"
    BULK_UPDATE = "bulk_update"
    BULK_DELETE = "bulk_delete"
    COUNT = "count"
    EXPORT = "export"
    HISTORY = "history"


class PageStyle(StrEnum):
    """How a list is cut into pages; `none` returns all rows up to `max_size`."""

    OFFSET = "offset"
    CURSOR = "cursor"
    NONE = "none"


class ObjectStore(StrEnum):
    """Physical form of a value object."""

    COLUMNS = "columns"
    JSON = "json"


class EnumStore(StrEnum):
    """Physical form of an enum: text with a CHECK, a native type, or a look-up table."""

    CHECK = "check"


class Nested(StrEnum):
    """Whether children are accepted inside the parent's payloads."""

    NONE = "none"
    CREATE = "create"
    WRITE = "write"


# ---------------------------------------------------------------- value types


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMember:
    """API and JSON carry `name`, the database `value`."""

    name: str
    value: str
    label: str
    deprecated: bool = False
    id: str = ""
    """Stable id of kind `member` and the name `context.Type.member`."""
    span: Span | None = None
    has_own_value: bool = False
    """Whether the spec says `value`; else a renamed member keeps the one it had."""
    renamed_from: tuple[str, ...] = ()
    renamed_at: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType(Element):
    """An enumeration; inline `enum(a|b)` of field `f` of `E` becomes `E` + `F`."""

    members: tuple[EnumMember, ...]
    store: EnumStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarType(Element):
    """A declared scalar such as `Sku: str(3..40)`; `type` is a `Scalar` with the constraints."""

    type: TypeRef
    example: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Names of the two fields that make a value object an amount of a unit."""

    value: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An invariant. `db` tells whether it is also a CHECK of the table."""

    code: str
    expr: TypedExpr
    message: str
    db: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRule:
    """An invariant with `handler: custom`: an async function of the owner's, before storing."""

    code: str
    message: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType(Element):
    """A value object."""

    fields: tuple[Field, ...]
    invariants: tuple[Rule, ...]
    measure: Measure | None
    store: ObjectStore
    example: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionVariant:
    """One variant: `type` is an ObjectRef (fields beside the tag) or a Scalar/EnumRef (`value`)."""

    tag: str
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionType(Element):
    """A tagged union, stored as JSON."""

    tag: str
    variants: tuple[UnionVariant, ...]


type ValueType = EnumType | ScalarType | ObjectType | UnionType


# ------------------------------------------------------------------- entities


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The key of an entity. Its Python type is `NewType(type_name, …)`.

    Generated kinds have one synthesized field named `id`. `str` too, always supplied by the
    client. `natural` and `composite` have no field of their own: `fields` names theirs, and a
    composite id is a NamedTuple `type_name` of them. `prefix` makes ids texts
    `<prefix>_<uuid or ulid>`, stored as such.
    """

    kind: IdKind
    fields: tuple[str, ...]
    """Attributes that make up the key: `("id",)`, `("sku",)`, `("playlist_id", "track_id")`."""
    type_name: str
    prefix: str | None
    client_supplied: bool
    """A client may (uuid, ulid, int with `client`) or must (str, natural, composite) send it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniqueness:
    """A UNIQUE over attributes. With `live_only` deleted rows do not count (partial index)."""

    name: str
    attributes: tuple[str, ...]
    """A value object in columns may be named by path: `price.currency`."""
    where: TypedExpr | None
    live_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index over attributes."""

    name: str
    attributes: tuple[str, ...]
    descending: tuple[str, ...]
    include: tuple[str, ...]
    where: TypedExpr | None
    method: IndexMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """No two live rows overlap: `equal` attributes the same and the ranges of `overlap` touching.

    EXCLUDE on PostgreSQL, a locked check on SQLite; 409 with the name as code.
    """

    name: str
    equal: tuple[str, ...]
    overlap: tuple[str, str]
    """Attributes of the begin (included) and the end (excluded) of the range; null: no bound."""
    where: TypedExpr | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusiveArc:
    """Exactly one (or at most one, when nullable) of these attributes is set."""

    name: str
    attributes: tuple[str, ...]
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Child(Element):
    """An entity owned by its parent, loaded and saved with it; `qname` is `context.OrderLine`."""

    attribute: str
    """The collection's name on the parent."""
    class_name: Name
    identity: Identity
    """Generated kind of the root (int and bigint too), uuid7 when the root's is not generated."""
    fields: tuple[Field, ...]
    """`id` first, then the spec's. Neither position nor parent key are fields."""
    to_one: bool
    min: int | None
    max: int | None
    key: str | None
    """Attribute unique within the parent."""
    order_by: str | None
    """Attribute that orders the list; None keeps the payload's order (column `position`)."""
    nested: Nested
    children: tuple["Child", ...]
    invariants: tuple[Rule, ...]
    unique: tuple[Uniqueness, ...]
    arcs: tuple[ExclusiveArc, ...]
    table: str
    parent_column: str
    """Foreign key to the parent, ON DELETE CASCADE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverse:
    """Back navigation from the target of a ref or many: `customer.orders`."""

    attribute: str
    source: str
    """Qualified entity that holds the ref."""
    field: str
    """Its attribute there (`customer_id`, or the many's name)."""
    to_one: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftDelete:
    """Rows are marked, not removed; filtered everywhere."""

    restore: bool
    purge_after_s: float | None = None
    """How long after its deletion a row is removed for good; None keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """How answers are compressed."""

    algorithms: tuple[str, ...] = ("zstd", "br", "gzip")
    """Of zstd, br, gzip; the best first."""
    levels: tuple[tuple[str, int], ...] = ()
    """Algorithm and level, of those that have another than their own."""
    threshold_bytes: int = 1024
    """Shorter answers are sent as they are."""
    dictionary: bool = False
    """Whether an operator may give a dictionary (RFC 9842)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Who made and last changed a row is kept in it, and every change in a log beside it."""

    fields: tuple[str, ...] | None
    """Attributes of the fields, and collections, whose changes are logged; None: of all."""
    reads: bool = False
    """Who is shown which rows is logged, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How lists are cut."""

    style: PageStyle
    size: int
    max_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filterable:
    """A path a client may filter by: `("status",)`, `("price", "amount")`, `("category", "slug")`.

    `path` holds names as written; a step over a ref or many joins its target.
    """

    path: tuple[str, ...]
    ops: tuple[FilterOp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The REST surface of an entity."""

    path: str
    """Below prefix and version, with a leading slash and without the nesting: `/order-lines`."""
    tags: tuple[str, ...]
    nested_under: str | None
    """Attribute of the ref whose target the paths are nested under."""
    operations: tuple[Operation, ...]
    """In the order of `Operation`."""
    export: tuple[str, ...]
    """Of csv, json; empty without EXPORT."""
    paging: Paging
    filters: tuple[Filterable, ...]
    """All of them: field flags and the `filters` key united."""
    sorts: tuple[tuple[str, ...], ...]
    """All sortable paths."""
    search: tuple[str, ...]
    """Attributes that `?q=` looks in; empty: no `q`."""
    expand: tuple[tuple[str, ...], ...]
    """Paths a client may ask to be embedded: `("customer",)`, `("lines", "product")`."""
    body_limit_bytes: int | None
    idempotency: bool = False
    """Writing operations honour `Idempotency-Key`."""
    idempotency_required: bool = False
    """… and answer 400 without it."""
    cors: "Cors | None" = None
    """None: no page of another origin may call it."""
    cors_itself: bool = False
    """Whether it has rules of its own."""
    rate_limit: RateLimit | None = None
    """None: requests are not limited."""
    limits_itself: bool = False
    """Whether that is a limit of its own: its requests are not counted with others."""
    compression: Compression | None = None
    """None: answers are never compressed."""
    deprecated: bool = False
    sunset: str | None = None
    """ISO date from which on the whole resource is answered with 410."""
    cache: CachePolicy | None = None
    """None: each read asks the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Element):
    """An aggregate root."""

    context: str
    identity: Identity
    fields: tuple[Field, ...]
    """The key's synthesized `id` first (when there is one), the spec's and its mixins', then
    created_at, updated_at (timestamps), created_by, updated_by (audit), version (versioned),
    is_deleted, deleted_at (soft delete), all with origin SYNTH."""
    children: tuple[Child, ...]
    inverses: tuple[Inverse, ...]
    timestamps: bool
    versioned: bool
    etag: bool
    soft_delete: SoftDelete | None
    invariants: tuple[Rule, ...]
    unique: tuple[Uniqueness, ...]
    indexes: tuple[Index, ...]
    arcs: tuple[ExclusiveArc, ...]
    table: str
    schema: str | None
    resource: Resource | None
    """None when `api: false` or REST is off."""
    custom_invariants: tuple[CustomRule, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    lifecycle: Lifecycle | None = None
    commands: tuple[Command, ...] = ()
    events: tuple[Event, ...] = ()
    queries: tuple[Query, ...] = ()
    access: AccessTable = OPEN
    lifespan: Lifespan = ALWAYS
    audit: Audit | None = None

    @property
    def logs_reads(self) -> bool:
        """Whether it is logged who is shown rows, or some of their fields."""
        reads = self.audit is not None and self.audit.reads
        return reads or any(field.audit_reads for field in self.fields)


# -------------------------------------------------------------------- system


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Element):
    """A bounded context; one implicit context named after the app when the spec has none."""

    uses: tuple[str, ...]
    schema: str | None
    types: tuple[ValueType, ...]
    """Declared and inline (enum fields), a used type before its user."""
    entities: tuple[Entity, ...]
    commands: tuple[Command, ...] = ()
    """Those that no entity owns."""
    events: tuple[Event, ...] = ()
    queries: tuple[Query, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    tasks: tuple[Task, ...] = ()
    projections: tuple["ProjectionResource", ...] = ()
    access: AccessTable = OPEN
    """Of the commands and queries that no entity owns."""

    @property
    def has_work(self) -> bool:
        """Whether anything is carried out in it: it has aggregates, or commands or tasks."""
        return bool(self.entities or self.commands or self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionResource:
    """A projection with what clients may ask of it: list, get, count, export."""

    projection: Projection
    resource: Resource | None
    queries: tuple[Query, ...]
    access: AccessTable
    """READ and EXPORT, and its queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInfo:
    """Identity of the project."""

    name: str
    title: str
    doc: str
    version: str
    license: str | None
    contact: tuple[tuple[str, str], ...]
    package: str
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Connection pool of the server database; seconds."""

    size: int = 10
    overflow: int = 10
    timeout_s: float = 30.0
    recycle_s: float = 1800.0
    pre_ping: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrations:
    """How revisions are written and run."""

    zero_downtime: bool = False
    """Revisions expand, then contract, and take no lock that stops a busy table."""
    lock_timeout_s: float | None = None
    """Longest wait of a statement of a revision for a lock (PostgreSQL); None: as long as it takes.
    Zero-downtime revisions have one unless the spec says otherwise."""
    checksum: bool = True
    """The history keeps what each revision's file was when it was applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Defaults of the database settings; the environment overrides them at run time."""

    dialect: str = "sqlite"
    """`sqlite` or `postgresql`: what `.env.example` and compose.yaml start with."""
    url: str | None = None
    """Name of the environment variable, when not DATABASE_URL."""
    pool: Pool = Pool()
    isolation: str | None = None
    migrations: Migrations = Migrations()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """Cross-origin settings; `origins_env` names a variable that holds them instead."""

    origins: tuple[str, ...] = ()
    origins_env: str | None = None
    credentials: bool = False
    max_age_s: int = 600
    custom: bool = False
    """Whether a function of the owner's decides of origins that are not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiVersion:
    """One version of the API, served below its own prefix or chosen by header or parameter."""

    name: str
    deprecated: bool = False
    deprecated_since: str | None = None
    """ISO date; None: it is not known."""
    sunset: str | None = None
    """ISO date from which on it is answered with 410."""
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """Answers kept by `Idempotency-Key`."""

    ttl_s: float = 86_400.0
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Messaging:
    """How events leave the transaction that recorded them; seconds."""

    poll_s: float = 1.0
    batch: int = 100
    retention_s: float = 604_800.0
    """How long published events are kept."""
    inbox_retention_s: float = 2_592_000.0
    """How long it is remembered what a reaction has seen."""
    max_attempts: int = 10
    """After so many failures an event is dead and waits for a person."""
    dead_retention_s: float = 2_592_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where files are kept that clients upload; the environment overrides it at run time."""

    storage: str = "local"
    """`local` (a folder), `memory`, `s3` or `azure`."""
    bucket: str | None = None
    """Of s3, or the container of azure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Metrics of a running project are collected by Prometheus."""

    path: str = "/metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The HTTP surface as a whole."""

    prefix: str = "/api"
    versions: tuple[ApiVersion, ...] = (ApiVersion(name="v1"),)
    """Oldest first; never empty."""
    versioning: str = "path"
    """`path`, `header` (`API-Version`) or `query` (`?api-version=`)."""
    idempotency: Idempotency | None = None
    filter_syntax: tuple[str, ...] = ("params", "json")
    """`params`: `?price[gte]=5`; `json`: `?filter={"price":{"gte":5}}`."""
    rate_limit: RateLimit | None = None
    """Of all that have none of their own."""
    compression: Compression | None = None
    """Of all but the resources that have their own; None: answers are not compressed."""
    cors: Cors | None = None
    body_limit_bytes: int = 1_048_576
    docs_ui: tuple[str, ...] = ("swagger", "redoc")
    compat: str = "warn"
    """What breaking changes are: an error (`strict`), a warning (`warn`) or nothing (`off`)."""

    def versions_with(self, *lifespans: Lifespan) -> tuple[str, ...]:
        """Return the names of the versions that have an element and its owners, oldest first."""
        names = [version.name for version in self.versions]
        start, end = 0, len(names)
        for one in lifespans:
            start = max(start, names.index(one.since) if one.since is not None else 0)
            end = min(end, names.index(one.until) if one.until is not None else len(names))
        return tuple(names[start:end])

    @property
    def version(self) -> str:
        """The newest version: the one that examples and links name."""
        return self.versions[-1].name

    @property
    def root(self) -> str:
        """What paths of the newest version begin with, as clients write them: `/api/v1`."""
        return self.root_of(self.version)

    def root_of(self, version: str) -> str:
        """Return what paths of a version begin with, as clients write them."""
        return f"{self.prefix}/{version}" if self.versioning == "path" else self.prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class I18n:
    """The languages of the API."""

    default: str = "en"
    """Where every text that is there has a form."""
    locales: tuple[str, ...] = ("en",)
    """BCP 47, in the spec's order; the default is among them."""
    chains: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"en": ("en",)})
    """Of each locale: those whose texts are tried, itself first, the default last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Which artefacts are made."""

    rest: bool = True
    cli: bool = True
    docker: bool = True
    ci: str | None = "github"
    tests: bool = True
    hypothesis: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Rows of one entity in one seed set.

    Either `rows` (JSON-like, keys are field names; a ref is given by key `<name>_id` or
    `<name>`) or `file` (a JSON list beside the spec, copied to `seeds/`).
    """

    set: str
    entity: str
    rows: tuple[Mapping[str, Json], ...]
    file: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """Where the keys of encrypted fields come from."""

    keys: str = "ENCRYPTION_KEYS"
    """Name of the environment variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Everything a generator needs."""

    app: AppInfo
    contexts: tuple[Context, ...]
    database: Database
    api: Api
    outputs: Outputs
    preset: str
    """minimal, standard or full."""
    seeds: tuple[Seed, ...]
    """In dependency order of their entities, as far as there is one."""
    types: Mapping[str, ValueType] = field(repr=False)
    """By qualified name."""
    entities: Mapping[str, Entity] = field(repr=False)
    """By qualified name."""
    children: Mapping[str, Child] = field(repr=False)
    """By qualified name (`context.OrderLine`), all levels."""
    security: Security | None = None
    """None without `security.auth`: everything is open."""
    messaging: Messaging = Messaging()
    encryption: Encryption = Encryption()
    i18n: I18n = I18n()
    files: Files | None = None
    """None when no entity has a file."""
    cache: CacheBackend = CacheBackend.MEMORY
    metrics: Metrics | None = None
    """None: nobody collects them."""
    versions: "SystemVersions | None" = field(default=None, repr=False)
    """Set where versions of the API have different fields; this is what the newest has."""
    input_endings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Only of an older version: what the names of what clients send end in (`V1`) where they are
    not those of the newest, by the qualified name of the entity, child, command or value type."""
    read_endings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The same of what clients are shown, by entity, projection, child or value type."""
    resource_endings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The same of routes and what lists may be asked, by entity, projection or context."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command, those of entities first, context by context."""
        return tuple(
            command
            for context in self.contexts
            for commands in (*(entity.commands for entity in context.entities), context.commands)
            for command in commands
        )

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event, those of entities first, context by context."""
        return tuple(
            event
            for context in self.contexts
            for events in (*(entity.events for entity in context.entities), context.events)
            for event in events
        )

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """Every reaction."""
        return tuple(one for context in self.contexts for one in context.reactions)

    @property
    def has_cache(self) -> bool:
        """Whether any answer is kept."""
        return self.has_cached_reads or any(query.cache is not None for query in self.queries)

    @property
    def has_cached_reads(self) -> bool:
        """Whether what any resource answers is kept."""
        projections = (one for context in self.contexts for one in context.projections)
        resources = (
            *(entity.resource for entity in self.entities.values()),
            *(one.resource for one in projections),
        )
        return any(one is not None and one.cache is not None for one in resources)

    @property
    def has_redis(self) -> bool:
        """Whether anything may be kept on a server that speaks Redis."""
        return self.has_rate_limits or self.has_shared_cache

    @property
    def has_shared_cache(self) -> bool:
        """Whether answers may be kept there for all processes."""
        return self.has_cache and self.cache is CacheBackend.REDIS

    @property
    def queries(self) -> tuple[Query, ...]:
        """Every query, those of entities first, context by context."""
        return tuple(
            query
            for context in self.contexts
            for queries in (
                *(entity.queries for entity in context.entities),
                *(one.queries for one in context.projections),
                context.queries,
            )
            for query in queries
        )

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every background task."""
        return tuple(one for context in self.contexts for one in context.tasks)

    @property
    def has_tasks(self) -> bool:
        """Whether anything is done in the background."""
        return bool(self.tasks)

    @property
    def has_outbox(self) -> bool:
        """Whether recorded events are stored: as soon as there is an event."""
        return bool(self.events)

    @property
    def has_inbox(self) -> bool:
        """Whether it is remembered what has been done: reactions, natural keys, tasks' commands."""
        return (
            any(one.inbox for one in self.reactions)
            or any(one.command is not None for one in self.tasks)
            or any(command.execution.natural_key is not None for command in self.commands)
        )

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Everything with a REST surface of its own: entities, then projections."""
        projections = (one for context in self.contexts for one in context.projections)
        found = [one.resource for one in self.entities.values()]
        found += [one.resource for one in projections]
        return tuple(one for one in found if one is not None)

    @property
    def has_rate_limits(self) -> bool:
        """Whether any request is limited."""
        messages: tuple[Command | Query, ...] = (*self.commands, *self.queries)
        limits = [self.api.rate_limit]
        limits += [one.rate_limit for one in self.resources]
        limits += [one.route.rate_limit for one in messages if one.route is not None]
        return any(one is not None for one in limits)

    @property
    def has_cross_origins(self) -> bool:
        """Whether pages of other origins may call anything."""
        return self.api.cors is not None or any(one.cors is not None for one in self.resources)

    @property
    def has_compression(self) -> bool:
        """Whether any answer is compressed."""
        return self.api.compression is not None or any(
            one.compression is not None for one in self.resources
        )

    @property
    def encrypted_fields(self) -> tuple[Field, ...]:
        """Every field whose values are encrypted at rest."""
        owners: tuple[Entity | Child, ...] = (*self.entities.values(), *self.children.values())
        fields = (one for owner in owners for one in owner.fields)
        return tuple(one for one in fields if one.encrypted is not None)

    @property
    def has_idempotency(self) -> bool:
        """Whether answers are kept by `Idempotency-Key`."""
        return any(
            entity.resource is not None and entity.resource.idempotency
            for entity in self.entities.values()
        ) or any(command.execution.idempotent for command in self.commands)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemVersions:
    """A system as the versions of its API have it, seen from one of them."""

    name: str
    """Of the version."""
    complete: System
    """With the fields of every version, which is what is stored."""
    older: Mapping[str, System]
    """What each older version has, by its name; newest first. Empty in one of these."""
