"""Removing an entity or a field: nothing else goes, and what is needed stays."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from apigen.amend.amendment import RefusedError
from apigen.amend.declared import holders
from apigen.amend.removal import remove_entity, remove_field
from tests.unit.amend.specs import SHOP, spec_of_texts, texts_of

BARE = SHOP.partition("seeds:")[0]
BEHAVIOUR = sorted((Path(__file__).parent / "specs_of_behaviour").glob("*.yaml"))


def _places(error: RefusedError) -> list[str]:
    return [f"{place.span.line}:{place.span.column} {place.text}" for place in error.places]


def test_an_entity_goes_and_nothing_else() -> None:
    text = BARE.replace("    api: { expand: [orders] }\n", "")
    first, _, rest = text.partition("\n  Order:\n")

    amended = remove_entity(texts_of(text), "Order")

    assert rest
    assert amended.texts["apigen.yaml"] == first + "\n"
    spec_of_texts(amended.texts)
    assert amended.removal is not None
    assert amended.removal.symbols == {"shop.Order", "shop.OrderLine"}


def test_an_entity_that_others_name_stays_and_the_places_are_told() -> None:
    with pytest.raises(RefusedError) as caught:
        remove_entity(texts_of(SHOP), "Customer")

    assert str(caught.value) == "`Customer` is still needed"
    assert _places(caught.value) == [
        "16:21 `Customer`: the type of a field",
        "25:32 `name`: `api`",
    ]


def test_back_navigation_from_another_entity_holds_an_entity() -> None:
    with pytest.raises(RefusedError) as caught:
        remove_entity(texts_of(BARE), "Order")

    assert _places(caught.value) == ["12:21 `orders`: `api`"]


def test_a_child_goes_with_its_collection_and_the_empty_mapping_around_it() -> None:
    text = BARE.replace("sum(line.quantity for line in lines) < 100 and ", "")

    amended = remove_entity(texts_of(text), "Order.OrderLine")

    gone = (
        "    children:\n      lines: { fields: { product: str(1..80), quantity: int(1..) = 1 } }\n"
    )
    assert amended.texts["apigen.yaml"] == text.replace(gone, "")


def test_a_field_that_nothing_names_goes() -> None:
    amended = remove_field(texts_of(SHOP), "OrderLine", "product")

    assert amended.texts["apigen.yaml"] == SHOP.replace("product: str(1..80), ", "")
    assert amended.removal is not None
    assert amended.removal.symbols == {"shop.OrderLine.product"}


def test_a_field_that_is_named_stays_and_the_places_are_told() -> None:
    with pytest.raises(RefusedError) as caught:
        remove_field(texts_of(SHOP), "Order", "status")

    assert _places(caught.value) == [
        "19:24 `status`: a rule",
        "22:29 `status`: the key, an index or a uniqueness",
        "25:74 `status`: `api`",
    ]


def test_a_collection_is_not_removed_as_a_field() -> None:
    with pytest.raises(RefusedError) as caught:
        remove_field(texts_of(SHOP), "Order", "lines")

    assert caught.value.help == "`apigen remove-entity Order.OrderLine` removes both"


def test_what_is_not_there_is_told_with_what_is_near() -> None:
    with pytest.raises(RefusedError, match="no entity named `Custmer`") as entity:
        remove_entity(texts_of(SHOP), "Custmer")
    with pytest.raises(RefusedError, match="`Order` has no field `stat`") as field:
        remove_field(texts_of(SHOP), "Order", "stat")

    assert entity.value.help == "did you mean `Customer`?"
    assert field.value.help == "did you mean `status`?"


SEEDED = """\
apigen: 1
app: shop
types:
  Money: { fields: { amount: int, unit: str(1..3)? } }
entities:
  Tag: { fields: { name: str(1..9), note: str? } }
  Order:
    fields: { number: str(1..20), note: str?, price: Money? }
    children:
      lines: { fields: { sku: str(1..9), note: str? } }
seeds:
  dev:
    Tag: [{ note: x, name: red }]
    Order:
      - number: A-1  # the first
        note: soon
        price: { amount: 1, unit: EUR }
        lines: [{ sku: a, note: n }, { sku: b }]
      - note: later
        number: A-2
        lines:
          - sku: c
            note: m
  demo:
    Order:
      - { number: A-3, note: "x" }
"""


def _less(text: str, *parts: str) -> str:
    for part in parts:
        assert text.count(part) == 1, part
        text = text.replace(part, "")
    return text


def test_values_of_a_field_go_from_the_seed_rows_too() -> None:
    amended = remove_field(texts_of(SEEDED), "Order", "note")

    assert amended.texts["apigen.yaml"] == _less(
        SEEDED.replace("- note: later\n        number", "- number"),
        " note: str?,",
        "        note: soon\n",
        ', note: "x"',
    )
    assert amended.notes == ("Seed rows lose what goes, in 3 places of the spec.",)
    spec_of_texts(amended.texts)


def test_values_inside_rows_go_too() -> None:
    part = remove_field(texts_of(SEEDED), "Money", "unit").texts["apigen.yaml"]
    line = remove_field(texts_of(SEEDED), "OrderLine", "note").texts["apigen.yaml"]

    assert part == _less(SEEDED, ", unit: str(1..3)?", ", unit: EUR")
    assert line == _less(SEEDED, ", note: n", "            note: m\n").replace(
        "sku: str(1..9), note: str?", "sku: str(1..9)"
    )


def test_the_rows_of_an_entity_go_with_it_and_an_empty_set_too() -> None:
    tag = remove_entity(texts_of(SEEDED), "Tag").texts["apigen.yaml"]
    order = remove_entity(texts_of(SEEDED), "Order").texts["apigen.yaml"]

    assert tag == _less(
        SEEDED,
        "  Tag: { fields: { name: str(1..9), note: str? } }\n",
        "    Tag: [{ note: x, name: red }]\n",
    )
    assert order.endswith("seeds:\n  dev:\n    Tag: [{ note: x, name: red }]\n")
    spec_of_texts({"apigen.yaml": order})


def test_the_collection_of_a_child_goes_from_the_seed_rows_too() -> None:
    amended = remove_entity(texts_of(SEEDED), "Order.OrderLine").texts["apigen.yaml"]

    assert "lines" not in amended
    assert "- number: A-1  # the first\n" in amended
    spec_of_texts({"apigen.yaml": amended})


def test_values_in_a_file_of_rows_are_told() -> None:
    text = SEEDED.partition("seeds:")[0] + "seeds: { dev: { Order: rows.json } }\n"
    texts = {**texts_of(text), "rows.json": '[{"number": "A", "note": "x"}]'}

    with pytest.raises(RefusedError) as caught:
        remove_field(texts, "Order", "note")

    assert [place.span.file for place in caught.value.places] == ["rows.json"]


def test_a_row_that_others_share_is_told() -> None:
    text = SEEDED.replace("{ number: A-3", "&row { number: A-3") + "      - *row\n"

    with pytest.raises(RefusedError, match="edited"):
        remove_field(texts_of(text), "Order", "note")


def _without(texts: Mapping[str, str], entity: str, field: str | None) -> Mapping[str, str]:
    if field is None:
        return remove_entity(texts, entity).texts
    return remove_field(texts, entity, field).texts


def _refused(text: str, entity: str, field: str | None = None) -> list[str]:
    """Return what holds an entity or a field, by line and in words."""
    with pytest.raises(RefusedError) as caught:
        _without(texts_of(text), entity, field)
    return [f"{place.span.line} {place.text}" for place in caught.value.places]


def test_behaviour_holds_what_it_names() -> None:
    """Events, commands, sources, policies; what is in the entity itself goes with it."""
    notes = next(path for path in BEHAVIOUR if path.stem == "notes").read_text(encoding="utf-8")

    assert _refused(notes, "Bell") == ["37 `Rung`: a reaction", "37 `tone`: a rule"]
    assert _refused(notes, "Horn") == [
        "38 `Horn`: a reaction",
        "38 `blow`: a reaction",
        "41 `Horn`: the type of a field",
        "43 `Horn`: the type of a field",
    ]
    assert _refused(notes, "Sign")[0] == "45 `Sign`: `of`"
    assert _refused(notes, "Lamp") == ["9 `label`: a rule"]
    assert "9 `Note`: a rule" in _refused(notes, "Note")
    assert "48 `Note`: `of`" in _refused(notes, "Note")


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ("owner", [8]),
        ("title", [9, 49]),
        ("stars", [14, 14, 14, 14, 17]),
        ("kind", [20, 20]),
        ("weight", [15, 49]),
        ("due", [21]),
    ],
)
def test_behaviour_holds_the_fields_it_names(field: str, lines: list[int]) -> None:
    """In policies, guards, assignments, events, queries, access and projections."""
    notes = next(path for path in BEHAVIOUR if path.stem == "notes").read_text(encoding="utf-8")

    assert [int(place.partition(" ")[0]) for place in _refused(notes, "Note", field)] == lines


@pytest.mark.parametrize("root", BEHAVIOUR, ids=lambda path: path.stem)
def test_whatever_goes_leaves_a_spec_that_is_right(root: Path) -> None:
    """Every entity and every field either stays, with the places that need it, or goes."""
    texts = texts_of(root.read_text(encoding="utf-8"))
    gone = held = 0
    for holder in holders(spec_of_texts(texts)):
        whole = (None,) if holder.kind in ("entity", "child") else ()
        for field in (*whole, *(one.name.value for one in holder.fields or ())):
            try:
                left = _without(texts, holder.short, field)
            except RefusedError as refused:
                held += bool(refused.places)
                continue
            gone += 1
            spec_of_texts(left)
    assert gone
    assert held
