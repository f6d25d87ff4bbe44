"""Counting requests in the memory of a process: a dictionary and some arithmetic.

Nothing in it waits, so that nothing has to be locked; each request is counted in a few
microseconds. Of very many callers those that were not seen for longest are forgotten.

Source: requirement 69.1.
"""

import math
import time
from collections.abc import Callable

from ..application.rate_limits import Rate, RateAlgorithm, RateVerdict

_EXACT = 1e-9
"""Time is counted in fractions, which do not add up to whole requests exactly."""


class RequestCounts:
    """Counts of requests, by key; each key is always counted at the same rate."""

    def __init__(self, *, most: int, now: Callable[[], float] = time.time) -> None:
        """Begin without any.

        Args:
            most: Keys that are remembered for each algorithm.
            now: The time of day, in seconds: windows begin by the clock.
        """
        self._most = most
        self._now = now
        self._windows: dict[str, tuple[float, int]] = {}
        """The number of the period, and what came in it."""
        self._slides: dict[str, tuple[float, int, int]] = {}
        """The number of the period, what came in it, and in the one before."""
        self._buckets: dict[str, tuple[float, float]] = {}
        """What is in it, and when it was looked at."""

    def count(self, key: str, rate: Rate, algorithm: RateAlgorithm) -> RateVerdict:
        """Count one request."""
        match algorithm:
            case RateAlgorithm.FIXED_WINDOW:
                return self._in_window(key, rate)
            case RateAlgorithm.SLIDING_WINDOW:
                return self._sliding(key, rate)
            case RateAlgorithm.TOKEN_BUCKET:
                return self._from_bucket(key, rate)

    def _in_window(self, key: str, rate: Rate) -> RateVerdict:
        window, passed_s = divmod(self._now(), rate.period_s)
        # Taken out and put in again: those seen last are at the end.
        known = self._windows.pop(key, None)
        count = known[1] + 1 if known is not None and known[0] == window else 1
        self._windows[key] = window, count
        _forget(self._windows, self._most)
        reset_s = math.ceil(rate.period_s - passed_s)
        is_limited = count > rate.limit
        return RateVerdict(
            is_limited=is_limited,
            remaining=max(0, rate.limit - count),
            reset_s=reset_s,
            retry_s=reset_s if is_limited else 0,
        )

    def _sliding(self, key: str, rate: Rate) -> RateVerdict:
        window, passed_s = divmod(self._now(), rate.period_s)
        known, count, before = self._slides.pop(key, (window, 0, 0))
        if known != window:
            before = count if known == window - 1 else 0
            count = 0
        used = math.floor(before * (1 - passed_s / rate.period_s)) + count
        is_limited = used >= rate.limit
        if not is_limited:
            count += 1
            used += 1
        self._slides[key] = window, count, before
        _forget(self._slides, self._most)
        retry_s = 0
        if is_limited:
            # Until so much of the last period is forgotten that there is room, or of this one.
            share = 1 - (rate.limit - count) / before if count < rate.limit else 1
            retry_s = max(1, math.floor(share * rate.period_s - passed_s) + 1)
        return RateVerdict(
            is_limited=is_limited,
            remaining=max(0, rate.limit - used),
            reset_s=rate.period_s,
            retry_s=retry_s,
        )

    def _from_bucket(self, key: str, rate: Rate) -> RateVerdict:
        now = self._now()
        each_s = rate.period_s / rate.limit
        left, since = self._buckets.pop(key, (float(rate.limit), now))
        left = min(rate.limit, left + max(0.0, now - since) / each_s)
        is_limited = left < 1 - _EXACT
        if not is_limited:
            left -= 1
        self._buckets[key] = left, now
        _forget(self._buckets, self._most)
        return RateVerdict(
            is_limited=is_limited,
            remaining=int(left + _EXACT),
            reset_s=math.ceil((rate.limit - left) * each_s - _EXACT),
            retry_s=max(1, math.ceil((1 - left) * each_s - _EXACT)) if is_limited else 0,
        )


def _forget[StateT](states: dict[str, StateT], most: int) -> None:
    """Forget the key that was not seen for longest, when there are too many."""
    if len(states) > most:
        del states[next(iter(states))]
