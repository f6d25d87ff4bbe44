"""A near miss is the rule with one comparison changed."""

from apigen.diagnostics import Span
from apigen.expr.near_misses import constants, near_misses, telling
from apigen.ir.expr import BoolOp, Compare, Const, SqlSupport, TypedExpr
from apigen.ir.types import Scalar, ScalarKind

BOOL = Scalar(kind=ScalarKind.BOOL)
ONE = Const(value=1, type=Scalar(kind=ScalarKind.INT))
TWO = Const(value=2, type=Scalar(kind=ScalarKind.INT))


def test_each_comparison_is_changed_in_turn() -> None:
    rule = BoolOp(
        op="and",
        operands=(
            Compare(op="<", left=ONE, right=TWO, type=BOOL),
            Compare(op="==", left=TWO, right=TWO, type=BOOL),
        ),
        type=BOOL,
    )

    found = [
        tuple(operand.op for operand in miss.operands if isinstance(operand, Compare))
        for miss in near_misses(rule)
        if isinstance(miss, BoolOp)
    ]

    assert found == [("<=", "=="), ("<", "!=")]


def test_a_rule_without_comparison_has_none() -> None:
    assert list(near_misses(ONE)) == []


def _below_one(rule: TypedExpr, case: int | None) -> bool | None:
    assert isinstance(rule.tree, Compare)
    if case is None:
        return None
    return case < 1 if rule.tree.op == "<" else case <= 1


def test_the_first_case_that_fits_tells_a_rule_from_its_near_miss() -> None:
    rule = TypedExpr(
        source="x < 1",
        tree=Compare(op="<", left=TWO, right=ONE, type=BOOL),
        type=BOOL,
        nullable=False,
        reads=frozenset(),
        uses_clock=False,
        sql=SqlSupport.FULL,
        span=Span(file="apigen.yaml", line=1, column=1, end_line=1, end_column=6),
    )
    asked: list[int | None] = []

    def fits(case: int | None, holds: bool) -> bool:
        asked.append(case)
        return len(asked) > 1 and not holds

    told = list(telling(rule, [None, 0, 1, 2, 1, 1], verdict=_below_one, fits=fits))

    assert told == [(1, False)]
    assert asked == [1, 1]


def test_constants_come_in_written_order() -> None:
    rule = Compare(op="in", left=TWO, right=ONE, type=BOOL)

    assert constants(rule) == (2, 1)
