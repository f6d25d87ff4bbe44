"""Arithmetic of limits: who is told to wait is let in then; the longest unseen are forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.support.application.rate_limits import Rate, RateAlgorithm
from apigen.support.infrastructure.request_counts import RequestCounts

RATES = st.builds(Rate, st.integers(1, 50), st.sampled_from([1, 7, 60, 3600]))
PAUSES = st.lists(st.floats(0, 90), max_size=60)


class Clock:
    """A time of day that tests set."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.mark.criterion("R69.1")
@given(
    rate=RATES,
    algorithm=st.sampled_from(RateAlgorithm),
    begin=st.floats(1e9, 2e9),
    pauses=PAUSES,
)
def test_no_more_than_the_rate_at_once_and_who_waits_is_let_in(
    rate: Rate, algorithm: RateAlgorithm, begin: float, pauses: list[float]
) -> None:
    clock = Clock(begin)
    counts = RequestCounts(most=10, now=clock)
    for pause in (*pauses, *(0.0 for _ in range(2 * rate.limit + 1))):
        clock.now += pause
        verdict = counts.count("key", rate, algorithm)
        assert 0 <= verdict.remaining < rate.limit
        assert (verdict.retry_s > 0) == verdict.is_limited

    refused = counts.count("key", rate, algorithm)
    assert refused.is_limited
    clock.now += refused.retry_s
    assert not counts.count("key", rate, algorithm).is_limited
    assert refused.retry_s <= 2 * rate.period_s + 1


@pytest.mark.criterion("R69.1")
@given(rate=RATES, algorithm=st.sampled_from(RateAlgorithm), begin=st.floats(1e9, 2e9))
def test_a_rate_is_all_that_comes_through_at_once(
    rate: Rate, algorithm: RateAlgorithm, begin: float
) -> None:
    clock = Clock(begin)
    counts = RequestCounts(most=10, now=clock)

    verdicts = [counts.count("key", rate, algorithm) for _ in range(rate.limit + 3)]

    assert [one.is_limited for one in verdicts] == [False] * rate.limit + [True] * 3
    assert [one.remaining for one in verdicts[: rate.limit]] == [*reversed(range(rate.limit))]


def test_a_clock_that_goes_back_fills_no_bucket() -> None:
    clock = Clock(1e9)
    counts = RequestCounts(most=10, now=clock)
    rate = Rate(1, 60)
    counts.count("key", rate, RateAlgorithm.TOKEN_BUCKET)

    clock.now -= 3600

    assert counts.count("key", rate, RateAlgorithm.TOKEN_BUCKET).is_limited


@pytest.mark.parametrize("algorithm", RateAlgorithm)
def test_those_not_seen_for_longest_are_forgotten(algorithm: RateAlgorithm) -> None:
    counts = RequestCounts(most=2, now=lambda: 1e9)
    rate = Rate(1, 60)
    for key in ("a", "b", "a", "c"):
        counts.count(key, rate, algorithm)

    assert counts.count("a", rate, algorithm).is_limited
    assert not counts.count("b", rate, algorithm).is_limited
