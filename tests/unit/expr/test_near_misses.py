"""A near miss is the rule with one comparison changed."""

from apigen.expr.near_misses import constants, near_misses
from apigen.ir.expr import BoolOp, Compare, Const
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


def test_constants_come_in_written_order() -> None:
    rule = Compare(op="in", left=TWO, right=ONE, type=BOOL)

    assert constants(rule) == (2, 1)
