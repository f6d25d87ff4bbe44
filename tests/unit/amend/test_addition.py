"""Adding an entity or a field: where it lands, and what is refused."""

from collections.abc import Callable

import pytest

from apigen.amend.addition import add_entity, add_field
from apigen.amend.amendment import RefusedError
from apigen.diagnostics import Diagnostic, Span
from tests.unit.amend.specs import SHOP, spec_of_texts, texts_of

PARTS = """\
apigen: 1
app: shop
include: [sales.yaml, stock.yaml]
contexts:
  people:
    entities:
      Person: { fields: { name: str(1..9) } }
"""
SALES = (
    "apigen: 1\r\ncontext: sales\r\nentities:\r\n    Sale:\r\n        fields:\r\n            n: int"
)
STOCK = "apigen: 1\ncontext: stock\ntypes: { Code: str(2..4) }\n"


def _refused(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        act()
    return f"{caught.value} | {caught.value.help}"


def test_an_entity_comes_last_with_the_blank_line_its_neighbours_have() -> None:
    amended = add_entity(texts_of(SHOP), "Note", None, ["text: str(1..9)", "pinned: bool = false"])

    entity = "\n  Note:\n    fields:\n      text: str(1..9)\n      pinned: bool = false\n"
    assert amended.texts["apigen.yaml"] == SHOP.replace("seeds:\n", f"{entity}seeds:\n")


def test_an_entity_lands_in_the_file_of_its_context() -> None:
    texts = texts_of(PARTS, sales=SALES, stock=STOCK)

    sale = add_entity(texts, "Refund", "sales", ["n: int"]).texts
    stock = add_entity(texts, "Bin", "stock", ["code: Code"]).texts
    person = add_entity(texts, "Pet", "people", ["n: int"]).texts

    added = "\r\n    Refund:\r\n        fields:\r\n            n: int"
    assert sale == {**texts, "sales.yaml": SALES + added}
    added = "entities:\n  Bin:\n    fields:\n      code: Code\n"
    assert stock == {**texts, "stock.yaml": STOCK + added}
    added = "      Pet:\n        fields:\n          n: int\n"
    assert person == {**texts, "apigen.yaml": PARTS + added}
    for edited in (sale, stock, person):
        spec_of_texts(edited)


def test_an_entity_is_refused_with_the_way_out() -> None:
    texts = texts_of(PARTS, sales=SALES, stock=STOCK)

    assert _refused(lambda: add_entity(texts, "Sale", "sales", ["n: int"])) == (
        "`Sale` is there already, at sales.yaml:4 | "
        "`apigen add-field Sale 'name: type'` adds a field to it"
    )
    assert _refused(lambda: add_entity(texts, "Bin", "stok", ["n: int"])) == (
        "no context named `stok` | did you mean `stock`?"
    )
    assert _refused(lambda: add_entity(texts, "Bin", None, ["n: int"])) == (
        "the spec has several contexts | say which: --context people (`people`, `sales`, `stock`)"
    )
    assert _refused(lambda: add_entity(texts, "bin_item", "stock", ["n: int"])) == (
        "entity names are PascalCase, not `bin_item` | did you mean `BinItem`?"
    )
    assert _refused(lambda: add_entity(texts, "Bin", "stock", [])) == (
        "an entity needs a field | --field 'title: str(1..80)'"
    )
    assert _refused(lambda: add_entity(texts, "Bin", "stock", ["n int"])) == (
        "cannot read the field `n int` | write `name: type`, such as `due_on: date?`"
    )
    assert _refused(lambda: add_entity(texts, "Bin", "stock", ["n: int", "n: str"])) == (
        "the field `n` is given twice | "
    )


@pytest.mark.parametrize(
    ("entity", "old", "new"),
    [
        (
            "Order",
            "      is_paid: bool := status == paid\n",
            "      is_paid: bool := status == paid\n      note: str(9)?\n",
        ),
        ("shop.Customer", "email: email unique }", "email: email unique, note: str(9)? }"),
        ("OrderLine", "quantity: int(1..) = 1 }", "quantity: int(1..) = 1, note: str(9)? }"),
        ("Order.OrderLine", "quantity: int(1..) = 1 }", "quantity: int(1..) = 1, note: str(9)? }"),
        ("Order.lines", "quantity: int(1..) = 1 }", "quantity: int(1..) = 1, note: str(9)? }"),
        ("Money", "currency: currency = EUR }", "currency: currency = EUR, note: str(9)? }"),
    ],
)
def test_a_field_comes_last_in_what_has_it(entity: str, old: str, new: str) -> None:
    amended = add_field(texts_of(SHOP), entity, " note :  str(9)? ")

    assert amended.texts["apigen.yaml"] == SHOP.replace(old, new)


def test_an_entity_of_mixins_alone_gets_fields() -> None:
    text = "apigen: 1\napp: s\nmixins: { M: { fields: { a: int } } }\nentities:\n  E:\n    use: M\n"

    amended = add_field(texts_of(text), "E", "b: int")

    assert amended.texts["apigen.yaml"] == text + "    fields:\n      b: int\n"


def test_a_field_is_refused_with_the_way_out() -> None:
    texts = texts_of(SHOP)

    assert _refused(lambda: add_field(texts, "Ordr", "n: int")) == (
        "no entity named `Ordr` | did you mean `Order`?"
    )
    assert _refused(lambda: add_field(texts, "Order", "status: int")) == (
        "`Order` has a field `status` already, at apigen.yaml:17 | "
    )
    assert _refused(lambda: add_field(texts, "Order", "lines: int")) == (
        "`Order` has a collection `lines` already | "
    )
    assert _refused(lambda: add_field(texts, "Status", "lines: int")) == (
        "`Status` has no fields | entities, children and value objects have"
    )
    text = (
        "apigen: 1\napp: s\nmixins: { M: { fields: { a: int } } }\nentities: { E: { use: [M] } }\n"
    )
    assert _refused(lambda: add_field(texts_of(text), "E", "a: int")) == (
        "`E` has a field `a` already, from mixin `M` | "
    )


@pytest.mark.parametrize("text", ["when: Dat", "when: 'Dat'", 'when: enum(a|b) = "Dat"'])
def test_a_finding_points_into_what_was_typed(text: str) -> None:
    amended = add_field(texts_of(SHOP), "Customer", text)
    new = amended.texts["apigen.yaml"]
    line = next(number for number, one in enumerate(new.splitlines(), 1) if "Dat" in one)
    column = new.splitlines()[line - 1].index("Dat") + 1
    span = Span(file="apigen.yaml", line=line, column=column, end_line=line, end_column=column + 3)

    (found,) = amended.pointed([Diagnostic(code="AG201", message="unknown", span=span)])

    at = text.index("Dat") + 1
    assert found.span == Span(file="FIELD", line=1, column=at, end_line=1, end_column=at + 3)


def test_a_finding_elsewhere_keeps_its_place() -> None:
    amended = add_field(texts_of(SHOP), "Customer", "when: date")
    span = Span(file="apigen.yaml", line=1, column=1, end_line=1, end_column=3)
    found = Diagnostic(code="AG001", message="unknown", span=span)

    assert amended.pointed([found]) == (found,)
