"""What is drawn of a system: boxes, rows and edges, before anything has a place."""

from apigen.graph.diagram import BoxKind, Edge, EdgeKind, End
from apigen.graph.entities import entity_diagram
from apigen.ir.system import Entity, System
from apigen.ir.types import EnumRef, ListOf, ObjectRef
from tests.unit.graph.systems import (
    child,
    entity,
    enum,
    field,
    known_id,
    many,
    ref,
    system,
    union,
    value,
    value_object,
)


def _only_edge(made: System) -> Edge:
    (edge,) = entity_diagram(made).edges
    return edge


def _rows(made: System, key: str) -> list[tuple[str, str, str]]:
    (box,) = [box for box in entity_diagram(made).boxes if box.key == key]
    return [(row.name, row.type, row.mark) for row in box.rows]


def test_a_ref_is_an_edge_from_its_own_row() -> None:
    edge = _only_edge(system(entity("s.A", field("x"), ref("b", "s.B")), entity("s.B")))

    assert (edge.source, edge.row, edge.target, edge.kind) == ("s.A", 2, "s.B", EdgeKind.REF)
    assert (edge.source_end, edge.target_end) == (End.MANY, End.ONE)


def test_an_optional_ref_ends_at_zero_or_one() -> None:
    edge = _only_edge(system(entity("s.A", ref("b", "s.B", nullable=True)), entity("s.B")))

    assert edge.target_end is End.ZERO_OR_ONE


def test_a_unique_ref_is_one_to_one() -> None:
    made = system(entity("s.A", ref("b", "s.B"), unique=("b_id",)), entity("s.B"))

    assert _only_edge(made).source_end is End.ZERO_OR_ONE


def test_a_many_is_many_at_both_ends() -> None:
    edge = _only_edge(system(entity("s.A", many("bs", "s.B")), entity("s.B")))

    assert (edge.kind, edge.source_end, edge.target_end) == (EdgeKind.MANY, End.MANY, End.MANY)


def test_children_are_boxes_owned_by_their_parent() -> None:
    lines = child("s.OrderLine", "lines", field("sku"), least=1)
    made = system(entity("s.Order", children=(lines,)))

    assert [box.kind for box in entity_diagram(made).boxes] == [
        BoxKind.AGGREGATE,
        BoxKind.CHILD,
    ]
    edge = _only_edge(made)
    assert (edge.kind, edge.row, edge.target_end) == (EdgeKind.CHILD, 1, End.ONE_OR_MORE)
    assert _rows(made, "s.Order")[1] == ("lines", "OrderLine[]", "")


def test_value_objects_in_collections_are_joined_too() -> None:
    made = system(
        entity("s.A", field("prices", ListOf(item=ObjectRef(target="s.Money")))),
        types=(value_object("s.Money", field("amount")),),
    )

    assert _only_edge(made).target == "s.Money"
    assert _rows(made, "s.A")[1] == ("prices", "list(Money)", "")


def test_a_union_is_joined_to_the_objects_it_may_be() -> None:
    made = system(
        entity("s.A"),
        types=(
            value_object("s.Card", field("number")),
            union("s.Payment", card=ObjectRef(target="s.Card")),
        ),
    )

    assert (_only_edge(made).source, _only_edge(made).target) == ("s.Payment", "s.Card")


def test_an_enum_is_told_in_its_row_and_is_no_box() -> None:
    made = system(
        entity("s.A", field("state", EnumRef(target="s.State"), nullable=True)),
        types=(enum("s.State", "todo", "done"),),
    )

    assert [box.key for box in entity_diagram(made).boxes] == ["s.A"]
    assert _rows(made, "s.A")[1] == ("state", "todo | done?", "")


def test_fields_of_switches_are_a_note() -> None:
    made = system(entity("s.A", field("name"), is_soft_deleted=True))

    (box,) = entity_diagram(made).boxes
    assert [row.name for row in box.rows] == ["id", "name"]
    assert box.note == "timestamps · version · soft delete"


def test_keys_and_unique_fields_are_marked() -> None:
    made = system(entity("s.A", field("email"), ref("boss", "s.A"), unique=("email",)))

    assert [mark for _, _, mark in _rows(made, "s.A")] == ["PK", "UK", "FK"]


def test_an_id_of_another_context_is_an_edge_without_foreign_key() -> None:
    made = system(entity("sales.A", known_id("track_id", "catalog.B")), entity("catalog.B"))

    assert _only_edge(made).kind is EdgeKind.ID


def test_a_shared_kernel_comes_after_the_contexts_that_use_it() -> None:
    made = system(
        entity("sales.A", value("price", "shared.Money")),
        types=(value_object("shared.Money", field("amount")),),
    )

    assert [group.key for group in entity_diagram(made).groups] == ["sales", "shared"]


def test_the_same_entity_is_one_box_whoever_refers_to_it() -> None:
    users: list[Entity] = [entity(f"s.E{index}", ref("to", "s.E0")) for index in range(5)]

    diagram = entity_diagram(system(*users))

    assert len(diagram.boxes) == 5
    assert {edge.target for edge in diagram.edges} == {"s.E0"}
