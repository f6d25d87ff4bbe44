"""Literals of the built-in types."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.diagnostics import Span
from apigen.ir.types import Constraints, ScalarKind
from apigen.lower.scalars import read_literal, violation
from apigen.source.node import ScalarNode
from apigen.source.scalars import resolve

SPAN = Span(file="a.yaml", line=1, column=1, end_line=1, end_column=2)


def _node(raw: str) -> ScalarNode:
    return ScalarNode(value=resolve(raw), raw=raw, quoted=False, block=False, span=SPAN)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (ScalarKind.INT, "2147483647", 2147483647),
        (ScalarKind.INT, "2147483648", None),
        (ScalarKind.INT, "1.0", None),
        (ScalarKind.BIGINT, "2147483648", 2147483648),
        (ScalarKind.FLOAT, ".inf", None),
        (ScalarKind.DECIMAL, "1.10", Decimal("1.10")),
        (ScalarKind.DECIMAL, "true", None),
        (ScalarKind.DATE, "2026-02-29", None),
        (ScalarKind.DATE, "2026-02-28", date(2026, 2, 28)),
        (ScalarKind.TIME, "08:30", time(8, 30)),
        (ScalarKind.DATETIME, "2026-01-01T00:00:00", None),
        (ScalarKind.DATETIME, "2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        (ScalarKind.DURATION, "90s", timedelta(seconds=90)),
        (ScalarKind.CURRENCY, "EUR", "EUR"),
        (ScalarKind.CURRENCY, "eur", None),
        (ScalarKind.EMAIL, "a@b.c", "a@b.c"),
        (ScalarKind.UUID, "x", None),
        (ScalarKind.BYTES, "x", None),
    ],
)
def test_literal(kind: ScalarKind, raw: str, value: object) -> None:
    assert read_literal(kind, _node(raw)) == value


@pytest.mark.parametrize(
    ("kind", "constraints", "value", "broken"),
    [
        (ScalarKind.STR, Constraints(max=3), "abcd", " of at most 3 characters"),
        (ScalarKind.STR, Constraints(pattern="[a-z]+"), "ab1", " that matches `[a-z]+`"),
        (ScalarKind.INT, Constraints(gt=3), 3, " above 3"),
        (ScalarKind.INT, Constraints(step=5), 7, " in steps of 5"),
        (
            ScalarKind.DECIMAL,
            Constraints(precision=4, scale=2),
            Decimal("100"),
            " of at most 4 digits",
        ),
        (
            ScalarKind.DECIMAL,
            Constraints(precision=4, scale=2),
            Decimal("1.001"),
            " of at most 2 digits after the point",
        ),
        (ScalarKind.DECIMAL, Constraints(precision=4, scale=2), Decimal("99.99"), ""),
    ],
)
def test_violation(kind: ScalarKind, constraints: Constraints, value: object, broken: str) -> None:
    assert violation(kind, constraints, value) == broken  # type: ignore[arg-type]


@given(st.sampled_from(list(ScalarKind)), st.text(max_size=30))
def test_no_text_makes_it_raise(kind: ScalarKind, raw: str) -> None:
    value = read_literal(kind, _node(raw))

    if value is not None:
        violation(kind, Constraints(min=value if kind is ScalarKind.INT else None), value)
