"""How answers are kept: of resources and of queries."""

from enum import StrEnum

from apigen.values import dataclass


class CacheBackend(StrEnum):
    """Where answers are kept: by each process for itself, or on a server for all of them."""

    MEMORY = "memory"
    REDIS = "redis"


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePolicy:
    """How the answers of a resource, or of a query, are kept."""

    ttl_s: float
    tags: tuple[str, ...] = ()
    """What they may be dropped by, beside every change of what they are made of."""
    coalesce: bool = False
    """Whether those who ask the same at the same time wait for one query."""
