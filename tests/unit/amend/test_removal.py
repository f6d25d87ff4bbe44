"""Removing an entity or a field: nothing else goes, and what is needed stays."""

import pytest

from apigen.amend.amendment import RefusedError
from apigen.amend.removal import remove_entity, remove_field
from tests.unit.amend.specs import SHOP, spec_of_texts, texts_of

BARE = SHOP.partition("seeds:")[0]


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
        "28:5 `Customer`: seed rows",
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
