"""How often clients may ask."""

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    period_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """Rates by tier. Requests under one limit are counted together."""

    algorithm: str
    """`sliding_window`, `token_bucket` or `fixed_window`."""
    by: str
    """`user` or `ip`: whose requests are counted together."""
    rates: tuple[tuple[str, Rate], ...]
    """Tier and rate; `anonymous`, `authenticated`, or a role. Who is in none has the lowest."""

    def rate_of(self, tier: str) -> Rate:
        """Return what a tier may: the lowest rate when it has none of its own."""
        known = dict(self.rates)
        return known.get(tier) or min(known.values(), key=lambda rate: rate.limit / rate.period_s)
