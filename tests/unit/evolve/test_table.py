"""One test a row of the table in section 4 of the spec language: database, API, events."""

import pytest

from apigen.evolve.classification import EFFECTS, Row
from tests.unit.evolve.specs import changes, effects, evolved, shop, task

NOTE = "  Note:\n    fields:\n      text: str\n"
PLAIN = task("title: str")


def test_every_row_has_its_effects() -> None:
    assert EFFECTS.keys() == set(Row)


def test_an_equal_spec_has_no_changes() -> None:
    assert changes(PLAIN, f"# a comment\n{PLAIN}") == {}


def test_order_is_no_change() -> None:
    assert changes(task("a: str\nb: int"), task("b: int\na: str")) == {}


def test_entity_added() -> None:
    assert effects(PLAIN, PLAIN + NOTE, "added", "Note") == "safe safe none"


def test_entity_removed() -> None:
    assert effects(PLAIN + NOTE, PLAIN, "removed", "Note") == "destructive breaking none"


def test_entity_renamed() -> None:
    after = PLAIN.replace("Task:", "Todo:\n    renamed_from: Task")

    assert effects(PLAIN, after, "renamed", "Todo") == "safe breaking breaking"


def test_entity_renamed_at_its_old_path() -> None:
    after = PLAIN.replace("Task:", "Todo:\n    renamed_from: Task\n    api: { path: /tasks }")

    assert effects(PLAIN, after, "renamed", "Todo") == "safe none breaking"


def test_an_entity_that_is_not_in_the_api_breaks_no_client() -> None:
    hidden = PLAIN + NOTE + "    api: false\n"

    assert effects(hidden, PLAIN, "removed", "Note") == "destructive none none"


def test_child_added() -> None:
    after = task("title: str", "children: { lines: { fields: { text: str } } }")

    assert effects(PLAIN, after, "added", "TaskLine") == "safe safe none"


def test_child_removed() -> None:
    before = task("title: str", "children: { lines: { fields: { text: str } } }")

    assert effects(before, PLAIN, "removed", "TaskLine") == "destructive breaking none"


def test_collection_renamed() -> None:
    before = task("title: str", "children: { lines: { fields: { text: str } } }")
    after = before.replace("lines: {", "rows: { renamed_from: lines,")

    found = changes(before, after)

    told = [one for one in found.values() if one.element == "child" and one.kind == "renamed"]
    assert [(one.before, one.after, one.api) for one in told] == [
        ("lines", "rows", "breaking"),
        ("shop.TaskLine", "shop.TaskRow", "warn"),
    ]


def test_collection_and_class_keep_their_table_when_only_the_collection_is_renamed() -> None:
    before = task("title: str", "children: { lines: { entity: Row, fields: { text: str } } }")
    after = before.replace("lines: {", "rows: {")

    assert effects(before, after, "renamed", "Row", "collection") == "none breaking breaking"


def test_operation_added() -> None:
    after = task("title: str", "api: { operations: { count: true } }")

    assert effects(PLAIN, after, "added", "Task.count") == "none safe none"


def test_operation_removed() -> None:
    after = task("title: str", "api: { operations: { delete: false } }")

    assert effects(PLAIN, after, "removed", "Task.delete") == "none breaking none"


def test_field_renamed() -> None:
    after = task("name: str renamed_from=title")

    assert effects(PLAIN, after, "renamed", "Task.name") == "safe breaking breaking"


def test_field_renamed_under_its_json_name() -> None:
    after = task("name: str renamed_from=title wire=title")

    assert effects(PLAIN, after, "renamed", "Task.name") == "safe none breaking"


@pytest.mark.parametrize("field", ["due: date?", "due: date = 2026-01-31"])
def test_optional_or_defaulted_field_added(field: str) -> None:
    after = task(f"title: str\n{field}")

    assert effects(PLAIN, after, "added", "Task.due") == "safe safe safe"


def test_required_field_added() -> None:
    after = task("title: str\ndue: { type: date, backfill: 2026-01-31 }")

    assert effects(PLAIN, after, "added", "Task.due") == "locking breaking breaking"


def test_computed_field_added() -> None:
    after = task("title: str\nlength: int := len(title)")

    assert effects(PLAIN, after, "added", "Task.length") == "none safe safe"


def test_field_removed() -> None:
    before = task("title: str\ndue: date?")

    assert effects(before, PLAIN, "removed", "Task.due") == "destructive breaking breaking"


def test_hidden_field_removed() -> None:
    before = task("title: str\ndue: date? hidden")

    assert effects(before, PLAIN, "removed", "Task.due") == "destructive none none"


def test_computed_field_removed() -> None:
    before = task("title: str\nlength: int := len(title)")

    assert effects(before, PLAIN, "removed", "Task.length") == "none breaking breaking"


def test_required_to_optional() -> None:
    found = effects(PLAIN, task("title: str?"), "changed", "Task.title", "nullable")

    assert found == "safe breaking breaking"


def test_required_to_optional_breaks_no_reader_of_what_is_never_shown() -> None:
    before, after = task("title: str writeonly"), task("title: str? writeonly")

    assert effects(before, after, "changed", "Task.title", "nullable") == "safe none none"


def test_optional_to_required() -> None:
    after = task("title: { type: str, backfill: '-' }")

    found = effects(task("title: str?"), after, "changed", "Task.title", "nullable")

    assert found == "locking breaking safe"


@pytest.mark.parametrize(
    ("before", "after", "attribute"),
    [
        ("int", "bigint", "type"),
        ("str(1..80)", "str(1..200)", "max"),
        ("str", "text", "type"),
        ("decimal precision=8 scale=2", "decimal precision=10 scale=2", "type"),
        ("int", "decimal precision=12 scale=0", "type"),
        ("email", "str", "type"),
    ],
)
def test_type_widened(before: str, after: str, attribute: str) -> None:
    found = effects(task(f"x: {before}"), task(f"x: {after}"), "changed", "Task.x", attribute)

    assert found == "safe warn warn"


@pytest.mark.parametrize(
    ("before", "after", "attribute"),
    [
        ("bigint", "int", "type"),
        ("str(1..200)", "str(1..80)", "max"),
        ("text", "str", "type"),
        ("decimal precision=10 scale=2", "decimal precision=10 scale=4", "type"),
        ("str", "int", "type"),
        ("list(str)", "list(int)", "type"),
        ("str", "list(str)", "type"),
    ],
)
def test_type_narrowed_or_changed(before: str, after: str, attribute: str) -> None:
    found = effects(task(f"x: {before}"), task(f"x: {after}"), "changed", "Task.x", attribute)

    assert found == "destructive breaking breaking"


@pytest.mark.parametrize(
    ("before", "after", "attribute"),
    [
        ("int", "int min=1", "min"),
        ("int(0..9)", "int(0..5)", "max"),
        ("str", "str(3..)", "min"),
        ("int", "int step=5", "step"),
        ("text", "text max=100", "max"),
    ],
)
def test_constraint_tightened(before: str, after: str, attribute: str) -> None:
    found = effects(task(f"x: {before}"), task(f"x: {after}"), "changed", "Task.x", attribute)

    assert found == "locking breaking none"


@pytest.mark.parametrize(
    ("before", "after", "attribute"),
    [("int min=1", "int", "min"), ("int(0..5)", "int(0..9)", "max"), ("int gt=3", "int", "gt")],
)
def test_constraint_loosened(before: str, after: str, attribute: str) -> None:
    found = effects(task(f"x: {before}"), task(f"x: {after}"), "changed", "Task.x", attribute)

    assert found == "safe safe none"


def test_a_declared_type_tells_its_change_once() -> None:
    before = shop(
        "  Task:\n    fields: { a: Sku, b: Sku }\n", types="  Sku: { type: str, min: 3, max: 9 }\n"
    )

    found = changes(before, before.replace("max: 9", "max: 12"))

    assert list(found) == [("changed", "Sku", "max")]
    assert found["changed", "Sku", "max"].database == "safe"


def test_enum_member_added() -> None:
    found = effects(task("x: enum(a|b)"), task("x: enum(a|b|c)"), "added", "TaskX.c")

    assert found == "locking warn warn"


def test_enum_member_removed() -> None:
    found = effects(task("x: enum(a|b)"), task("x: enum(a)"), "removed", "TaskX.b")

    assert found == "locking breaking breaking"


MOOD = shop("  Task:\n    fields: { mood: Mood }\n", types="  Mood: { enum: { fine: , fun: } }\n")


def test_enum_member_renamed() -> None:
    after = MOOD.replace("fun:", "great: { renamed_from: fun }")

    assert effects(MOOD, after, "renamed", "Mood.great") == "safe breaking breaking"


def test_stored_value_changed() -> None:
    after = MOOD.replace("fun:", "fun: { value: F }")

    assert effects(MOOD, after, "changed", "Mood.fun", "value") == "locking none none"


def test_id_strategy_changed() -> None:
    found = effects(PLAIN, task("title: str", "id: ulid"), "changed", "Task", "id")

    assert found == "manual breaking breaking"


REF = "  Note:\n    fields:\n      task: ref(Task)"
TASK = "  Task:\n    fields: { title: str }\n"


def test_on_delete_changed() -> None:
    before = shop(f"{TASK}{REF}\n")
    after = before.replace("ref(Task)", "ref(Task) on_delete=cascade")

    assert effects(before, after, "changed", "Note.task", "on_delete") == "locking none none"


def test_one_to_many() -> None:
    before = shop(f"{TASK}{REF}\n")
    after = before.replace("ref(Task)", "many(Task)")

    assert effects(before, after, "changed", "Note.task", "type") == "safe breaking none"


def test_many_to_one() -> None:
    after = shop(f"{TASK}{REF}?\n")
    before = after.replace("ref(Task)?", "many(Task)")

    assert effects(before, after, "changed", "Note.task", "type") == "destructive breaking none"


def test_children_to_one_child() -> None:
    before = task("title: str", "children: { lines: { entity: Row, fields: { text: str } } }")
    after = before.replace("entity: Row", "entity: Row, one: true")

    assert effects(before, after, "changed", "Row", "one") == "destructive breaking none"
    assert effects(after, before, "changed", "Row", "one") == "safe breaking none"


LINES = "children: { lines: { entity: Row, fields: { text: str, number: int } } }"


def test_children_unique_by_a_field() -> None:
    before = task("title: str", LINES)
    after = before.replace("entity: Row", "entity: Row, key: number")

    assert effects(before, after, "changed", "Row", "key") == "locking breaking none"
    assert effects(after, before, "changed", "Row", "key") == "safe safe none"


def test_children_in_another_order() -> None:
    sent = task("title: str", LINES)
    number = sent.replace("entity: Row", "entity: Row, order_by: number")
    text = sent.replace("entity: Row", "entity: Row, order_by: text")

    assert effects(sent, number, "changed", "Row", "order_by") == "destructive warn none"
    assert effects(number, sent, "changed", "Row", "order_by") == "locking warn none"
    assert effects(number, text, "changed", "Row", "order_by") == "none warn none"


def test_a_ref_to_one_of_several_made_optional_and_required() -> None:
    before = shop(
        f"{TASK}  User:\n    fields: {{ x: str }}\n{REF.replace('(Task)', '(Task|User)')}\n"
    )
    after = before.replace("(Task|User)", "(Task|User)?")

    assert effects(before, after, "changed", "Note", "nullable") == "safe breaking breaking"
    assert effects(after, before, "changed", "Note", "nullable") == "locking breaking safe"


def test_unique_added_and_removed() -> None:
    after = task("title: str unique")

    assert effects(PLAIN, after, "changed", "Task", "unique") == "locking breaking none"
    assert effects(after, PLAIN, "changed", "Task", "unique") == "safe safe none"


@pytest.mark.parametrize(
    "switch", ["soft_delete: true", "versioned: true", "timestamps: true", "audit: true"]
)
def test_switched_on_and_off(switch: str) -> None:
    name = switch.partition(":")[0]
    off, on = task("title: str", f"{name}: false"), task("title: str", switch)

    assert effects(off, on, "changed", "Task", name) == "safe safe none"
    assert effects(on, off, "changed", "Task", name) == "destructive breaking none"


def test_table_renamed() -> None:
    after = task("title: str", "table: jobs")

    assert effects(PLAIN, after, "changed", "Task", "table") == "safe none none"


def test_column_renamed() -> None:
    after = task("title: str column=name")

    assert effects(PLAIN, after, "changed", "Task.title", "column") == "safe none none"


def test_json_name_changed() -> None:
    after = task("title: str wire=Title")

    assert effects(PLAIN, after, "changed", "Task.title", "wire") == "none breaking none"


def test_path_changed() -> None:
    after = task("title: str", "api: { path: /jobs }")

    assert effects(PLAIN, after, "changed", "Task", "path") == "none breaking none"


def test_index_added_and_removed() -> None:
    after = task("title: str index")

    assert effects(PLAIN, after, "changed", "Task.title", "index") == "locking none none"
    assert effects(after, PLAIN, "changed", "Task.title", "index") == "safe none none"


def test_composite_index_added_and_removed() -> None:
    before = task("title: str\nn: int")
    after = task("title: str\nn: int", "indexes: [[title, n]]")

    assert effects(before, after, "changed", "Task", "indexes") == "locking none none"
    assert effects(after, before, "changed", "Task", "indexes") == "safe none none"


@pytest.mark.parametrize(
    ("before", "after", "attribute"),
    [
        ("title: str", "title: str filter=false", "filters"),
        ("title: str", "title: str sort=false", "sort"),
        ("title: str search", "title: str", "search"),
    ],
)
def test_filters_sorts_and_search_removed_and_added(
    before: str, after: str, attribute: str
) -> None:
    removed = effects(task(before), task(after), "changed", "Task", attribute)
    added = effects(task(after), task(before), "changed", "Task", attribute)

    assert (removed, added) == ("none breaking none", "none safe none")


def test_page_sizes() -> None:
    small = task("title: str", "api: { page_size: { size: 10, max_size: 20 } }")
    large = task("title: str", "api: { page_size: { size: 10, max_size: 90 } }")

    lowered = effects(large, small, "changed", "Task", "page_size.max_size")
    raised = effects(small, large, "changed", "Task", "page_size.max_size")
    assert (lowered, raised) == ("none breaking none", "none warn none")


def test_pagination_changed() -> None:
    after = task("title: str", "api: { pagination: cursor }")

    assert effects(PLAIN, after, "changed", "Task", "pagination") == "none breaking none"


def test_default_removed_and_changed() -> None:
    before = task("n: int = 3")

    removed = effects(before, task("n: int"), "changed", "Task.n", "default")
    changed = effects(before, task("n: int = 4"), "changed", "Task.n", "default")
    assert (removed, changed) == ("safe breaking none", "safe warn none")


def test_no_longer_accepted() -> None:
    before, after = task("title: str\nn: int?"), task("title: str\nn: int? immutable")

    assert effects(before, after, "changed", "Task.n", "writes") == "none breaking none"
    assert effects(after, before, "changed", "Task.n", "writes") == "none safe none"


def test_no_longer_shown() -> None:
    before, after = task("title: str\nn: int?"), task("title: str\nn: int? writeonly")

    assert effects(before, after, "changed", "Task.n", "reads") == "none breaking breaking"


def test_rule_added_and_removed() -> None:
    before = task("n: int")
    after = task("n: int", "invariants: { positive: n > 0 }")

    added = effects(before, after, "changed", "Task", "invariants.positive")
    removed = effects(after, before, "changed", "Task", "invariants.positive")
    assert (added, removed) == ("locking breaking none", "safe safe none")


def test_a_rule_that_names_a_renamed_field_says_the_same() -> None:
    before = task("n: int", "invariants: { positive: n > 0 }")
    after = task("count: int renamed_from=n", "invariants: { positive: count > 0 }")

    assert [key for key in changes(before, after) if "invariants" in key[2]] == []


def test_prefix_of_the_api_changed() -> None:
    after = PLAIN.replace("app: shop", "app: shop\napi: { prefix: /v }")

    assert effects(PLAIN, after, "changed", "api", "prefix") == "none breaking none"


def test_value_object_field_added() -> None:
    before = shop(
        "  Task:\n    fields: { cost: Money }\n",
        types="  Money: { fields: { amount: decimal, unit: str } }\n",
    )
    after = before.replace("unit: str }", "unit: str, note: str? }")

    assert effects(before, after, "added", "Money.note") == "safe safe safe"


def test_entity_moved_to_another_context() -> None:
    before = (
        "apigen: 1\napp: shop\ncontexts:\n  a: { entities: { Task: { fields: { x: str } } } }\n"
    )
    before += "  b: { entities: { Other: { fields: { x: str } } } }\n"
    after = "apigen: 1\napp: shop\ncontexts:\n  b:\n    entities:\n"
    after += "      Task: { renamed_from: a.Task, fields: { x: str } }\n"
    after += "      Other: { fields: { x: str } }\n"

    found = changes(before, after)

    moved = found["moved", "b.Task", "context"]
    assert (moved.before, moved.after, moved.database) == ("a", "b", "none")


BEHAVIOUR = """\
apigen: 1
app: shop
entities:
  Order:
    fields: { number: str, total: int = 0, paid_at: datetime? }
    lifecycle: { states: [draft, placed, paid] }
    commands:
      place:
        moves: draft -> placed
        when: { empty: total > 0 }
        input: { remark: str? }
        emits: OrderPlaced
      settle: { moves: placed -> paid, set: { paid_at: now }, emits: OrderPaid }
    events:
      OrderPlaced: { pick: [number, total], public: true }
      OrderPaid: [number]
    queries:
      large: { input: { least: int = 9 }, where: total > input.least }
projections:
  OrderList: { of: Order, fields: { id: id(Order), number: str } }
reactions:
  settle_at_once: { event: OrderPlaced, run: Order.settle, target: event.aggregate_id }
tasks:
  tidy: { handler: custom, input: { days: int = 30 } }
  settle_late: { run: Order.settle }
"""


def told(before: str, after: str, kind: str, symbol: str, attribute: str = "") -> str:
    """Return the columns of one change of the spec of behaviour."""
    assert before in BEHAVIOUR, before
    return effects(BEHAVIOUR, BEHAVIOUR.replace(before, after), kind, symbol, attribute)


def undone(before: str, after: str, kind: str, symbol: str, attribute: str = "") -> str:
    """Return the columns of the opposite of a change."""
    return effects(BEHAVIOUR.replace(before, after), BEHAVIOUR, kind, symbol, attribute)


def test_an_equal_spec_of_behaviour_has_no_changes() -> None:
    assert changes(BEHAVIOUR, f"# a comment\n{BEHAVIOUR}") == {}


CANCEL = ("commands:\n", "commands:\n      cancel: { set: { total: 0 } }\n")


def test_command_added_and_removed() -> None:
    assert told(*CANCEL, "added", "Order.cancel") == "none safe none"
    assert undone(*CANCEL, "removed", "Order.cancel") == "none breaking none"


def test_command_renamed() -> None:
    new = "\n      submit:\n        renamed_from: place\n"

    assert told("\n      place:\n", new, "renamed", "Order.submit") == "none breaking none"


def test_command_does_something_else() -> None:
    found = told("set: { paid_at: now }", "set: { total: 0 }", "changed", "Order.settle", "set")

    assert found == "none warn none"


def test_optional_and_required_input_added() -> None:
    optional = ("remark: str?", "remark: str?, why: str?")
    required = ("remark: str?", "remark: str?, why: str")

    assert told(*optional, "added", "Order.place.why") == "none safe none"
    assert told(*required, "added", "Order.place.why") == "none breaking none"
    assert undone(*required, "removed", "Order.place.why") == "none breaking none"


def test_input_made_required_and_optional() -> None:
    required = ("remark: str?", "remark: str")

    found = told(*required, "changed", "Order.place.remark", "nullable")
    back = undone(*required, "changed", "Order.place.remark", "nullable")

    assert found == "none breaking none"
    assert back == "none safe none"


def test_guard_tightened_and_loosened() -> None:
    more = ("{ empty: total > 0 }", "{ empty: total > 0, huge: total < 9 }")

    assert told(*more, "changed", "Order.place", "when.huge") == "none warn none"
    assert undone(*more, "changed", "Order.place", "when.huge") == "none warn none"
    found = changes(BEHAVIOUR, BEHAVIOUR.replace("total > 0", "total > 1"))
    assert found["changed", "Order.place", "when.empty"].text == (
        "guard `empty` of `Order.place` says something else: it may reject"
    )


def test_move_added_and_removed() -> None:
    more = ("moves: placed -> paid", "moves: draft|placed -> paid")

    assert told(*more, "changed", "Order.settle", "moves") == "none safe none"
    assert undone(*more, "changed", "Order.settle", "moves") == "none breaking none"


def test_state_added_and_removed() -> None:
    more = ("[draft, placed, paid]", "[draft, placed, paid, lost]")

    assert told(*more, "added", "OrderStatus.lost") == "locking safe none"
    assert undone(*more, "removed", "OrderStatus.lost") == "locking breaking none"


def test_state_renamed() -> None:
    found = changes(
        BEHAVIOUR,
        BEHAVIOUR.replace(
            "[draft, placed, paid]", "{ draft: , open: { renamed_from: placed }, paid: }"
        )
        .replace("draft -> placed", "draft -> open")
        .replace("placed -> paid", "open -> paid"),
    )

    assert list(found) == [("renamed", "OrderStatus.open", "")]
    one = found["renamed", "OrderStatus.open", ""]
    assert (one.database, one.api, one.events) == ("safe", "breaking", "breaking")


def test_initial_state_changed() -> None:
    new = ("paid] }", "paid], initial: placed }")

    found = told(*new, "changed", "Order", "lifecycle.initial")

    assert found == "safe warn none"


def test_field_of_a_lifecycle_renamed_or_replaced() -> None:
    start = "lifecycle: { states: "
    renamed = (start, "lifecycle: { field: state, renamed_from: status, states: ")
    replaced = (start, "lifecycle: { field: state, states: ")

    assert told(*renamed, "changed", "Order", "lifecycle.field") == "safe breaking breaking"
    given = BEHAVIOUR.replace(*replaced)
    lost = evolved(BEHAVIOUR, given, data_loss=("Order.status",)).value
    assert lost is not None
    told_ = [one for one in lost.changes if one.attribute == "lifecycle.field"]
    assert [(one.database, one.api) for one in told_] == [("destructive", "breaking")]


def test_lifecycle_added_and_removed() -> None:
    before = task("title: str")
    after = task("title: str", "lifecycle: { states: [a, b] }\ncommands: { go: { moves: a -> b } }")

    assert effects(before, after, "changed", "Task", "lifecycle") == "safe safe none"
    back = evolved(after, before, data_loss=("Task", "TaskStatus")).value
    assert back is not None
    assert [(one.database, one.api) for one in back.changes if one.attribute == "lifecycle"] == [
        ("destructive", "breaking")
    ]


def test_history_switched_on_and_off() -> None:
    kept = ("paid] }", "paid], history: true }")

    assert told(*kept, "changed", "Order", "lifecycle.history") == "safe none none"
    assert undone(*kept, "changed", "Order", "lifecycle.history") == "destructive none none"


MORE = ("\n      OrderPaid: [number]", "\n      OrderPaid: [number]\n      OrderLost: [number]")


def test_event_added_and_removed() -> None:
    public = (MORE[0], MORE[1].replace("Lost: [number]", "Lost: { pick: [number], public: true }"))

    assert told(*MORE, "added", "Order.OrderLost") == "none none safe"
    assert undone(*MORE, "removed", "Order.OrderLost") == "none none warn"
    assert undone(*public, "removed", "Order.OrderLost") == "none none breaking"


def test_event_renamed() -> None:
    after = BEHAVIOUR.replace("OrderPlaced", "OrderSent").replace(
        "OrderSent: {", "OrderSent: { renamed_from: OrderPlaced,"
    )

    found = changes(BEHAVIOUR, after)

    assert list(found) == [("renamed", "Order.OrderSent", "")]
    assert found["renamed", "Order.OrderSent", ""].events == "breaking"


def test_field_of_an_event_added_and_removed() -> None:
    optional = ("{ pick: [number, total],", "{ pick: [number, total, paid_at],")
    required = ("{ pick: [number],", "{ pick: [number, total],")
    less = BEHAVIOUR.replace("{ pick: [number, total],", "{ pick: [number],")

    name = "Order.OrderPlaced"
    assert told(*optional, "added", f"{name}.paid_at") == "none none safe"
    assert undone(*optional, "removed", f"{name}.paid_at") == "none none breaking"
    assert effects(less, less.replace(*required), "added", f"{name}.total") == "none none breaking"


def test_a_field_of_an_event_that_is_not_public_breaks_what_waits() -> None:
    more = ("OrderPaid: [number]", "OrderPaid: [number, total]")

    assert told(*more, "added", "Order.OrderPaid.total") == "none none breaking"


def test_version_of_an_event_raised_with_an_upcast_covers_its_payload() -> None:
    less = BEHAVIOUR.replace("{ pick: [number, total],", "{ pick: [number],")
    after = BEHAVIOUR.replace(
        "public: true", "public: true, version: 2, upcast: { 1: { total: 0 } }"
    )

    assert effects(less, after, "changed", "Order.OrderPlaced", "version") == "none none warn"
    assert effects(less, after, "added", "Order.OrderPlaced.total") == "none none warn"


def test_event_made_public_and_withdrawn() -> None:
    public = ("OrderPaid: [number]", "OrderPaid: { pick: [number], public: true }")

    assert told(*public, "changed", "Order.OrderPaid", "public") == "none none safe"
    assert undone(*public, "changed", "Order.OrderPaid", "public") == "none none breaking"


def test_event_deprecated() -> None:
    leaving = ("OrderPaid: [number]", "OrderPaid: { pick: [number], deprecated: true }")

    assert told(*leaving, "changed", "Order.OrderPaid", "deprecated") == "none none warn"
    assert undone(*leaving, "changed", "Order.OrderPaid", "deprecated") == "none none warn"


def test_event_recorded_and_recorded_no_more() -> None:
    less = ("emits: OrderPlaced\n", "\n")

    assert told(*less, "changed", "Order.place", "emits") == "none none warn"
    assert undone(*less, "changed", "Order.place", "emits") == "none none safe"


def test_reaction_added_and_removed() -> None:
    last = BEHAVIOUR[BEHAVIOUR.index("reactions:") : BEHAVIOUR.index("tasks:")]

    assert undone(last, "", "added", "settle_at_once") == "none none safe"
    assert told(last, "", "removed", "settle_at_once") == "none none warn"


def test_reaction_does_something_else() -> None:
    found = told(
        "aggregate_id }",
        "aggregate_id, when: event.total > 1 }",
        "changed",
        "settle_at_once",
        "run",
    )

    assert found == "none none warn"


def test_reaction_renamed() -> None:
    new = ("settle_at_once: {", "settle_now: { renamed_from: settle_at_once,")

    assert told(*new, "renamed", "settle_now") == "none none warn"


def test_task_added_and_removed() -> None:
    last = "  settle_late: { run: Order.settle }\n"

    assert undone(last, "", "added", "settle_late") == "none none safe"
    assert told(last, "", "removed", "settle_late") == "none none warn"
    table = BEHAVIOUR[BEHAVIOUR.index("tasks:") :]
    assert undone(table, "", "changed", "tasks", "table") == "safe none none"


def test_task_does_something_else() -> None:
    other = ("settle_late: { run: Order.settle }", "settle_late: { run: Order.place }")

    assert told(*other, "changed", "settle_late", "run") == "none none warn"


def test_task_needs_to_know_something_else() -> None:
    needed = ("{ days: int = 30 }", "{ days: int = 30, of: str }")
    typed = ("{ days: int = 30 }", "{ days: str }")
    less = BEHAVIOUR.replace(", input: { days: int = 30 }", "")

    for change in (needed, typed):
        assert told(*change, "changed", "tidy", "input") == "none none warn"
    assert changes(BEHAVIOUR, less) == {}


def test_task_run_in_another_way() -> None:
    later = ("tidy: {", 'tidy: { queue: low, schedule: "0 3 * * *",')

    assert told(*later, "changed", "tidy", "run") == "none none none"


def test_query_added_removed_and_renamed() -> None:
    more = ("queries:\n", "queries:\n      small: { where: total < 5 }\n")
    renamed = ("large: {", "big: { renamed_from: large,")

    assert told(*more, "added", "Order.small") == "none safe none"
    assert undone(*more, "removed", "Order.small") == "none breaking none"
    assert told(*renamed, "renamed", "Order.big") == "none breaking none"


def test_query_answers_something_else() -> None:
    where = ("total > input.least", "total >= input.least")
    shape = ("large: {", "large: { returns: count,")

    assert told(*where, "changed", "Order.large", "where") == "none warn none"
    assert told(*shape, "changed", "Order.large", "shape") == "none breaking none"


def test_projection_added_removed_and_renamed() -> None:
    lines = "  OrderList: { of: Order, fields: { id: id(Order), number: str } }\n"
    more = (lines, f"{lines}{lines.replace('OrderList', 'OrderNames')}")
    renamed = ("OrderList: {", "OrderNames: { renamed_from: OrderList,")

    assert told(*more, "added", "OrderNames") == "none safe none"
    assert undone(*more, "removed", "OrderNames") == "none breaking none"
    assert told(*renamed, "renamed", "OrderNames") == "none breaking none"


def test_field_of_a_projection_added_removed_and_worked_out_in_another_way() -> None:
    more = ("number: str } }\nre", "number: str, total: int } }\nre")
    other = ("number: str } }\nre", "number: str := number + number } }\nre")

    assert told(*more, "added", "OrderList.total") == "none safe none"
    assert undone(*more, "removed", "OrderList.total") == "none breaking none"
    assert told(*other, "changed", "OrderList", "fields.number") == "none warn none"


SECURE = """\
apigen: 1
app: shop
security:
  auth: [jwt]
  jwt: { issuer: "https://issuer", jwks_url: "https://issuer/keys" }
  roles: { clerk: , staff: , admin: { inherits: [staff] } }
entities:
  Task:
    fields: { title: str, owner: str }
    access: { read: public, update: [staff, clerk if owner == actor.id], all: admin }
"""


@pytest.mark.parametrize(
    ("before", "after", "attribute", "words"),
    [
        ("read: public", "read: staff", "access.read", "may reject"),
        ("read: public", "read: authenticated", "access.read", "may reject"),
        ("all: admin", "all: staff", "access.create", "security review"),
        ("clerk if owner == actor.id", "clerk", "access.update", "security review"),
        ("[staff, clerk if", "[admin, clerk if", "access.update", "may reject"),
    ],
)
def test_access_tightened_and_loosened(before: str, after: str, attribute: str, words: str) -> None:
    other = {"may reject": "security review", "security review": "may reject"}
    new = SECURE.replace(before, after)

    there = changes(SECURE, new)["changed", "Task", attribute]
    back = changes(new, SECURE)["changed", "Task", attribute]

    assert (there.api, words in there.text) == ("warn", True), there.text
    assert (back.api, other[words] in back.text) == ("warn", True), back.text


def test_a_role_that_has_what_another_has_needs_no_word_of_its_own() -> None:
    after = SECURE.replace("[staff, clerk if", "[staff, admin, clerk if")

    assert changes(SECURE, after) == {}


def test_security_switched_on_and_off() -> None:
    start, end = SECURE.index("security:"), SECURE.index("entities:")
    off = (SECURE[:start] + SECURE[end:]).partition("    access:")[0]

    assert effects(off, SECURE, "changed", "security", "auth") == "none breaking none"
    assert effects(SECURE, off, "changed", "security", "auth") == "none warn none"


def test_tokens_of_another_issuer() -> None:
    after = SECURE.replace('issuer: "https://issuer"', 'issuer: "https://other"')

    value = evolved(SECURE, after).value

    assert value is not None
    assert [(one.api, one.text) for one in value.changes] == [
        ("breaking", "tokens of `https://issuer` as they were are not accepted"),
        ("warn", "tokens of `https://other` are accepted: security review"),
    ]


TWO = "api: { versions: { v1: , v2: } }\n"


def versioned(fields: str, head: str = TWO) -> str:
    """Return a spec with two versions of the API."""
    return task(fields).replace("app: shop\n", f"app: shop\n{head}")


def test_version_of_the_api_added_and_removed() -> None:
    one = versioned("a: str", "api: { versions: { v1: } }\n")

    assert effects(one, versioned("a: str"), "added", "api.v2") == "none safe none"
    assert effects(versioned("a: str"), one, "removed", "api.v2") == "none breaking none"


def test_gone_from_a_version_of_the_api() -> None:
    before, after = versioned("a: str\nb: int?"), versioned("a: str\nb: int? until=v2")

    assert effects(before, after, "changed", "Task.b", "until") == "none breaking none"
    assert effects(after, before, "changed", "Task.b", "until") == "none safe none"


def test_what_only_a_new_version_has_not_breaks_nobody() -> None:
    before = versioned("a: str\nb: int?", "api: { versions: { v1: } }\n")

    found = changes(before, versioned("a: str\nb: int? until=v2"))

    assert {one.api for one in found.values()} == {"safe"}


def test_a_field_that_no_version_had_any_more_is_removed_without_harm_to_clients() -> None:
    before = versioned("a: str\nb: int? until=v2")
    after = versioned("a: str", "api: { versions: { v2: } }\n")

    found = changes(before, after)

    assert found["removed", "Task.b", ""].api == "none"


def test_deprecated() -> None:
    after = task("title: { type: str, deprecated: true }")

    assert effects(PLAIN, after, "changed", "Task.title", "deprecated") == "none warn none"


def test_versions_chosen_in_another_way() -> None:
    before = versioned("a: str")
    after = before.replace("api: {", "api: { versioning: header,")

    assert effects(before, after, "changed", "api", "versioning") == "none breaking none"


def test_idempotency_key_required() -> None:
    after = task("title: str", "api: { idempotency: required }")

    assert effects(PLAIN, after, "changed", "Task", "idempotency") == "none breaking none"
    assert effects(after, PLAIN, "changed", "Task", "idempotency") == "none safe none"


def test_computed_field_stored_and_stored_no_more() -> None:
    before = task("title: str\nsize: int := len(title)")
    after = task("title: str\nsize: { type: int, computed: len(title), stored: true }")

    found = effects(before, after, "changed", "Task.size", "stored")
    back = effects(after, before, "changed", "Task.size", "stored")

    assert found == "locking none none"
    assert back == "safe none none"


def test_exclusion_added_and_removed() -> None:
    before = task("room: str\nbegins: datetime\nends: datetime")
    after = before + "    exclude: { busy: { equal: [room], overlap: [begins, ends] } }\n"

    assert effects(before, after, "changed", "Task", "exclude.busy") == "locking breaking none"
    assert effects(after, before, "changed", "Task", "exclude.busy") == "safe safe none"


def test_hand_written_invariant_added_and_removed() -> None:
    after = task("title: str", "invariants: { fair: { handler: custom, message: No. } }")

    assert effects(PLAIN, after, "changed", "Task", "invariants.fair") == "none breaking none"
    assert effects(after, PLAIN, "changed", "Task", "invariants.fair") == "none safe none"


def test_table_of_events_needed_and_needed_no_more() -> None:
    after = task("title: str", "commands: { go: { emits: Gone } }\nevents: { Gone: [title] }")

    assert effects(PLAIN, after, "changed", "outbox", "table") == "safe none none"
    assert effects(after, PLAIN, "changed", "outbox", "table") == "destructive none none"


def test_run_in_another_way() -> None:
    found = told("settle: {", "settle: { lock: true,", "changed", "Order.settle", "execution")

    assert found == "none none none"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("max_size: 1mb", "max_size: 2mb", "none safe none"),
        ("max_size: 2mb", "max_size: 1mb", "none breaking none"),
        ("types: [image/png]", "types: [image/png, image/webp]", "none safe none"),
        ("types: [image/png]", "types: [image/*]", "none safe none"),
        ("types: [image/*]", "types: [image/png]", "none breaking none"),
        ("types: [image/png]", "max_size: 10mb", "none safe none"),
        ("max_size: 10mb", "types: [image/png]", "none breaking none"),
    ],
)
def test_what_may_be_uploaded(before: str, after: str, found: str) -> None:
    was, now = (
        task(f"title: str\nimage: {{ type: file?, file: {{ {one} }} }}") for one in (before, after)
    )

    assert effects(was, now, "changed", "Task.image", "file") == found


def test_a_file_comes_and_goes() -> None:
    with_file = task("title: str\nimage: file?")

    assert effects(PLAIN, with_file, "added", "Task.image") == "safe safe safe"
    assert effects(with_file, PLAIN, "removed", "Task.image") == "destructive breaking breaking"


def test_reads_logged_and_no_longer() -> None:
    after = task("title: str audit_reads")

    assert effects(PLAIN, after, "changed", "Task", "audit.reads") == "safe none none"
    assert effects(after, PLAIN, "changed", "Task", "audit.reads") == "destructive none none"


def test_what_runs_otherwise_and_changes_no_table() -> None:
    deleted, purged = (
        task("title: str", f"soft_delete: {{{one}}}") for one in ("", "purge_after: 30d")
    )
    every, one = task("title: str", "audit: true"), task("title: str", "audit: { fields: title }")

    assert (
        effects(deleted, purged, "changed", "Task", "soft_delete.purge_after") == "none none none"
    )
    assert effects(every, one, "changed", "Task", "audit.fields") == "none none none"
