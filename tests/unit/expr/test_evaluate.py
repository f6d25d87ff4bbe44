"""What the compiler makes of a rule is what the generated Python makes of it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from apigen.expr.evaluate import Environment, MeasureParts, NotEvaluableError, evaluate
from apigen.expr.kinds import decimal_type
from apigen.ir.types import TypeRef
from tests.unit.expr.rows import NOW, Order, in_python
from tests.unit.expr.scopes import MONEY, typed
from tests.unit.expr.test_agreement import ROWS, RULES

MEASURES = {
    "shop.Money": MeasureParts(
        value="amount",
        unit="currency",
        type=decimal_type(18, 4),
        zero={"amount": Decimal(0), "currency": "EUR"},
    )
}


def plain(value: Any) -> Any:
    """Return a value of the tests' shop as samples have it."""
    if isinstance(value, Enum):
        return value.name.lower()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def environment(row: Order) -> Environment:
    """Return what a rule of an order can see."""
    owner: Mapping[str, object] = plain(row)
    return Environment(owner=owner, now=NOW, measures=MEASURES, variables={})


@pytest.mark.parametrize(("text", "expected"), RULES, ids=[text for text, _ in RULES])
def test_evaluation_agrees_with_printed_python(text: str, expected: TypeRef | None) -> None:
    """On every row of the agreement test; where Python fails, there is no value."""
    rule = typed(text, expected=expected)
    for row in ROWS:
        try:
            wanted = plain(in_python(rule, row))
        except (ArithmeticError, ValueError):
            with pytest.raises(NotEvaluableError):
                evaluate(rule.tree, environment(row))
            continue

        assert evaluate(rule.tree, environment(row)) == wanted


def test_two_units_have_no_sum() -> None:
    """A rule over amounts of different units cannot be evaluated."""
    rule = typed("price + credit", expected=MONEY)
    values: dict[str, Any] = plain(ROWS[0])
    values["credit"] = {"amount": Decimal(1), "currency": "USD"}

    with pytest.raises(NotEvaluableError):
        evaluate(rule.tree, Environment(owner=values, measures=MEASURES, variables={}))


def test_a_name_without_a_value_is_not_evaluable() -> None:
    """What only the running program knows is not guessed."""
    with pytest.raises(NotEvaluableError):
        evaluate(typed("stock > 1").tree, Environment(owner={}, measures={}, variables={}))
