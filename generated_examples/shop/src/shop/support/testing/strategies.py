"""Hypothesis strategies for the value types of the specification, as JSON.

A project's strategies put them together, an entity's fields at a time.
"""

import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import reject
from hypothesis import strategies as st

from ..core.errors import InvariantViolation
from ..core.json import Json, dumps, encode
from .cases import AnyCase, Sample
from .rows import assert_holds, offline, shown

type Values = st.SearchStrategy[Json]

_LETTERS = string.ascii_letters + string.digits + " -.,äöüßéñ中"


def texts(minimum: int = 0, maximum: int = 40) -> Values:
    """Return texts that normalisation leaves alone, of a length within bounds."""
    inner = st.text(_LETTERS, min_size=minimum, max_size=min(maximum, minimum + 40))
    return inner.filter(lambda text: text == text.strip() and len(text) >= minimum)


def decimals(minimum: str | None, maximum: str | None, *, scale: int) -> Values:
    """Return decimals with exactly `scale` places, written as responses write them."""
    unit = Decimal(1).scaleb(-scale)
    low = int(Decimal(minimum or "-100000") / unit)
    high = int(Decimal(maximum or "100000") / unit)
    return st.integers(low, max(low, high)).map(lambda number: format(number * unit, f".{scale}f"))


def moments() -> Values:
    """Return moments between 2000 and 2100, in UTC."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    seconds = st.integers(0, 100 * 365 * 24 * 3600)
    return seconds.map(
        lambda after: (start + timedelta(seconds=after)).isoformat().replace("+00:00", "Z")
    )


def durations(minimum_s: int, maximum_s: int) -> Values:
    """Return durations of whole seconds."""
    return st.integers(minimum_s, maximum_s).map(
        lambda seconds: str(encode(timedelta(seconds=seconds)))
    )


def assert_arrives(
    case: AnyCase, cases: Mapping[str, AnyCase], payload: Mapping[str, Sample]
) -> None:
    """Assert that an aggregate shows what it was made from; broken invariants do not count."""
    sent = offline(cases, payload)
    assert isinstance(sent, dict)
    try:
        entity = case.new(dumps(sent))
        entity.check_invariants()
    except InvariantViolation:
        reject()
    assert_holds(case, shown(case, entity), sent)
