"""How answers are kept where nothing closer says so: `features.cache`, `api.cache`."""

from apigen.diagnostics.collector import Collector
from apigen.ir.caching import CacheBackend
from apigen.spec.caching import CacheSpec, FeatureCacheSpec
from apigen.spec.document import FileSpec
from apigen.spec.located import Located
from apigen.values import dataclass

type Said = Located[bool] | CacheSpec | None
"""What one place says of `cache`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheDefaults:
    """What the root file says for every resource."""

    backend: CacheBackend = CacheBackend.MEMORY
    ttl: Located[float] | None = None
    is_off: bool = False
    """`features.cache: false`: nothing is kept, whatever resources say."""
    api: Said = None
    coalesce: bool = False


def cache_defaults(root: FileSpec, found: Collector) -> CacheDefaults:
    """Return what holds for the whole project."""
    said = root.features.cache if root.features is not None else None
    feature = said if isinstance(said, FeatureCacheSpec) else None
    backend = feature.backend if feature is not None else None
    ttl = feature.ttl if feature is not None else None
    if ttl is not None and not is_some_time(ttl, found):
        # Wrong once is told once.
        ttl = Located(value=1.0, span=ttl.span)
    coalesce = root.api.coalesce if root.api is not None else None
    return CacheDefaults(
        backend=CacheBackend(backend.value) if backend is not None else CacheBackend.MEMORY,
        ttl=ttl,
        is_off=isinstance(said, Located) and not said.value,
        api=root.api.cache if root.api is not None else None,
        coalesce=coalesce is not None and coalesce.value,
    )


def is_some_time(ttl: Located[float], found: Collector) -> bool:
    """Report AG607 for a time to live of nothing."""
    if ttl.value > 0:
        return True
    found.error("AG607", "`cache` keeps nothing for no time", ttl.span, help="such as `30s`")
    return False
