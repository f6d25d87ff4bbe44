"""The block of a projection: a read model over the current state of an entity."""

from typing import ClassVar

from apigen.ir.limits import Rate
from apigen.spec.access import ACCESS, AccessSpec
from apigen.spec.block import Block, key
from apigen.spec.caching import CACHE, CacheSpec
from apigen.spec.combined import BlockOf, ByKind, ListOf, MapOf, SwitchOf
from apigen.spec.compression import RESOURCE_COMPRESSION, ResourceCompressionSpec
from apigen.spec.cors import CORS, CorsSpec
from apigen.spec.entities import EXPORT, PAGE_SIZE, PAGING, PageSizeSpec, PagingSpec
from apigen.spec.fields import FIELDS, RENAMED_FROM, FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.queries import QUERIES, QuerySpec
from apigen.spec.rate_limits import RATE_LIMIT, RateLimitSpec
from apigen.spec.shape import Flag, Text, Word
from apigen.spec.versions import DEPRECATED, SUNSET, DeprecatedSpec
from apigen.values import dataclass

OPERATIONS = ("list", "get", "count", "export")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOperationsSpec(Block):
    """Operations switched on or off against the default set."""

    TITLE: ClassVar[str] = "`operations`"

    list_: Located[bool] | None = key(Flag(), name="list")
    get: Located[bool] | None = key(Flag())
    count: Located[bool] | None = key(Flag())
    export: Located[bool] | tuple[Located[str], ...] | None = key(EXPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiProjectionSpec(Block):
    """The REST surface of a projection; its fields say what it is filtered and sorted by."""

    TITLE: ClassVar[str] = "`api` of a projection"

    path: Located[str] | None = key(Text(example="/order-list"))
    tags: tuple[Located[str], ...] | None = key(ListOf(Text(example="Orders"), lift=True))
    operations: tuple[Located[str], ...] | ReadOperationsSpec | None = key(
        ByKind[tuple[Located[str], ...] | ReadOperationsSpec](
            expected="a list of operations, or a mapping of operations to true or false",
            example="[list, get]",
            sequence=ListOf(Word(*OPERATIONS)),
            mapping=BlockOf(lambda: ReadOperationsSpec),
        )
    )
    pagination: PagingSpec | None = key(PAGING)
    page_size: PageSizeSpec | None = key(PAGE_SIZE)
    rate_limit: Located[bool] | Located[Rate] | RateLimitSpec | None = key(RATE_LIMIT)
    cors: Located[bool] | CorsSpec | None = key(CORS)
    compression: Located[bool] | tuple[Located[str], ...] | ResourceCompressionSpec | None = key(
        RESOURCE_COMPRESSION
    )
    cache: Located[bool] | CacheSpec | None = key(CACHE)
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    sunset: Located[str] | None = key(SUNSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionSpec(Block):
    """A read model. Fields have a rule, or the name of a field of the source."""

    TITLE: ClassVar[str] = "a projection"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "from",
        "key",
        "indexes",
        "unique",
        "rebuild",
        "tenant",
    )
    UNKNOWN_HELP: ClassVar[str] = "fields go under `fields:`"

    fields: tuple[Named[FieldSpec], ...] | None = key(FIELDS, required=True)
    of: Located[str] | None = key(Text(example="Order"))
    mode: Located[str] | None = key(Word("live", planned=("inline", "async")))
    store: Located[str] | None = key(Word("table", planned=("cache", "search")))
    queries: tuple[Named[QuerySpec], ...] | None = key(QUERIES)
    access: tuple[Named[AccessSpec], ...] | None = key(ACCESS)
    api: Located[bool] | ApiProjectionSpec | None = key(
        SwitchOf(lambda: ApiProjectionSpec, example="{ pagination: cursor }")
    )
    cache: Located[bool] | CacheSpec | None = key(CACHE)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


PROJECTIONS = MapOf(
    BlockOf(lambda: ProjectionSpec, example="{ of: Order, fields: { id: id(Order) } }"),
    what="projections",
    example="{ OrderList: { of: Order, fields: { id: id(Order) } } }",
    names=NameRule(kind="projection", case="pascal"),
)
