"""Renaming in a spec: the declaration, every reference, and nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from apigen.amend.renaming import renamed
from apigen.amend.spec import Spec, read_spec
from tests.unit.amend.specs import SHOP, Renamed, spec_of_texts, texts_of


def _renamed(text: str, *renames: Renamed) -> str:
    return renamed(texts_of(text), renames)["apigen.yaml"]


def test_an_entity_is_renamed_where_it_is_declared_and_where_it_is_referred_to() -> None:
    text = _renamed(SHOP, Renamed(kind="entity", old="shop.Customer", new="shop.Client"))

    wanted = (
        SHOP.replace("  Customer:\n", "  Client:\n")
        .replace("ref(Customer)", "ref(Client)")
        .replace("    Customer: [{", "    Client: [{")
    )
    assert text == wanted


def test_the_class_of_a_child_follows_its_owner() -> None:
    text = SHOP + "  test: {}\n"
    text = text.replace("unique }", "unique, last_line: id(OrderLine)? }", 1)

    edited = _renamed(text, Renamed(kind="entity", old="shop.Order", new="shop.Purchase"))

    assert "last_line: id(PurchaseLine)?" in edited
    assert "  Purchase:\n" in edited


def test_a_list_that_names_what_follows_means_the_same() -> None:
    renames = [Renamed(kind="entity", old="shop.Order", new="shop.Purchase")]
    more = [
        Renamed(kind="child", old="shop.OrderLine", new="shop.PurchaseLine"),
        Renamed(kind="field", old="shop.Order.status", new="shop.Purchase.status"),
    ]

    assert _renamed(SHOP, *renames, *more) == _renamed(SHOP, *renames)


def test_a_class_that_no_longer_follows_from_its_collection_is_named() -> None:
    edited = _renamed(SHOP, Renamed(kind="child", old="shop.OrderLine", new="shop.Item"))

    assert "lines: { entity: Item, fields:" in edited
    assert "shop.Item" in spec_of_texts(texts_of(edited)).system.children


def test_a_field_is_renamed_in_keys_rules_and_the_api() -> None:
    edited = _renamed(
        SHOP,
        Renamed(kind="field", old="shop.Order.status", new="shop.Order.state"),
        Renamed(kind="field", old="shop.Money.amount", new="shop.Money.sum"),
        Renamed(kind="field", old="shop.OrderLine.quantity", new="shop.OrderLine.count"),
    )

    wanted = (
        SHOP.replace("      status: Status", "      state: Status")
        .replace("status == paid", "state == paid")
        .replace("[[customer_id, status]]", "[[customer_id, state]]")
        .replace("sort: [status]", "sort: [state]")
        .replace("{ amount: decimal", "{ sum: decimal")
        .replace("value: amount", "value: sum")
        .replace("price.amount", "price.sum")
        .replace("quantity: int", "count: int")
        .replace("line.quantity", "line.count")
    )
    assert edited == wanted


def test_a_ref_is_renamed_under_both_of_its_names() -> None:
    rename = Renamed(kind="field", old="shop.Order.customer", new="shop.Order.buyer")

    edited = _renamed(SHOP, rename)

    assert "      buyer: ref(Customer) inverse=orders\n" in edited
    assert "indexes: [[buyer_id, status]]" in edited
    assert "filters: { buyer.name: [eq]" in edited
    assert "expand: [orders]" in edited


def test_a_member_is_told_from_a_field_of_the_same_name() -> None:
    text = SHOP.replace("is_paid: bool := status == paid", "draft: bool := status == paid")

    edited = _renamed(
        text,
        Renamed(kind="member", old="shop.Status.draft", new="shop.Status.new"),
        Renamed(kind="member", old="shop.Status.paid", new="shop.Status.settled"),
    )

    assert "enum: [new, settled]" in edited
    assert "status: Status = new\n" in edited
    assert "draft: bool := status == settled" in edited


def test_a_collection_is_renamed_in_rules() -> None:
    rename = Renamed(kind="collection", old="shop.Order.lines", new="shop.Order.items")

    edited = _renamed(SHOP, rename)

    assert "      items: { fields: { product" in edited
    assert "for line in items)" in edited


def test_a_type_is_renamed_where_it_is_used() -> None:
    edited = _renamed(SHOP, Renamed(kind="type", old="shop.Money", new="shop.Amount"))

    assert "  Amount:  # an amount\n" in edited
    assert "      price: Amount\n" in edited


def test_two_names_can_be_swapped() -> None:
    edited = _renamed(
        SHOP,
        Renamed(kind="field", old="shop.Customer.name", new="shop.Customer.email"),
        Renamed(kind="field", old="shop.Customer.email", new="shop.Customer.name"),
    )

    assert "{ email: str(1..80) search, name: email unique }" in edited
    assert "{ email: Ada, name: ada@example.org }" in edited


def test_line_ends_and_a_missing_last_one_stay() -> None:
    text = SHOP.replace("\n", "\r\n").removesuffix("\r\n")
    rename = Renamed(kind="field", old="shop.Money.amount", new="shop.Money.sum")

    edited = _renamed(text, rename)

    assert edited == _renamed(SHOP, rename).replace("\n", "\r\n").removesuffix("\r\n")


def test_what_the_spec_does_not_have_is_passed_over() -> None:
    rename = Renamed(kind="field", old="shop.Nobody.name", new="shop.Nobody.title")

    assert _renamed(SHOP, rename) == SHOP


def test_a_field_of_a_mixin_is_renamed_for_all_who_use_it() -> None:
    text = """\
apigen: 1
app: shop
mixins: { Coded: { fields: { code: str(1..9) }, indexes: [[code]] } }
entities:
  A: { use: Coded, invariants: { long: len(code) > 2 } }
  B: { use: Coded, fields: { a: ref(A) }, api: { filters: { a.code: [eq] } } }
"""
    edited = _renamed(text, Renamed(kind="field", old="shop.A.code", new="shop.A.key"))

    assert edited == text.replace("code", "key")


def test_a_mixin_that_nobody_uses_names_types_too() -> None:
    text = SHOP + "mixins: { Owned: { fields: { owner: ref(Customer) } } }\n"

    edited = _renamed(text, Renamed(kind="entity", old="shop.Customer", new="shop.Client"))

    assert "owner: ref(Client) } } }\n" in edited


def test_names_made_of_a_target_follow_it() -> None:
    text = """\
apigen: 1
app: shop
entities:
  A: { fields: { n: int } }
  B: { fields: { n: int } }
  C:
    fields: { owner: ref(A|B) }
    invariants: { one: owner_a_id is not None or owner_b_id is not None }
    api: { expand: [owner_a, owner_b] }
"""
    edited = _renamed(
        text,
        Renamed(kind="entity", old="shop.A", new="shop.Person"),
        Renamed(kind="field", old="shop.C.owner", new="shop.C.holder"),
    )

    assert "holder: ref(Person|B)" in edited
    assert "holder_person_id is not None or holder_b_id is not None" in edited
    assert "expand: [holder_person, holder_b]" in edited
    spec_of_texts(texts_of(edited))


def test_names_are_found_in_every_way_of_writing_a_value() -> None:
    text = """\
apigen: 1
app: shop
x-of: &of ref(Person)
entities:
  Person: { fields: { "given": 'str(1..9)', "age": int } }
  Pet:
    id: { type: natural(tag) }
    fields:
      tag: str(1..9) immutable
      owner: *of
      first: { type: "ref(Person)?" }
      "size": "int\\u0020min=1"
    invariants:
      folded: >-
        size > 1
        and len(tag) > 2
      escaped: "size\\u0020> 2 and\\
        \\ size < 9"
"""
    edited = _renamed(
        text,
        Renamed(kind="entity", old="shop.Person", new="shop.Human"),
        Renamed(kind="field", old="shop.Pet.size", new="shop.Pet.width"),
        Renamed(kind="field", old="shop.Pet.tag", new="shop.Pet.mark"),
    )

    spec = spec_of_texts(texts_of(edited))
    assert "x-of: &of ref(Human)\n" in edited
    assert "id: { type: natural(mark) }" in edited
    assert "        width > 1\n        and len(mark) > 2\n" in edited
    assert [rule.expr.source for rule in spec.system.entities["shop.Pet"].invariants] == [
        "width > 1 and len(mark) > 2",
        "width > 2 and width < 9",
    ]


def test_included_files_contexts_and_seed_files_are_renamed_too() -> None:
    root = """\
apigen: 1
app: shop
include: [parts/*.yaml]
contexts: { sales: { uses: [people] } }
seeds: { dev: { sales.Order: rows.json } }
"""
    people = "apigen: 1\ncontext: people\nentities:\n  Person: { fields: { name: str(1..9) } }\n"
    sales = """\
apigen: 1
context: sales
entities:
  Order:
    fields: { buyer_id: id(people.Person), total: int }
    children: { lines: { fields: { count: int } } }
"""
    rows = json.dumps([{"total": 1, "lines": [{"count": 2}, {"count": 3}]}], indent=1)
    texts = {
        "apigen.yaml": root,
        "parts/people.yaml": people,
        "parts/sales.yaml": sales,
        "rows.json": rows,
    }

    edited = renamed(
        texts,
        [
            Renamed(kind="entity", old="people.Person", new="people.Human"),
            Renamed(kind="entity", old="sales.Order", new="sales.Sale"),
            Renamed(kind="field", old="sales.Order.total", new="sales.Sale.sum"),
            Renamed(kind="field", old="sales.OrderLine.count", new="sales.SaleLine.number"),
        ],
    )

    assert list(edited) == list(texts)
    assert "sales.Sale: rows.json" in edited["apigen.yaml"]
    assert edited["parts/people.yaml"] == people.replace("Person", "Human")
    assert "buyer_id: id(people.Human), sum: int" in edited["parts/sales.yaml"]
    assert edited["rows.json"] == rows.replace("total", "sum").replace("count", "number")


SPECS = Path(__file__).parents[2] / "generated" / "specs"
BEHAVIOUR = Path(__file__).parent / "specs_of_behaviour"


def _committed() -> list[Path]:
    examples = (SPECS.parents[2] / "specs").glob("*.yaml")
    return sorted((*SPECS.glob("*.yaml"), *examples, *BEHAVIOUR.glob("*.yaml")))


def _texts(root: Path) -> Mapping[str, str]:
    texts = {root.name: root.read_text(encoding="utf-8")}
    for place in sorted((root.parent / root.stem).rglob("*.yaml")):
        texts[place.relative_to(root.parent).as_posix()] = place.read_text(encoding="utf-8")
    return texts


@pytest.mark.parametrize("root", _committed(), ids=lambda root: root.stem)
def test_every_name_of_every_spec_can_be_changed_and_changed_back(root: Path) -> None:
    """A name that is missed somewhere is an error of the renamed spec; there is none."""
    texts = _texts(root)
    system = spec_of_texts(texts).system
    there: list[Renamed] = []
    back: list[Renamed] = []
    for kind, named in (("entity", system.entities), ("type", system.types)):
        for qname in named:
            if kind == "type" and named[qname].name.text not in str(texts):
                continue
            new = f"{qname}Q"
            there.append(Renamed(kind=kind, old=qname, new=new))
            back.append(Renamed(kind=kind, old=new, new=qname))

    edited = renamed(texts, there)

    read = read_spec(edited)
    assert read.value is not None, read.diagnostics
    assert len(read.value.system.entities) == len(system.entities)
    assert not set(system.entities) & set(read.value.system.entities)
    assert renamed(edited, back) == texts


@pytest.mark.parametrize("root", _committed(), ids=lambda root: root.stem)
def test_every_field_of_every_spec_can_be_changed_and_changed_back(root: Path) -> None:
    texts = _texts(root)
    spec = spec_of_texts(texts)
    there: list[Renamed] = []
    back: list[Renamed] = []
    for fields in spec.fields.values():
        one = fields[0]
        owner, _, name = one.qname.rpartition(".")
        if len({field.name.text for field in fields}) > 1:
            # The name that a ref to one of several is written with.
            name = name.removesuffix(f"_{one.type.target.rpartition('.')[2].lower()}")  # type: ignore[union-attr]
        there.append(Renamed(kind="field", old=f"{owner}.{name}", new=f"{owner}.q_{name}"))
        back.append(Renamed(kind="field", old=f"{owner}.q_{name}", new=f"{owner}.{name}"))

    edited = renamed(texts, there)

    read = read_spec(edited)
    assert read.value is not None, read.diagnostics
    # The field of a lifecycle is written down when it is renamed, and stays.
    again = renamed(edited, back)
    assert {
        file: text.replace("{ field: status, ", "{ ").replace("field: status\n      ", "")
        for file, text in again.items()
    } == texts


def test_a_ref_to_one_of_several_is_renamed_by_what_its_fields_are_called() -> None:
    """A run knows the fields, `who_robot`; the spec writes `who`."""
    before = (
        "apigen: 1\napp: shop\nentities:\n"
        "  Task:\n    fields: { who: ref(Person|Robot)? }\n"
        "    invariants: { own: who_robot_id is None }\n"
        "  Person: { fields: { a: str } }\n  Robot: { fields: { a: str } }\n"
    )
    fields = [
        Renamed(kind="field", old="shop.Task.who_person", new="shop.Task.by_person"),
        Renamed(kind="field", old="shop.Task.who_robot", new="shop.Task.by_android"),
    ]

    text = _renamed(before, Renamed(kind="entity", old="shop.Robot", new="shop.Android"), *fields)

    assert text == before.replace("who", "by").replace("Robot", "Android").replace(
        "by_robot", "by_android"
    )


def _messages(spec: Spec) -> list[tuple[str, str]]:
    system = spec.system
    found = [("command", one.qname) for one in system.commands]
    found += [("event", one.qname) for one in system.events]
    found += [("reaction", one.qname) for one in system.reactions]
    for entity in system.entities.values():
        found += [("query", one.qname) for one in entity.queries]
    for context in system.contexts:
        found += [("projection", held.projection.qname) for held in context.projections]
    return found


def test_every_command_event_query_reaction_and_projection_can_be_changed_and_changed_back() -> (
    None
):
    texts = _texts(BEHAVIOUR / "shop.yaml")
    messages = _messages(spec_of_texts(texts))
    assert len({kind for kind, _ in messages}) == 5
    there: list[Renamed] = []
    back: list[Renamed] = []
    for kind, old in messages:
        # No keyword, no name that rules know.
        new = f"{old}Q" if old.rpartition(".")[2][0].isupper() else f"{old}_q"
        there.append(Renamed(kind=kind, old=old, new=new))
        back.append(Renamed(kind=kind, old=new, new=old))

    edited = renamed(texts, there)

    read = read_spec(edited)
    assert read.value is not None, read.diagnostics
    assert _messages(read.value) == [(one.kind, one.new) for one in there]
    assert renamed(edited, back) == texts


def test_states_are_renamed_in_moves_rules_and_where_they_end() -> None:
    texts = _texts(BEHAVIOUR / "shop.yaml")
    states = [
        Renamed(kind="member", old=f"shop.OrderStatus.{name}", new=f"shop.OrderStatus.{name}_q")
        for name in ("draft", "placed", "paid", "cancelled", "refunded")
    ]

    edited = renamed(texts, states)["shop.yaml"]

    spec = spec_of_texts({"shop.yaml": edited})
    assert "moves: draft_q|placed_q -> cancelled_q" in edited
    assert "when: { order_not_open: status == draft_q }" in edited
    assert "final: [delivered, cancelled_q, refunded_q]" in edited
    assert "states: [requested, captured, declined, refunded]" in edited
    assert spec.system.entities["shop.Order"].lifecycle is not None


def test_an_entity_is_renamed_where_a_rule_asks_for_its_rows() -> None:
    text = """\
apigen: 1
app: shop
entities:
  Room:
    fields: { name: str }
    queries: { free: { where: "not exists(one for one in Stay if one.room_id == id)" } }
  Stay: { fields: { room: ref(Room), nights: int } }
"""
    edited = _renamed(
        text,
        Renamed(kind="entity", old="shop.Stay", new="shop.Visit"),
        Renamed(kind="field", old="shop.Stay.room", new="shop.Visit.place"),
    )

    wanted = text.replace("Stay", "Visit").replace("room:", "place:")
    assert edited == wanted.replace("room_id", "place_id")


def test_what_has_its_value_by_the_name_of_a_field_follows_it() -> None:
    text = """\
apigen: 1
app: shop
entities:
  Task:
    fields: { title: str, size: int = 0 }
    commands:
      open: { creates: true, input: { title: str }, emits: TaskOpened }
    events: { TaskOpened: { fields: { size: int } } }
projections:
  TaskList:
    of: Task
    fields: { id: id(Task), size: int }
    queries: { large: { where: size > 3, sort: [-size] } }
"""
    edited = _renamed(
        text,
        Renamed(kind="field", old="shop.Task.title", new="shop.Task.name"),
        Renamed(kind="field", old="shop.Task.size", new="shop.Task.height"),
    )

    assert edited == text.replace("title", "name").replace("size", "height")
