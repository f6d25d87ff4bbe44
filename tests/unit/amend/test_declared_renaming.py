"""The commands that rename: they say what was, so that rows and code come along."""

from collections.abc import Callable

import pytest

from apigen.amend.amendment import RefusedError
from apigen.amend.declared_renaming import rename_entity, rename_field
from tests.unit.amend.specs import SHOP, spec_of_texts, texts_of


def _refused(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        act()
    return f"{caught.value} | {caught.value.help}"


def test_an_entity_says_its_former_name() -> None:
    amended = rename_entity(texts_of(SHOP), "Customer", "Client")

    wanted = (
        SHOP.replace("  Customer:\n", "  Client:\n    renamed_from: Customer\n")
        .replace("ref(Customer)", "ref(Client)")
        .replace("    Customer: [{", "    Client: [{")
    )
    assert amended.texts["apigen.yaml"] == wanted


def test_a_field_string_says_its_former_name_before_its_default() -> None:
    amended = rename_field(texts_of(SHOP), "Order", "status", "state")

    assert "      state: Status renamed_from=status = draft\n" in amended.texts["apigen.yaml"]
    spec = spec_of_texts(amended.texts)
    fields = {one.name.text: one for one in spec.system.entities["shop.Order"].fields}
    assert fields["state"].renamed_from == ("status",)


@pytest.mark.parametrize("written", ["", "field: status, "])
def test_the_field_of_a_lifecycle_says_its_former_name_there(written: str) -> None:
    text = f"""\
apigen: 1
app: shop
entities:
  Order:
    fields: {{ number: str }}
    lifecycle: {{ {written}states: [open, paid] }}
    commands: {{ pay: {{ moves: open -> paid }} }}
    queries: {{ unpaid: {{ where: status == open, sort: [status] }} }}
"""
    amended = rename_field(texts_of(text), "Order", "status", "state")

    now = "renamed_from: status, field: state, states"
    wanted = text.replace(f"{written}states", now).replace("where: status", "where: state")
    assert amended.texts["apigen.yaml"] == wanted.replace("[status]", "[state]")
    spec = spec_of_texts(amended.texts)
    lifecycle = spec.system.entities["shop.Order"].lifecycle
    assert lifecycle is not None
    assert lifecycle.field == "state"


def test_a_computed_field_and_one_of_a_value_object_too() -> None:
    texts = rename_field(texts_of(SHOP), "Order", "is_paid", "paid_up").texts
    texts = rename_field(texts, "Money", "amount", "sum").texts
    texts = rename_field(texts, "Order.lines", "quantity", "number").texts

    text = texts["apigen.yaml"]
    assert "      paid_up: bool renamed_from=is_paid := status == paid\n" in text
    assert "{ sum: decimal(0..) renamed_from=amount, currency: currency = EUR }" in text
    assert "number: int(1..) renamed_from=quantity = 1 }" in text


def test_a_field_written_as_a_mapping_has_a_key_more() -> None:
    text = SHOP.replace("price: Money", "price:\n        # net\n        type: Money")

    amended = rename_field(texts_of(text), "Order", "price", "amount")

    wanted = "      amount:\n        renamed_from: price\n        # net\n        type: Money\n"
    assert wanted in amended.texts["apigen.yaml"]


def test_a_second_rename_takes_the_place_of_the_first() -> None:
    once = rename_field(texts_of(SHOP), "Order", "status", "state")

    twice = rename_field(once.texts, "Order", "state", "phase")

    assert "      phase: Status renamed_from=state = draft\n" in twice.texts["apigen.yaml"]


def test_a_name_that_no_run_has_seen_is_no_former_name() -> None:
    """The last run called it `status`; `state` was never in the database."""
    past = texts_of(SHOP)
    once = rename_field(past, "Order", "status", "state", past=past)

    twice = rename_field(once.texts, "Order", "state", "phase", past=past)

    assert "      phase: Status renamed_from=status = draft\n" in twice.texts["apigen.yaml"]


def test_an_entity_that_no_run_has_seen_is_simply_called_differently() -> None:
    past = texts_of(SHOP.replace("\n  Order:", "\n  Purchase:"))

    amended = rename_entity(texts_of(SHOP), "Order", "Sale", past=past)

    assert amended.texts["apigen.yaml"] == SHOP.replace("\n  Order:", "\n  Sale:")


def test_a_child_is_renamed_by_its_class_and_by_its_collection() -> None:
    by_class = rename_entity(texts_of(SHOP), "OrderLine", "OrderItem").texts["apigen.yaml"]
    by_name = rename_field(texts_of(SHOP), "Order", "lines", "items").texts["apigen.yaml"]

    # A class that follows from its collection by itself would need no `entity`.
    assert "lines: { entity: OrderItem, renamed_from: OrderLine, fields:" in by_class or (
        "lines: { renamed_from: OrderLine, entity: OrderItem, fields:" in by_class
    )
    assert "items: { renamed_from: lines, fields:" in by_name
    assert "for line in items)" in by_name


def test_what_the_spec_says_explicitly_stays_and_is_told() -> None:
    text = SHOP.replace("    api: { expand: [orders] }", "    table: people\n    plural: Folk")

    amended = rename_entity(texts_of(text), "Customer", "Client")

    assert amended.notes == (
        "`plural: Folk` stays as the spec has it.",
        "`table: people` stays as the spec has it.",
    )
    assert rename_entity(texts_of(SHOP), "Order", "Sale").notes == (
        "`inverse=orders` of `customer` stays as the spec has it.",
    )


def test_a_rename_is_refused_with_the_way_out() -> None:
    texts = texts_of(SHOP)

    assert _refused(lambda: rename_entity(texts, "Custmer", "Client")) == (
        "no entity named `Custmer` | did you mean `Customer`?"
    )
    assert _refused(lambda: rename_entity(texts, "Customer", "Order")) == (
        "`Order` is there already, at apigen.yaml:14 | "
    )
    assert _refused(lambda: rename_entity(texts, "Customer", "client")) == (
        "names of entities and types are PascalCase, not `client` | "
    )
    assert _refused(lambda: rename_entity(texts, "Customer", "people.Client")) == (
        "`Customer` belongs to `shop` | a rename leaves it there"
    )
    assert _refused(lambda: rename_entity(texts, "Customer", "Customer")) == (
        "`Customer` is its name already | "
    )
    assert _refused(lambda: rename_field(texts, "Order", "statu", "state")) == (
        "`Order` has no field `statu` | did you mean `status`?"
    )
    assert _refused(lambda: rename_field(texts, "Order", "status", "price")) == (
        "`Order` has a field `price` already | "
    )
    assert _refused(lambda: rename_field(texts, "Order", "status", "theState")) == (
        "field names are snake_case, not `theState` | "
    )


def test_a_field_of_a_mixin_is_renamed_at_the_mixin() -> None:
    text = (
        "apigen: 1\napp: s\nmixins: { M: { fields: { a: int } } }\nentities: { E: { use: [M] } }\n"
    )

    assert _refused(lambda: rename_field(texts_of(text), "E", "a", "b")) == (
        "`a` of `E` comes from mixin `M` | name the mixin instead: `M`"
    )
    amended = rename_field(texts_of(text), "M", "a", "b")
    assert amended.texts["apigen.yaml"] == text.replace("a: int", "b: int renamed_from=a")
    assert amended.notes == ("Mixin `M` is used by `E`.",)
