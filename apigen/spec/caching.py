"""The blocks of `cache`: of an entity or a projection, of a query, and of the project."""

from typing import ClassVar

from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, SwitchOf
from apigen.spec.located import Located
from apigen.spec.quantity import Duration
from apigen.spec.shape import Flag, Text, Word
from apigen.values import dataclass

BACKENDS = ("memory", "redis")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCacheSpec(Block):
    """How the answers of a query are kept; a bare duration is `ttl`."""

    TITLE: ClassVar[str] = "`cache` of a query"
    PLANNED: ClassVar[tuple[str, ...]] = ("key", "coalesce", "backend")

    ttl: Located[float] | None = key(Duration())
    tags: tuple[Located[str], ...] | None = key(ListOf(Text(example="catalogue"), lift=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSpec(Block):
    """How what a resource answers is kept; a bare duration is `ttl`."""

    TITLE: ClassVar[str] = "`cache`"
    PLANNED: ClassVar[tuple[str, ...]] = ("key",)

    ttl: Located[float] | None = key(Duration())
    tags: tuple[Located[str], ...] | None = key(ListOf(Text(example="catalogue"), lift=True))
    coalesce: Located[bool] | None = key(Flag())
    backend: Located[str] | None = key(Word(*BACKENDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureCacheSpec(Block):
    """Where answers are kept, and for how long when nothing else is said."""

    TITLE: ClassVar[str] = "`features.cache`"

    backend: Located[str] | None = key(Word(*BACKENDS))
    ttl: Located[float] | None = key(Duration())


def _for(ttl: Located[float]) -> CacheSpec:
    return CacheSpec(span=ttl.span, ttl=ttl)


def _query_for(ttl: Located[float]) -> QueryCacheSpec:
    return QueryCacheSpec(span=ttl.span, ttl=ttl)


CACHE = ByKind[Located[bool] | CacheSpec](
    expected="a duration, a mapping, true or false",
    example="5m",
    truth=Flag(),
    scalar=Converted(Duration(), _for),
    mapping=BlockOf(lambda: CacheSpec),
)
QUERY_CACHE = ByKind[Located[bool] | QueryCacheSpec](
    expected="a duration, a mapping, true or false",
    example="30s",
    truth=Flag(),
    scalar=Converted(Duration(), _query_for),
    mapping=BlockOf(lambda: QueryCacheSpec),
)
FEATURE_CACHE = SwitchOf(lambda: FeatureCacheSpec, example="{ backend: redis, ttl: 60s }")
