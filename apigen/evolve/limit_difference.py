"""What is different of how often clients may ask."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.ir.limits import Rate, RateLimit


def limit_changes(
    was: RateLimit | None, now: RateLimit | None, subject: Subject, title: str
) -> Iterator[SpecChange]:
    """Yield that requests are limited in another way: some may be refused that were not."""
    if was == now:
        return
    tighter = _is_tighter(was, now)
    if now is None:
        text = f"requests of {title} are not limited"
    else:
        rates = ", ".join(f"{tier} {_text(rate)}" for tier, rate in now.rates)
        text = f"requests of {title} are limited: {rates}"
    yield change(
        Row.GUARD_TIGHTENED if tighter else Row.GUARD_LOOSENED,
        subject,
        text,
        attribute="rate_limit",
        before=_rates(was),
        after=_rates(now),
    )


def _is_tighter(was: RateLimit | None, now: RateLimit | None) -> bool:
    """Tell whether anybody may ask less often, or is counted otherwise."""
    if now is None:
        return False
    if was is None or (was.by, was.algorithm) != (now.by, now.algorithm):
        return True
    tiers = {tier for tier, _ in (*was.rates, *now.rates)}
    return any(_pace(now.rate_of(tier)) < _pace(was.rate_of(tier)) for tier in tiers)


def _pace(rate: Rate) -> tuple[float, int]:
    return rate.limit / rate.period_s, rate.limit


def _rates(limit: RateLimit | None) -> str:
    if limit is None:
        return ""
    rates = ", ".join(f"{tier} {_text(rate)}" for tier, rate in limit.rates)
    return f"{limit.algorithm} by {limit.by}: {rates}"


def _text(rate: Rate) -> str:
    unit = {1: "s", 60: "min", 3600: "h", 86_400: "d"}[rate.period_s]
    return f"{rate.limit}/{unit}"
