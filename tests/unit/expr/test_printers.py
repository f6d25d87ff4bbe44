"""How rules look in generated code."""

import ast
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from apigen.expr.kinds import INT, decimal_type
from apigen.expr.parser import parse_rule
from apigen.expr.printed import Import, Spelling
from apigen.expr.python_printer import print_python
from apigen.expr.scope import ObjectScope, RuleKind, Scope
from apigen.expr.sql_printer import SqlNames, print_sql, print_sql_columns
from apigen.ir.expr import TypedExpr
from apigen.ir.types import ObjectRef, TypeRef
from apigen.support.infrastructure.column_types import ScaledDecimal
from tests.unit.expr.rows import namespace
from tests.unit.expr.scopes import MONEY, OBJECTS, member, span, typed

PYTHON = [
    ("price.amount >= 0", "self.price.amount >= Decimal(0)"),
    ("status == paid", "self.status == Status.PAID"),
    ("status in [paid]", "self.status == Status.PAID"),
    ("not status in [paid, gone]", "self.status not in (Status.PAID, Status.GONE)"),
    ("0 < reserved <= stock", "self.reserved > 0 and self.reserved <= self.stock"),
    ("active == True", "self.active is True"),
    ("not (stock + 1 > 2 or active)", "not (self.stock + 1 > 2 or self.active)"),
    ("stock - (reserved - 1)", "self.stock - (self.reserved - 1)"),
    ("(stock + 1) * -reserved", "(self.stock + 1) * -self.reserved"),
    ("weight * stock", "self.weight * self.stock"),
    ("weight / packs", "divide(self.weight, Decimal(self.packs), 6)"),
    ("stock / reserved", "divide_or_none(Decimal(self.stock), Decimal(self.reserved), 6)"),
    ("sum(l.amount for l in lines)", "sum_of((each.amount for each in self.lines), Money.zero())"),
    ("count(k for k in lines if k.ready)", "sum(1 for k in self.lines if k.ready)"),
    ("lower(title) == 'x'", "self.title.lower() == 'x'"),
    ("contains(title, 'x')", "'x' in self.title"),
    ("matches(title, 'a+')", "re.fullmatch('a+', self.title) is not None"),
    ("not matches(title, 'a+')", "re.fullmatch('a+', self.title) is None"),
    ("not contains(title, 'a')", "'a' not in self.title"),
    ("pause < hours(36)", "self.pause < dt.timedelta(days=1, hours=12)"),
    ("coalesce(limit, 0)", "coalesce(self.limit, 0)"),
    ("today", "utc_date(now)"),
]


@pytest.mark.parametrize(("text", "source"), PYTHON)
def test_python_reads_like_the_rule(text: str, source: str) -> None:
    assert print_python(typed(text)).text == source


def test_python_says_what_it_imports() -> None:
    printed = print_python(typed("status == paid and born_on + days(1) < today"))

    assert printed.types == ("shop.Status",)
    assert printed.imports == (
        Import(module="datetime", alias="dt"),
        Import(module="support.domain.rules", name="utc_date"),
    )


def test_names_are_spelled_by_the_caller() -> None:
    spelling = Spelling(
        attribute=lambda name: f"{name}_",
        type_name=lambda qname: "OrderStatus",
        member=lambda enum, name: f"X_{name}",
        imported=lambda wanted: f"{wanted.name}_",
    )

    printed = print_python(typed("status == paid and weight > 1"), owner="order", spelling=spelling)

    assert printed.text == "order.status_ == OrderStatus.X_paid and order.weight_ > Decimal_(1)"


@pytest.mark.parametrize("variable", ["sum", "self", "now", "len", "class_", "divide"])
def test_a_variable_hides_nothing_that_the_source_needs(variable: str) -> None:
    text = f"sum({variable}.quantity for {variable} in lines) > stock and starts_at < now"

    tree = ast.parse(print_python(typed(text)).text)

    targets = {n.target.id for n in ast.walk(tree) if isinstance(n, ast.comprehension)}  # type: ignore[attr-defined]
    assert targets.isdisjoint({"sum", "self", "now", "len", "divide"})


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20))
def test_a_text_reaches_python_and_sql_as_a_text(value: str) -> None:
    quoted = "".join(f"\\U{ord(character):08x}" for character in value)
    rule, twin = typed(f"title == '{quoted}'"), typed("title == 'x'")

    pairs = ((print_python(rule), print_python(twin)), (print_sql(rule), print_sql(twin)))

    for printed, harmless in pairs:
        nodes = list(ast.walk(ast.parse(printed.text)))
        assert value in [node.value for node in nodes if isinstance(node, ast.Constant)]
        assert [type(node) for node in nodes] == [
            type(node) for node in ast.walk(ast.parse(harmless.text))
        ]


SQL = [
    ("stock > reserved", "stock > reserved"),
    ("status == paid", "status = 'PAID'"),
    ("limit is None or limit > 3", '"limit" IS NULL OR "limit" > 3'),
    ("limit == 3", '(("limit") IS (3))'),
    ("price.amount >= 1.5", "price_amount >= 15000"),
    ("weight > stock", "weight > ((stock) * (100))"),
]


@pytest.mark.parametrize(("text", "expected"), SQL)
def test_sql_on_sqlite(text: str, expected: str) -> None:
    printed = print_sql(typed(text), names=SqlNames(objects=OBJECTS))

    expression = eval(printed.text, namespace(printed))

    dialect = sa.create_engine("sqlite://").dialect
    compiled = str(expression.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    assert compiled == expected


def test_a_rule_no_database_can_work_out_has_no_sql() -> None:
    with pytest.raises(ValueError, match="no database"):
        print_sql(typed("lower(title) == 'x'"))


def _computed(text: str, fields: Scope, expected: TypeRef | None) -> TypedExpr:
    outcome = parse_rule(text, span=span(text), scope=fields, expected=expected)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def test_a_computed_field_is_printed_as_its_rule_in_sql_only() -> None:
    stock = (member("stock", INT), member("reserved", INT))
    base = Scope(kind=RuleKind.COMPUTED, owner="shop.Product", fields=stock)
    free = replace(member("free", INT), computed=_computed("stock - reserved", base, INT))

    rule = _computed("free > 0", replace(base, fields=(*stock, free)), None)

    assert print_python(rule).text == "self.free > 0"
    assert rule.reads == {"stock", "reserved", "free"}
    printed = print_sql(rule)
    assert (
        str(eval(printed.text, namespace(printed)))
        == "CAST((stock) AS BIGINT) - reserved > :param_1"
    )


def test_a_computed_part_of_a_value_object_is_printed_with_the_path_to_it() -> None:
    side = member("side", INT)
    inside = Scope(kind=RuleKind.COMPUTED, owner="shop.Square", fields=(side,))
    area = replace(member("area", INT), computed=_computed("side * side", inside, INT))
    objects = {"shop.Square": ObjectScope(fields=(side, area), in_columns=True)}
    owner = Scope(
        kind=RuleKind.INVARIANT,
        owner="shop.Field",
        fields=(member("shape", ObjectRef(target="shop.Square")),),
        objects=objects,
    )

    rule = _computed("shape.area > 5", owner, None)

    printed = print_sql(rule, names=SqlNames(objects=objects))
    text = str(eval(printed.text, namespace(printed)))
    assert text == "CAST((shape_side) AS BIGINT) * shape_side > :param_1"


def test_a_measure_is_printed_column_by_column() -> None:
    printed = print_sql_columns(
        typed("price * packs", expected=MONEY), names=SqlNames(objects=OBJECTS)
    )

    assert [path for path, _ in printed.columns] == [("amount",), ("currency",)]
    assert printed.columns[1][1].text == "sa.column('price_currency')"


def test_the_result_of_sql_is_read_by_the_type_asked_for() -> None:
    rule = typed("weight + rate", expected=decimal_type(12, 2))

    printed = print_sql(rule, as_type=lambda _: "ScaledDecimal(12, 2)")
    expression = eval(printed.text, namespace(printed))

    assert isinstance(expression.type, ScaledDecimal)
    assert (expression.type.precision, expression.type.scale) == (12, 2)
