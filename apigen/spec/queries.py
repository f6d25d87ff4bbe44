"""The block of a query, of an entity, a context or a projection."""

from typing import ClassVar

from apigen.ir.limits import Rate
from apigen.spec.access import ACCESS_RULE, AccessSpec
from apigen.spec.block import Block, key
from apigen.spec.caching import QUERY_CACHE, QueryCacheSpec
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf
from apigen.spec.commands import RouteSpec, RouteText
from apigen.spec.fields import FIELDS, RENAMED_FROM, FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.rate_limits import MESSAGE_RATE_LIMIT, RateLimitSpec
from apigen.spec.shape import Flag, RuleText, Text, Whole, Word
from apigen.spec.versions import DEPRECATED, VERSION, DeprecatedSpec
from apigen.values import dataclass

SHAPES = ("page", "list", "one", "count", "exists")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRouteSpec(Block):
    """Where a query is reached over HTTP; a bare text is method and path."""

    TITLE: ClassVar[str] = "`api` of a query"

    method: Located[str] | None = key(Word("GET"))
    path: Located[str] | None = key(Text(example="/waiting"))
    tags: tuple[Located[str], ...] | None = key(ListOf(Text(example="Orders"), lift=True))


def _route(written: RouteSpec) -> QueryRouteSpec:
    return QueryRouteSpec(span=written.span, method=written.method, path=written.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySpec(Block):
    """A question with a name."""

    TITLE: ClassVar[str] = "a query"
    PLANNED: ClassVar[tuple[str, ...]] = ("flag",)

    input: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    where: Located[str] | None = key(RuleText())
    sort: tuple[Located[str], ...] | None = key(ListOf(Text(example="-placed_at"), lift=True))
    limit: Located[int] | None = key(Whole(low=1, high=10_000))
    of: Located[str] | None = key(Text(example="Order"))
    returns: Located[str] | None = key(Word(*SHAPES))
    cache: Located[bool] | QueryCacheSpec | None = key(QUERY_CACHE)
    access: AccessSpec | None = key(ACCESS_RULE)
    rate_limit: Located[Rate] | RateLimitSpec | None = key(MESSAGE_RATE_LIMIT)
    api: Located[bool] | QueryRouteSpec | None = key(
        ByKind[Located[bool] | QueryRouteSpec](
            expected="false, a method and a path, or a mapping",
            example="GET /waiting",
            truth=Flag(),
            scalar=Converted(RouteText(("GET",)), _route),
            mapping=BlockOf(lambda: QueryRouteSpec),
        )
    )
    handler: Located[str] | None = key(Word("generated", "custom"))
    since: Located[str] | None = key(VERSION)
    until: Located[str] | None = key(VERSION)
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


QUERIES = MapOf(
    BlockOf(lambda: QuerySpec, example="{ where: status == paid }"),
    what="queries",
    example="{ waiting: { where: status == paid } }",
    names=NameRule(kind="query", case="snake"),
)
