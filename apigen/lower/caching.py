"""How answers are kept: by the resource, else its entity, the defaults, the API as a whole."""

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.ir.caching import CachePolicy
from apigen.ir.system import System
from apigen.lower.cache_defaults import Said, is_some_time
from apigen.lower.workspace import Workspace
from apigen.spec.caching import CacheSpec, QueryCacheSpec
from apigen.spec.document import ApiSpec
from apigen.spec.located import Located


def resource_cache(*said: Said, work: Workspace) -> CachePolicy | None:
    """Return how a resource's answers are kept, None when they are not.

    Args:
        said: What is said of it, the closest first.
        work: Has what is said of all.
    """
    defaults = work.settings.cache
    chosen = next((one for one in (*said, defaults.api) if one is not None), None)
    if chosen is None or (isinstance(chosen, Located) and not chosen.value):
        return None
    spec = chosen if isinstance(chosen, CacheSpec) else CacheSpec(span=chosen.span)
    if spec.backend is not None and spec.backend.value != defaults.backend.value:
        work.found.error(
            "AG607",
            f"the project keeps its answers in one place: `{defaults.backend.value}`",
            spec.backend.span,
            help=f"`features: {{ cache: {{ backend: {spec.backend.value} }} }}` chooses another",
        )
    ttl_s = _ttl_s(spec.ttl, chosen.span, work, example="5m")
    if ttl_s is None or defaults.is_off:
        return None
    coalesce = spec.coalesce.value if spec.coalesce is not None else defaults.coalesce
    return CachePolicy(ttl_s=ttl_s, tags=_tags(spec), coalesce=coalesce)


def query_cache(said: Located[bool] | QueryCacheSpec | None, work: Workspace) -> CachePolicy | None:
    """Return how the answers of a query are kept, None when they are not."""
    if said is None or (isinstance(said, Located) and not said.value):
        return None
    spec = said if isinstance(said, QueryCacheSpec) else QueryCacheSpec(span=said.span)
    ttl_s = _ttl_s(spec.ttl, said.span, work, example="30s")
    if ttl_s is None or work.settings.cache.is_off:
        return None
    return CachePolicy(ttl_s=ttl_s, tags=_tags(spec))


def _tags(spec: CacheSpec | QueryCacheSpec) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.value for tag in spec.tags or ()))


def _ttl_s(
    ttl: Located[float] | None, span: Span, work: Workspace, *, example: str
) -> float | None:
    if ttl is not None:
        return ttl.value if is_some_time(ttl, work.found) else None
    default = work.settings.cache.ttl
    if default is not None:
        return default.value
    work.found.error(
        "AG607", "`cache` does not say for how long", span, help=f"such as `cache: {example}`"
    )
    return None


def refuse_lonely_coalescing(spec: ApiSpec | None, system: System, found: Collector) -> None:
    """Report AG607 for `api.coalesce` where nothing is kept.

    What says that two reads are of the same rows are the marks of the cache.
    """
    said = spec.coalesce if spec is not None else None
    if said is not None and said.value and not system.has_cached_reads:
        found.error(
            "AG607",
            "`coalesce` is for resources whose answers are kept, and there is none",
            said.span,
            help="such as `cache: 30s` beside it",
        )
