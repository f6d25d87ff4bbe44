"""`renamed_from`, `backfill` and `api.compat`: what the spec says of its own past."""

from datetime import date
from decimal import Decimal

import pytest

from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import EnumType, ObjectType, System
from apigen.ir.types import DynamicDefault, LiteralDefault
from apigen.lower.system import lower
from apigen.spec.reader import read_texts

HEAD = "apigen: 1\napp: shop\n"


def lowered(text: str) -> tuple[System, list[str]]:
    """Return the system and the codes of what is wrong with it."""
    document = read_texts({"apigen.yaml": HEAD + text})
    assert document.value is not None
    outcome = lower(document.value)
    assert outcome.value is not None
    found = (*document.diagnostics, *outcome.diagnostics)
    return outcome.value, [one.code for one in found]


def field_of(declaration: str, more: str = "") -> tuple[Field, list[str]]:
    """Lower the field `x` of an entity that also has `n: int`, `s: str` and `d: date?`."""
    system, codes = lowered(
        f"{more}entities:\n  Task:\n    fields:\n      n: int\n      s: str\n      d: date?\n"
        f"      x: {declaration}\n"
    )
    (field,) = (one for one in system.entities["shop.Task"].fields if one.name.text == "x")
    return field, codes


def test_every_element_may_have_former_names() -> None:
    system, codes = lowered(
        "types:\n"
        "  Money: { renamed_from: Price, fields: { amount: decimal renamed_from=value } }\n"
        "  Mood: { enum: { fine: { renamed_from: [good, ok] } } }\n"
        "entities:\n"
        "  Task:\n"
        "    renamed_from: [Todo, old.Todo]\n"
        "    fields: { cost: Money, mood: Mood, name: str renamed_from=title }\n"
        "    children: { lines: { renamed_from: rows, fields: { a: str } } }\n"
    )

    money, mood = system.types["shop.Money"], system.types["shop.Mood"]
    assert isinstance(money, ObjectType)
    assert isinstance(mood, EnumType)
    task = system.entities["shop.Task"]
    assert codes == []
    assert (money.renamed_from, money.fields[0].renamed_from) == (("Price",), ("value",))
    assert mood.members[0].renamed_from == ("good", "ok")
    assert task.renamed_from == ("Todo", "old.Todo")
    assert [f.renamed_from for f in task.fields if f.name.text == "name"] == [("title",)]
    assert task.children[0].renamed_from == ("rows",)


def test_a_ref_to_one_of_several_was_several_fields() -> None:
    system, _ = lowered(
        "entities:\n"
        "  A: { fields: { x: str } }\n"
        "  B: { fields: { x: str } }\n"
        "  C: { fields: { owner: ref(A|B) renamed_from=holder } }\n"
    )

    names = [(f.name.text, f.renamed_from) for f in system.entities["shop.C"].fields]
    assert ("owner_a", ("holder_a",)) in names
    assert ("owner_b", ("holder_b",)) in names


def test_where_renamed_from_stands_is_known() -> None:
    field, _ = field_of("str renamed_from=y")

    assert field.renamed_at is not None
    assert (field.renamed_at.line, field.renamed_at.column) == (9, 27)


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ("int backfill=3", 3),
        ("bool backfill=false", False),
        ("date backfill=2026-01-31", date(2026, 1, 31)),
        ("decimal backfill=1.50", Decimal("1.50")),
        ("enum(a|b) backfill=b", "b"),
        ("{ type: text, backfill: '-' }", "-"),
        ('{ type: str, backfill: "n" }', "n"),
        ("{ type: list(str), backfill: [a] }", ["a"]),
    ],
)
def test_a_backfill_is_a_value_of_the_type(declaration: str, value: object) -> None:
    field, codes = field_of(declaration)

    assert codes == []
    assert field.backfill == LiteralDefault(value=value)  # type: ignore[arg-type]


def test_a_backfill_may_be_the_day_of_the_migration() -> None:
    assert field_of("date backfill=today")[0].backfill is DynamicDefault.TODAY


@pytest.mark.parametrize(
    ("declaration", "source"),
    [
        ("int backfill=n", "n"),
        ("str backfill=s", "s"),
        ("{ type: int, backfill: n * 2 + 1 }", "n * 2 + 1"),
        ("{ type: int, backfill: n if n > 0 else 0 }", "n if n > 0 else 0"),
        ("""{ type: text, backfill: "'none'" }""", "'none'"),
    ],
)
def test_a_backfill_may_be_a_rule_of_its_row(declaration: str, source: str) -> None:
    field, codes = field_of(declaration)

    assert codes == []
    assert isinstance(field.backfill, TypedExpr)
    assert field.backfill.source == source


def test_a_backfill_of_a_value_object_reads_its_other_fields() -> None:
    system, codes = lowered(
        "types: { Money: { fields: { amount: int, tax: int backfill=amount } } }\n"
        "entities: { Task: { fields: { cost: Money } } }\n"
    )

    money = system.types["shop.Money"]
    assert isinstance(money, ObjectType)
    assert codes == []
    assert isinstance(money.fields[1].backfill, TypedExpr)


@pytest.mark.parametrize(
    ("declaration", "code"),
    [
        ("int(0..5) backfill=9", "AG208"),
        ("int backfill=zzz", "AG423"),
        ("bool backfill=n", "AG424"),
        ("{ type: date, backfill: d }", "AG425"),
        ("{ type: list(str), backfill: {} }", "AG208"),
        ("{ type: int, computed: n, backfill: 1 }", "AG210"),
        ("{ type: str, backfill: [a] }", "AG208"),
        # The two databases do not agree on letters beyond ASCII.
        ("{ type: text, backfill: upper(s) }", "AG430"),
    ],
)
def test_what_can_not_fill_a_field_is_refused(declaration: str, code: str) -> None:
    _, codes = field_of(declaration)

    assert codes == [code]


@pytest.mark.parametrize("word", ["strict", "warn", "off"])
def test_compat_is_one_of_three(word: str) -> None:
    system, codes = lowered(
        f"api: {{ compat: {word} }}\nentities: {{ Task: {{ fields: {{ x: str }} }} }}\n"
    )

    assert (codes, system.api.compat) == ([], word)


def test_compat_is_warn_by_itself() -> None:
    system, _ = lowered("entities: { Task: { fields: { x: str } } }\n")

    assert system.api.compat == "warn"
