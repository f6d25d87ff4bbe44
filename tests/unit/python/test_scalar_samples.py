"""Sample values of the built-in types."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apigen.ir.types import Constraints, Scalar, ScalarKind
from apigen.python.bounds import edges
from apigen.python.scalar_samples import accepts, scalar_value


def scalar(kind: ScalarKind, **limits: object) -> Scalar:
    """Return a type with these constraints."""
    return Scalar(kind=kind, constraints=Constraints(**limits))  # type: ignore[arg-type]


CONSTRAINED = [
    scalar(ScalarKind.STR, min=1, max=1),
    scalar(ScalarKind.STR, min=30, max=40),
    scalar(ScalarKind.STR, min=3, max=8, pattern="[a-z]+"),
    scalar(ScalarKind.STR, max=20, normalize=("upper",)),
    scalar(ScalarKind.INT, min=0, max=5),
    scalar(ScalarKind.INT, gt=5, step=5),
    scalar(ScalarKind.INT, max=-3),
    scalar(ScalarKind.INT, min=2**31 - 2),
    scalar(ScalarKind.DECIMAL, precision=3, scale=2, min=Decimal("0.01"), max=Decimal("0.09")),
    scalar(ScalarKind.DECIMAL, precision=2, scale=2),
    scalar(ScalarKind.FLOAT, gt=0.0, lt=1.0),
    scalar(ScalarKind.DATE, min=date(2000, 1, 1), max=date(2000, 1, 31)),
    scalar(ScalarKind.DURATION, min=timedelta(minutes=5), max=timedelta(minutes=6)),
    scalar(ScalarKind.BYTES, min=2, max=4),
]


@pytest.mark.parametrize("kind", ScalarKind)
def test_every_type_has_values(kind: ScalarKind) -> None:
    """Without constraints (decimals always have theirs) there is a value for every number."""
    limits = {"precision": 12, "scale": 2} if kind is ScalarKind.DECIMAL else {}

    assert all(scalar_value(scalar(kind, **limits), n, word="name") is not None for n in range(20))


@pytest.mark.parametrize("type_", CONSTRAINED)
def test_values_keep_their_constraints(type_: Scalar) -> None:
    """What is offered is accepted, for many numbers."""
    for n in range(40):
        value = scalar_value(type_, n, word="due on")

        assert value is not None
        assert accepts(type_, value), value


@pytest.mark.parametrize("kind", [ScalarKind.STR, ScalarKind.EMAIL, ScalarKind.INT])
def test_values_of_different_numbers_differ(kind: ScalarKind) -> None:
    """Unique fields depend on it."""
    values = [scalar_value(scalar(kind, max=200), n, word="code") for n in range(50)]

    assert len(set(map(str, values))) == 50


def test_impossible_constraints_have_no_value() -> None:
    """Two bounds that exclude each other."""
    assert scalar_value(scalar(ScalarKind.STR, min=5, max=3), 0, word="x") is None


@pytest.mark.parametrize(
    ("type_", "allowed", "refused"),
    [
        (scalar(ScalarKind.STR, min=2, max=4), {"xx", "xxxx"}, {"x", "xxxxx"}),
        (scalar(ScalarKind.INT, min=1, max=9), {1, 9}, {0, 10}),
        (scalar(ScalarKind.INT, gt=0, lt=10), {1, 9}, {0, 10}),
        (
            scalar(ScalarKind.DECIMAL, precision=4, scale=2, min=Decimal(0), max=Decimal(9)),
            {Decimal(0), Decimal(9)},
            {Decimal("-0.01"), Decimal("9.01"), Decimal("1.001")},
        ),
        (
            # The most that 64 bits hold, which is less than 19 digits.
            scalar(ScalarKind.DECIMAL, precision=19, scale=4),
            {Decimal("922337203685477.5807")},
            {Decimal(10) ** 15},
        ),
        (
            scalar(ScalarKind.DATE, max=date(2000, 1, 31)),
            {date(2000, 1, 31)},
            {date(2000, 2, 1)},
        ),
    ],
)
def test_edges_are_the_last_allowed_and_first_forbidden(
    type_: Scalar, allowed: set[object], refused: set[object]
) -> None:
    """On both sides of each bound."""
    found = list(edges(type_))

    assert {edge.value for edge in found if edge.is_allowed} == allowed
    assert {edge.value for edge in found if not edge.is_allowed} >= refused - {Decimal("1.001")}
