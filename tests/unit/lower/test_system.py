"""What a spec becomes: defaults made explicit, names resolved, fields synthesized."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from apigen.ir.field import FilterOp, IndexMethod, Origin, Surface
from apigen.ir.system import Entity, IdKind, Migrations, Operation, PageStyle
from apigen.ir.types import (
    DynamicDefault,
    EnumRef,
    IdOf,
    LiteralDefault,
    ObjectRef,
    RefTo,
    Scalar,
)
from tests.unit.lower.conftest import Codes, Lower

type One = Callable[[str], Entity]


def _field(entity: Entity, attribute: str):  # type: ignore[no-untyped-def]  # returns a Field
    return next(field for field in entity.fields if field.attribute == attribute)


def test_the_smallest_entity_gets_all_conventions(entity: One) -> None:
    thing = entity("{ fields: { title: str(1..200) } }")

    assert [field.attribute for field in thing.fields] == [
        "id",
        "title",
        "created_at",
        "updated_at",
        "version",
    ]
    assert thing.table == "things"
    assert thing.identity.kind is IdKind.UUID7
    assert thing.identity.type_name == "ThingId"
    assert thing.resource is not None
    assert thing.resource.path == "/things"
    assert thing.resource.paging.style is PageStyle.OFFSET
    assert thing.resource.operations == (
        Operation.LIST,
        Operation.GET,
        Operation.CREATE,
        Operation.UPDATE,
        Operation.DELETE,
    )
    assert {f.attribute for f in thing.fields if f.origin is Origin.SYNTH} == {
        "id",
        "created_at",
        "updated_at",
        "version",
    }


def test_switched_off_behaviours_leave_no_fields(entity: One) -> None:
    thing = entity("{ fields: { x: int }, timestamps: false, versioned: false }")

    assert [field.attribute for field in thing.fields] == ["id", "x"]
    assert not thing.etag


def test_soft_delete_adds_fields_restore_and_live_uniqueness(entity: One) -> None:
    thing = entity("{ fields: { x: int unique, y: int unique=global }, soft_delete: true }")

    assert [field.attribute for field in thing.fields][-2:] == ["is_deleted", "deleted_at"]
    assert thing.resource is not None
    assert Operation.RESTORE in thing.resource.operations
    assert [(u.attributes, u.live_only) for u in thing.unique] == [(("x",), True), (("y",), False)]


def test_soft_delete_unique_all_counts_deleted_rows(entity: One) -> None:
    thing = entity("{ fields: { x: int unique }, soft_delete: { unique: all } }")

    assert not thing.unique[0].live_only


def test_defaults_apply_where_the_entity_is_silent(lowered: Lower) -> None:
    system = lowered(
        "defaults: { entity: { id: ulid prefix=x, timestamps: false },"
        " decimal: { precision: 9, scale: 3 } }\n"
        "entities:\n  A: { fields: { d: decimal } }\n  B: { id: int, fields: { y: int } }\n"
    )

    a, b = system.entities.values()
    assert (a.identity.kind, a.identity.prefix, a.timestamps) == (IdKind.ULID, "x", False)
    assert b.identity.kind is IdKind.INT
    assert _field(a, "d").type.constraints.precision == 9


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("int = 3", 3),
        ("decimal = 1.10", Decimal("1.10")),
        ('str = "a"', "a"),
        ("enum(a|b) = b", "b"),
        ("currency = EUR", "EUR"),
        ("duration = 5m", timedelta(minutes=5)),
        ("bool = true", True),
    ],
)
def test_defaults_are_typed(entity: One, field: str, default: object) -> None:
    thing = entity(f"{{ fields: {{ x: '{field}' }} }}")

    assert _field(thing, "x").default == LiteralDefault(value=default)  # type: ignore[arg-type]
    assert not _field(thing, "x").required_on_create


def test_columns_of_the_database_itself_are_left_to_it(entity: One) -> None:
    """PostgreSQL refuses a table with an `xmin` of its own."""
    box = entity("{ fields: { xmin: int, ymin: int } }")

    assert (_field(box, "xmin").column, _field(box, "xmin").wire) == ("xmin_", "xmin")
    assert _field(box, "ymin").column == "ymin"


def test_dynamic_defaults(entity: One) -> None:
    thing = entity("{ fields: { a: datetime = now, b: date = today, c: uuid = uuid() } }")

    assert [_field(thing, name).default for name in "abc"] == [
        DynamicDefault.NOW,
        DynamicDefault.TODAY,
        DynamicDefault.UUID,
    ]


@pytest.mark.parametrize(
    ("flags", "writes", "reads"),
    [
        ("", {Surface.CREATE, Surface.UPDATE}, True),
        (" immutable", {Surface.CREATE}, True),
        (" readonly", {Surface.INTERNAL}, True),
        (" writeonly", {Surface.CREATE, Surface.UPDATE}, False),
        (" hidden", {Surface.INTERNAL}, False),
    ],
)
def test_flags_decide_the_surfaces(
    entity: One, flags: str, writes: set[Surface], reads: bool
) -> None:
    field = _field(entity(f"{{ fields: {{ x: int?{flags} }} }}"), "x")

    assert field.writes == writes
    assert bool(field.reads) is reads


@pytest.mark.parametrize(
    ("field", "ops"),
    [
        ("bool", {FilterOp.EQ}),
        ("enum(a|b)", {FilterOp.EQ, FilterOp.NE, FilterOp.IN, FilterOp.NOT_IN}),
        ("uuid", {FilterOp.EQ, FilterOp.IN}),
        ("str(300)", set()),
        ("text", set()),
        ("json", set()),
        ("int? hidden", set()),
        ("bool?", {FilterOp.EQ, FilterOp.IS_NULL}),
        ("int filter=false", set()),
        ("text filter=contains", {FilterOp.CONTAINS}),
    ],
)
def test_filters_follow_the_type(entity: One, field: str, ops: set[FilterOp]) -> None:
    assert set(_field(entity(f"{{ fields: {{ x: {field} }} }}"), "x").filter) == ops


def test_a_ref_becomes_a_key_and_an_inverse(lowered: Lower) -> None:
    system = lowered(
        "entities:\n  A: { fields: { b: ref(B) inverse=as, c: ref(B) unique inverse=only } }\n"
        "  B: { fields: { x: int } }\n"
    )

    a, b = system.entities.values()
    field = _field(a, "b_id")
    assert field.type == RefTo(target="shop.B")
    assert (field.name.text, field.wire, field.index) == ("b", "b_id", IndexMethod.BTREE)
    assert [(i.attribute, i.field, i.to_one) for i in b.inverses] == [
        ("as", "b_id", False),
        ("only", "c_id", True),
    ]


def test_an_arc_becomes_one_field_a_target(lowered: Lower) -> None:
    system = lowered(
        "entities:\n  A: { fields: { owner: ref(B|C) } }\n  B: { fields: { x: int } }\n"
        "  C: { fields: { x: int } }\n"
    )

    a = system.entities["shop.A"]
    assert [f.attribute for f in a.fields if f.origin is Origin.USER] == [
        "owner_b_id",
        "owner_c_id",
    ]
    assert all(_field(a, name).nullable for name in ("owner_b_id", "owner_c_id"))
    assert [(arc.attributes, arc.nullable) for arc in a.arcs] == [
        (("owner_b_id", "owner_c_id"), False)
    ]


def test_many_to_itself_has_two_different_columns(entity: One) -> None:
    join = _field(entity("{ fields: { friends: many(Thing) } }"), "friends").join

    assert (join.table, join.owner_column, join.target_column) == (
        "things_friends",
        "thing_id",
        "friend_id",
    )


def test_children_have_classes_keys_and_tables_of_their_own(lowered: Lower) -> None:
    system = lowered(
        "entities:\n  Order:\n    id: ulid prefix=ord\n    fields: { x: int }\n    children:\n"
        "      lines:\n        fields: { n: int }\n        children:\n"
        "          notes: { fields: { text: str } }\n"
    )

    line, note = system.children.values()
    assert (line.qname, line.class_name.pascal) == ("shop.OrderLine", "OrderLine")
    assert (line.table, line.parent_column) == ("order_lines", "order_id")
    assert (note.qname, note.parent_column) == ("shop.OrderLineNote", "order_line_id")
    assert (line.identity.kind, line.identity.prefix) == (IdKind.ULID, None)
    assert line.fields[0].type == IdOf(target="shop.OrderLine")


def test_enums_in_place_are_named_after_their_field(lowered: Lower) -> None:
    system = lowered("entities:\n  Order: { fields: { pay_state: enum(open|paid) } }\n")

    field = _field(system.entities["shop.Order"], "pay_state")
    assert field.type == EnumRef(target="shop.OrderPayState")
    assert [t.qname for t in system.contexts[0].types] == ["shop.OrderPayState"]


def test_used_types_come_before_their_users(lowered: Lower) -> None:
    system = lowered(
        "types:\n  A: { fields: { b: B, kind: enum(x|y) } }\n  B: { fields: { c: C } }\n"
        "  C: str(3)\nentities:\n  E: { fields: { a: A } }\n"
    )

    assert [t.name.text for t in system.contexts[0].types] == ["C", "B", "AKind", "A"]
    assert _field(system.entities["shop.E"], "a").type == ObjectRef(target="shop.A")


def test_named_scalars_keep_their_name_and_constraints(lowered: Lower) -> None:
    system = lowered("types: { Sku: str(3..40) }\nentities: { E: { fields: { sku: Sku } } }\n")

    type_ = _field(system.entities["shop.E"], "sku").type
    assert isinstance(type_, Scalar)
    assert (type_.named, type_.constraints.min, type_.constraints.max) == ("shop.Sku", 3, 40)


def test_mixins_bring_their_parts_and_say_so(lowered: Lower) -> None:
    system = lowered(
        "mixins:\n  Named: { fields: { name: str(1..9) unique } }\n"
        "  Coded: { use: Named, fields: { code: int } }\n"
        "entities:\n  A: { use: Coded, fields: { x: int } }\n  B: { use: [Named] }\n"
    )

    a = system.entities["shop.A"]
    assert [(f.attribute, f.origin) for f in a.fields][1:4] == [
        ("name", Origin.MIXIN),
        ("code", Origin.MIXIN),
        ("x", Origin.USER),
    ]
    assert a.unique[0].attributes == ("name",)


def test_wire_names_follow_the_naming(lowered: Lower) -> None:
    system = lowered(
        "defaults: { naming: { wire: camel, table: snake, path: snake } }\n"
        "entities:\n  OrderLine:\n"
        "    fields: { due_on: date, b: int wire=BEE, o: ref(OrderLine)? }\n"
    )

    entity = system.entities["shop.OrderLine"]
    assert [f.wire for f in entity.fields] == [
        "id",
        "dueOn",
        "BEE",
        "oId",
        "createdAt",
        "updatedAt",
        "version",
    ]
    assert entity.table == "order_line"
    assert entity.resource is not None
    assert entity.resource.path == "/order_lines"


def test_irregular_plurals_of_the_spec(lowered: Lower) -> None:
    system = lowered(
        "defaults: { naming: { plurals: { cactus: cacti } } }\n"
        "entities:\n  RedCactus: { fields: { x: int } }\n"
        "  Staff: { plural: Staff, fields: { x: int } }\n"
    )

    cactus, staff = system.entities.values()
    assert (cactus.table, staff.table) == ("red_cacti", "staff")


@pytest.mark.parametrize(
    "name",
    [
        "class",
        "match",
        "type",
        "metadata",
        "registry",
        "model_config",
        "copy",
        "json",
        "query",
        "select",
        "from",
        "order",
        "self",
        "x",
        "a" * 200,
    ],
)
def test_hard_names_of_fields_work(entity: One, name: str) -> None:
    field = _field(entity(f"{{ fields: {{ {name}: int unique }} }}"), name)

    assert field.wire == name
    assert len(field.column) <= 63


@pytest.mark.parametrize("name", ["Any", "Field", "Router", "A", "Object", "Type", "X" * 200])
def test_hard_names_of_entities_work(lowered: Lower, name: str) -> None:
    system = lowered(f"entities:\n  {name}: {{ fields: {{ x: int unique, y: int }} }}\n")

    entity = system.entities[f"shop.{name}"]
    assert len(entity.table) <= 63
    assert all(len(unique.name) <= 63 for unique in entity.unique)


def test_long_names_that_differ_at_the_end_stay_different(lowered: Lower) -> None:
    first, second = "A" + "b" * 150 + "c", "A" + "b" * 150 + "d"
    system = lowered(
        f"entities:\n  {first}: {{ fields: {{ x: int }} }}\n"
        f"  {second}: {{ fields: {{ x: int }} }}\n"
    )

    tables = {entity.table for entity in system.entities.values()}
    assert len(tables) == 2


def test_contexts_see_the_kernel_and_what_they_use(lowered: Lower) -> None:
    system = lowered(
        "types: { Money: { fields: { amount: decimal } } }\n"
        "contexts:\n"
        "  catalog: { entities: { Product: { fields: { price: Money } } } }\n"
        "  orders: { uses: catalog, entities: { Order: { fields: { p: id(catalog.Product) } } } }\n"
        "seeds: { dev: { catalog.Product: [{ price: { amount: 1.50 } }] } }\n"
    )

    assert [(c.qname, c.uses) for c in system.contexts] == [
        ("shared", ()),
        ("catalog", ("shared",)),
        ("orders", ("shared", "catalog")),
    ]
    assert _field(system.entities["orders.Order"], "p").type == IdOf(target="catalog.Product")
    assert system.seeds[0].rows == ({"price": {"amount": "1.50"}},)


def test_seeds_come_after_what_they_refer_to(lowered: Lower) -> None:
    system = lowered(
        "entities:\n  A: { fields: { b: ref(B) } }\n  B: { fields: { x: int } }\n"
        "seeds: { dev: { A: [{ b: 1 }], B: [{ x: 1 }] } }\n"
    )

    assert [seed.entity for seed in system.seeds] == ["shop.B", "shop.A"]


def test_rules_become_checks_when_one_row_decides(entity: One) -> None:
    thing = entity(
        "{ fields: { low: int, high: int }, children: { xs: { fields: { n: int } } },"
        " invariants: { ordered: low <= high, some: len(xs) > 0,"
        " quiet: { rule: low > 0, db: false, message: Not low. } } }"
    )

    assert [(rule.code, rule.db) for rule in thing.invariants] == [
        ("ordered", True),
        ("some", False),
        ("quiet", False),
    ]
    assert thing.invariants[2].message == "Not low."


def test_computed_fields_may_read_each_other_in_any_order(entity: One) -> None:
    thing = entity("{ fields: { c: 'int := b + 1', b: 'int := a * 2', a: int } }")

    assert _field(thing, "c").computed.source == "b + 1"
    assert _field(thing, "c").writes == frozenset()


def test_resource_settings(lowered: Lower) -> None:
    system = lowered(
        "api: { pagination: { size: 10, max_size: 30 } }\n"
        "types: { Money: { fields: { amount: decimal, currency: currency } } }\n"
        "entities:\n  A:\n    fields: { price: Money, b: ref(B), name: str(1..9) }\n"
        "    api:\n      path: /as\n      pagination: cursor\n      page_size: 5\n"
        "      search: true\n"
        "      operations: { delete: false, export: csv }\n      nested_under: b\n"
        "      filters: { price.amount: [gte, lte], b.x: eq }\n      sort: price.amount\n"
        "      expand: b\n  B: { fields: { x: int } }\n  C: { api: false, fields: { x: int } }\n"
    )

    resource = system.entities["shop.A"].resource
    assert resource is not None
    assert (resource.paging.style, resource.paging.size, resource.paging.max_size) == (
        PageStyle.CURSOR,
        5,
        30,
    )
    assert resource.operations == (
        Operation.LIST,
        Operation.GET,
        Operation.CREATE,
        Operation.UPDATE,
        Operation.EXPORT,
    )
    assert (resource.export, resource.search, resource.nested_under) == (
        ("csv",),
        ("name",),
        "b_id",
    )
    assert [f.path for f in resource.filters][-2:] == [("price", "amount"), ("b", "x")]
    assert ("price", "amount") in resource.sorts
    assert resource.expand == (("b",),)
    assert system.entities["shop.C"].resource is None


def test_ids_do_not_depend_on_the_place_in_the_file(lowered: Lower) -> None:
    one = lowered("entities:\n  A: { fields: { x: int } }\n  B: { fields: { x: int } }\n")
    two = lowered("entities:\n  B: { fields: { x: int } }\n  A: { doc: d, fields: { x: int } }\n")

    assert one.entities["shop.A"].id == two.entities["shop.A"].id
    assert one.entities["shop.A"].id != one.entities["shop.B"].id


def test_a_wrong_type_is_reported_once_however_often_it_is_used(codes: Codes) -> None:
    found = codes(
        "types: { Money: { fields: { amount: decmal } }, Bad: { enum: [a, a] } }\n"
        "entities:\n  A:\n    fields: { x: Bad, y: Bad = a, z: strng, w: Nothing }\n"
        "    unique: [[z, x]]\n    invariants: { r: z == w }\n"
        "    api: { expand: [w], filters: { z: [eq] }, sort: [w.x] }\n"
        "seeds: { dev: { A: [{ z: 1 }] } }\n"
    )

    assert sorted(found) == ["AG201", "AG201", "AG201", "AG212"]


def test_thousands_of_steps_cost_no_stack(codes: Codes) -> None:
    types = "".join(f"  T{n}: {{ fields: {{ x: T{n + 1} }} }}\n" for n in range(2_000))
    entities = "".join(f"  E{n}: {{ fields: {{ r: ref(E{n + 1}) }} }}\n" for n in range(2_000))

    found = codes(
        f"types:\n{types}  T2000: str(3)\nentities:\n{entities}"
        "  E2000: { fields: { x: T0 } }\nseeds: { dev: { E0: [] } }\n"
    )

    assert found == []


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("{}", Migrations()),
        ("{ zero_downtime: true }", Migrations(zero_downtime=True, lock_timeout_s=5.0)),
        (
            "{ zero_downtime: true, lock_timeout: 500ms }",
            Migrations(zero_downtime=True, lock_timeout_s=0.5),
        ),
        ("{ lock_timeout: 1m, checksum: false }", Migrations(lock_timeout_s=60.0, checksum=False)),
    ],
)
def test_migrations_without_downtime_never_wait_forever(
    lowered: Lower, block: str, wanted: Migrations
) -> None:
    entity = "entities: { Thing: { fields: { title: str(1..9) } } }"

    system = lowered(f"database: {{ migrations: {block} }}\n{entity}\n")

    assert system.database.migrations == wanted
