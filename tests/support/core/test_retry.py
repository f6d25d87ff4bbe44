"""How long to wait before another attempt, and when there is no use in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.support.core.errors import (
    ConflictError,
    DatabaseConnectionError,
    InvalidStateError,
    PoolTimeoutError,
    PreconditionFailedError,
    SharedModuleError,
)
from apigen.support.core.retry import Backoff, RetryPolicy, is_passing

BACKOFFS: tuple[Backoff, ...] = ("exponential", "linear", "fixed")
SECONDS = st.floats(min_value=0.001, max_value=1000)


@pytest.mark.parametrize(
    ("backoff", "waits"),
    [
        ("exponential", [1, 2, 4, 8, 10, 10]),
        ("linear", [1, 2, 3, 4, 5, 6]),
        ("fixed", [1, 1, 1, 1, 1, 1]),
    ],
)
def test_waits_grow_as_the_policy_says(backoff: Backoff, waits: list[float]) -> None:
    policy = RetryPolicy(backoff=backoff, delay_s=1, max_delay_s=10, jitter=False)

    assert [policy.wait_s(attempt) for attempt in range(1, 7)] == waits


@given(
    backoff=st.sampled_from(BACKOFFS),
    delay_s=SECONDS,
    max_delay_s=SECONDS,
    attempt=st.integers(min_value=1, max_value=10**9),
    drawn=st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_waits_never_shrink_and_stay_within_bounds(
    backoff: Backoff, delay_s: float, max_delay_s: float, attempt: int, drawn: float
) -> None:
    plain = RetryPolicy(backoff=backoff, delay_s=delay_s, max_delay_s=max_delay_s, jitter=False)
    spread = RetryPolicy(backoff=backoff, delay_s=delay_s, max_delay_s=max_delay_s)

    wait = plain.wait_s(attempt)

    assert 0 < wait <= max_delay_s
    assert wait <= plain.wait_s(attempt + 1)
    assert 0 <= spread.wait_s(attempt, draw=lambda: drawn) <= wait


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (ConflictError("order", constraint="serialization"), True),
        (ConflictError("order", constraint="concurrency"), True),
        (ConflictError("order"), False),
        (PoolTimeoutError(1), True),
        (DatabaseConnectionError("gone"), True),
        (PreconditionFailedError("order", expected=1, actual=2), False),
        (InvalidStateError("ship", state="draft", allowed=("paid",)), False),
    ],
)
def test_only_what_passes_is_worth_another_attempt(error: SharedModuleError, passing: bool) -> None:
    assert is_passing(error) is passing
