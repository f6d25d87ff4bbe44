"""How often who may ask: rates by role, and what a limiter says of one request.

Knows no HTTP and no store; only the lowering of a spec and those who limit know of algorithms.

Source: requirements 13.2, 69.1, 69.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from ..core.actor import Actor


class RateAlgorithm(StrEnum):
    """How requests are counted."""

    SLIDING_WINDOW = "sliding_window"
    """Those of the last period, of which the older part is estimated."""
    TOKEN_BUCKET = "token_bucket"  # noqa: S105  # nosec B105
    """A bucket of as many as the rate has, refilled all the time."""
    FIXED_WINDOW = "fixed_window"
    """Those of each period by the clock; twice the rate may come where two of them meet."""


class RateSubject(StrEnum):
    """Whose requests are counted together."""

    USER = "user"
    """Those of one actor; of callers who are nobody, those of one address."""
    IP = "ip"
    """Those of one address, whoever asks."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    period_s: int


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """A limit with a name of its own: requests that have the same limit are counted together."""

    name: str
    rates: Mapping[str, Rate]
    """By tier: `anonymous`, `authenticated`, or a role."""
    algorithm: RateAlgorithm = RateAlgorithm.SLIDING_WINDOW
    by: RateSubject = RateSubject.USER

    def tier_of(self, actor: Actor) -> str:
        """Return the tier of a caller: of those that are theirs the most generous one.

        Who has none is in the one with the lowest rate: nobody is without a limit because nobody
        thought of them. Roles of an actor include inherited ones.
        """
        found = [tier for tier in self._by_generosity if _is_in(actor, tier)]
        return found[0] if found else self._by_generosity[-1]

    @cached_property
    def _by_generosity(self) -> tuple[str, ...]:
        def pace(tier: str) -> tuple[float, int]:
            rate = self.rates[tier]
            return rate.limit / rate.period_s, rate.limit

        return tuple(sorted(self.rates, key=pace, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateVerdict:
    """What a limiter says of one request, which it has counted."""

    is_limited: bool
    remaining: int
    reset_s: int
    """Until everything is allowed again."""
    retry_s: int
    """Until another request is worth trying; 0 when this one is allowed."""


class RateLimiter(Protocol):
    """Counts requests."""

    async def count(self, key: str, rate: Rate, algorithm: RateAlgorithm) -> RateVerdict:
        """Count one request of `key`, which stands for one caller in one limit and tier."""
        ...

    async def close(self) -> None:
        """Give back what is held."""
        ...


def _is_in(actor: Actor, tier: str) -> bool:
    match tier:
        case "anonymous":
            return not actor.is_authenticated
        case "authenticated":
            return actor.is_authenticated
        case _:
            return actor.has_role(tier)
