"""The same thing keeps its id, whatever it is called."""

from apigen.evolve.identity import Identified, identified, with_lock
from apigen.evolve.lock import parse_lock, print_lock
from apigen.evolve.record import Lock, Rename
from apigen.ir.system import Child, Entity, EnumType, System
from tests.diagnostics.pipeline import united
from tests.unit.evolve.specs import lock_of, shop, system_of, task

TITLE = task("title: str\nnote: text?")


def run(text: str, lock: Lock | None, last: str = "") -> Identified:
    """Match a spec with a lock."""
    return identified(system_of(text), lock, system_of(last) if last else None)


def ids(system: System) -> dict[str, str]:
    """Return the ids of the entities, children, fields and types of a system."""
    found = {one.qname: one.id for one in (*system.types.values(), *system.entities.values())}
    owners: tuple[Entity | Child, ...] = (*system.entities.values(), *system.children.values())
    for owner in owners:
        found |= {owner.qname: owner.id, **{field.qname: field.id for field in owner.fields}}
    return found


def test_without_a_lock_ids_are_those_things_are_born_with() -> None:
    system = system_of(TITLE)

    assert identified(system, None).system is system


def test_a_renamed_field_keeps_its_id() -> None:
    before = ids(system_of(TITLE))

    after = run(task("title: str\nremark: text? renamed_from=note"), lock_of(TITLE))

    assert ids(after.system)["shop.Task.remark"] == before["shop.Task.note"]
    assert after.renames == (Rename(kind="field", old="shop.Task.note", new="shop.Task.remark"),)
    assert after.gone == ()


def test_renamed_from_may_stay_and_may_go() -> None:
    renamed = task("title: str\nremark: text? renamed_from=note")
    lock = lock_of(renamed, lock_of(TITLE))

    stays = run(renamed, lock)
    goes = run(renamed.replace(" renamed_from=note", ""), lock)

    assert stays.renames == goes.renames == ()
    assert stays.diagnostics == goes.diagnostics == ()
    assert ids(stays.system) == ids(goes.system)
    assert stays.symbols == goes.symbols


def test_the_second_former_name_counts_when_the_first_was_never_made() -> None:
    after = run(
        task("title: str\nhint: { type: text?, renamed_from: [remark, note] }"), lock_of(TITLE)
    )

    assert [rename.old for rename in after.renames] == ["shop.Task.note"]


def test_everything_of_a_renamed_entity_keeps_its_id() -> None:
    before = task(
        "title: str\nstatus: enum(a|b)", "children: { lines: { fields: { kind: enum(x|y) } } }"
    )
    after = run(before.replace("Task:", "Todo:\n    renamed_from: Task"), lock_of(before), before)

    expected = {name.replace("Task", "Todo"): id for name, id in ids(system_of(before)).items()}
    assert ids(after.system) == expected
    assert after.renames == (Rename(kind="entity", old="shop.Task", new="shop.Todo"),)


def test_an_old_renamed_from_takes_no_field_of_the_entity_that_has_the_name_now() -> None:
    first = lock_of(TITLE)
    todo = TITLE.replace("Task:", "Todo:\n    renamed_from: Task")
    both = lock_of(f"{todo}  Task:\n    fields: {{ a: str, extra: int? }}\n", lock_of(todo, first))
    moved = f"{todo}      extra: int?\n"

    after = run(f"{moved}  Task:\n    fields: {{ a: str }}\n", both)
    alone = run(moved, both)

    assert [symbol.qname for symbol in after.gone] == ["shop.Task.extra"]
    assert "shop.Task.extra" in [symbol.qname for symbol in alone.gone]


def test_a_renamed_collection_keeps_the_ids_of_its_children() -> None:
    before = task("title: str", "children: { lines: { fields: { text: str } } }")

    after = run(before.replace("lines: {", "rows: { renamed_from: lines,"), lock_of(before), before)

    assert ids(after.system)["shop.TaskRow.text"] == ids(system_of(before))["shop.TaskLine.text"]
    assert after.renames == (Rename(kind="child", old="shop.Task.lines", new="shop.Task.rows"),)


def test_a_renamed_class_of_children_keeps_its_ids() -> None:
    before = task("title: str", "children: { lines: { entity: Row, fields: { text: str } } }")
    renamed = before.replace("entity: Row", "entity: Step, renamed_from: Row")

    after = run(renamed, lock_of(before), before)

    assert after.renames == (Rename(kind="child", old="shop.Row", new="shop.Step"),)


def test_a_renamed_field_of_a_value_object_keeps_its_id() -> None:
    before = shop(
        "  Task:\n    fields: { cost: Money }\n",
        types="  Money: { fields: { amount: int, unit: str } }\n",
    )
    after = run(before.replace("unit: str", "code: str renamed_from=unit"), lock_of(before))

    assert after.renames == (Rename(kind="field", old="shop.Money.unit", new="shop.Money.code"),)


def test_a_renamed_target_renames_no_ref() -> None:
    before = shop("  A:\n    fields: { b: ref(B) }\n  B:\n    fields: { x: str }\n")
    after = before.replace("ref(B)", "ref(C)").replace("  B:", "  C:\n    renamed_from: B")

    found = run(after, lock_of(before))

    assert ids(found.system)["shop.A.b"] == ids(system_of(before))["shop.A.b"]


def test_a_renamed_app_keeps_all_ids() -> None:
    after = run(TITLE.replace("app: shop", "app: store"), lock_of(TITLE))

    expected = {name.replace("shop", "store"): id for name, id in ids(system_of(TITLE)).items()}
    assert ids(after.system) == expected


MOOD = shop(
    "  Task:\n    fields: { mood: Mood }\n    invariants: { ok: mood != fun }\n",
    types="  Mood: { enum: { fine: , fun: } }\n",
)
GREAT = MOOD.replace("fun:", "great: { renamed_from: fun }").replace("!= fun", "!= great")


def stored(system: System) -> list[str]:
    """Return what is stored for the members of `Mood`."""
    mood = system.types["shop.Mood"]
    assert isinstance(mood, EnumType)
    return [member.value for member in mood.members]


def test_a_renamed_member_keeps_its_stored_value() -> None:
    after = run(GREAT, lock_of(MOOD))

    assert stored(after.system) == ["fine", "fun"]
    assert "value='fun'" in repr(after.system.entities["shop.Task"].invariants[0].expr.tree)


def test_the_stored_value_stays_when_renamed_from_goes() -> None:
    lock = lock_of(GREAT, lock_of(MOOD))

    after = run(GREAT.replace("great: { renamed_from: fun }", "great:"), lock)

    assert stored(after.system) == ["fine", "fun"]


def test_a_value_of_its_own_wins_over_the_kept_one() -> None:
    own = GREAT.replace("{ renamed_from: fun }", "{ renamed_from: fun, value: G }")

    assert stored(run(own, lock_of(MOOD)).system) == ["fine", "G"]


def test_what_is_gone_leaves_a_tombstone() -> None:
    after = run(task("title: str"), lock_of(TITLE))

    assert [symbol.qname for symbol in after.gone] == ["shop.Task.note"]
    assert [symbol.qname for symbol in after.symbols if symbol.removed] == ["shop.Task.note"]


def test_a_name_that_comes_back_gets_another_id() -> None:
    without = lock_of(task("title: str"), lock_of(TITLE))

    once = run(TITLE, without)
    again = lock_of(task("title: str"), lock_of(TITLE, without))
    twice = run(TITLE, again)

    born = ids(system_of(TITLE))["shop.Task.note"]
    assert ids(once.system)["shop.Task.note"] == f"{born}-2"
    assert ids(twice.system)["shop.Task.note"] == f"{born}-3"


def test_a_new_thing_of_an_old_name_gets_another_id() -> None:
    renamed = lock_of(task("title: str\nremark: text? renamed_from=note"), lock_of(TITLE))

    after = run(task("title: str\nremark: text?\nnote: text?"), renamed)

    known = ids(after.system)
    assert known["shop.Task.note"] == f"{known['shop.Task.remark']}-2"


def test_a_source_that_was_removed_in_an_earlier_run_is_told() -> None:
    removed = lock_of(task("title: str"), lock_of(TITLE))

    after = run(task("title: str\nremark: text? renamed_from=note"), removed)

    assert [one.message for one in after.diagnostics] == [
        "`remark` cannot be renamed from `note`: `note` was removed in an earlier run"
    ]


def test_an_entity_may_begin_to_use_a_mixin_with_a_history() -> None:
    mixin = "mixins: { Coded: { fields: { code: int? renamed_from=key } } }\n"
    before = shop("  A: { fields: { x: str, key: int? } }\n  B: { fields: { x: str } }\n")
    after = shop(
        "  A: { use: Coded, fields: { x: str } }\n  B: { use: Coded, fields: { x: str } }\n",
        head=mixin,
    )

    found = run(after, lock_of(before))

    assert found.diagnostics == ()
    assert [rename.new for rename in found.renames] == ["shop.A.code"]


def test_a_new_entity_may_bring_its_history() -> None:
    after = run(TITLE + "  Copy:\n    fields: { a: str renamed_from=b }\n", lock_of(TITLE))

    assert after.diagnostics == ()


def test_two_branches_give_one_thing_one_id() -> None:
    spec = task("title: str\nremark: text? renamed_from=note\nextra: int?")

    assert lock_of(spec, lock_of(TITLE)) == lock_of(spec, lock_of(TITLE))


def test_with_lock_goes_by_names_alone() -> None:
    lock = lock_of(task("title: str\nremark: text? renamed_from=note"), lock_of(TITLE))

    known = ids(with_lock(system_of(task("title: str\nremark: text?")), lock))

    assert known["shop.Task.remark"] == ids(system_of(TITLE))["shop.Task.note"]


def test_branches_that_add_and_rename_unite() -> None:
    base = lock_of(TITLE)
    ours = lock_of(task("title: str\nremark: text? renamed_from=note"), base)
    theirs = lock_of(task("title: str\nnote: text?\nextra: int?"), base)

    after = run(task("title: str\nremark: text?\nextra: int?"), united(ours, theirs))

    assert after.known.disputes == ()
    assert after.gone == ()
    assert ids(after.system)["shop.Task.remark"] == ids(system_of(TITLE))["shop.Task.note"]


def test_a_branch_that_removes_wins_over_a_stale_line() -> None:
    base = lock_of(TITLE)
    ours = lock_of(task("title: str"), base)

    after = run(task("title: str"), united(ours, base))

    assert (after.gone, after.known.disputes) == ((), ())


def test_a_branch_that_adds_to_an_entity_which_another_renamed() -> None:
    base = lock_of(TITLE)
    ours = lock_of(TITLE.replace("Task:", "Todo:\n    renamed_from: Task"), base)
    theirs = lock_of(task("title: str\nnote: text?\nextra: int?"), base)

    spec = task("title: str\nnote: text?\nextra: int?").replace(
        "Task:", "Todo:\n    renamed_from: Task"
    )
    after = run(spec, united(ours, theirs))

    assert after.known.disputes == ()
    theirs_id = next(one.id for one in theirs.symbols if one.qname == "shop.Task.extra")
    assert ids(after.system)["shop.Todo.extra"] == theirs_id


def test_the_lock_is_read_back_as_it_was_united() -> None:
    lock = united(lock_of(TITLE), lock_of(task("title: str"), lock_of(TITLE)))

    assert print_lock(parse_lock(print_lock(lock))) == print_lock(lock)


ARC = task("who: ref(Person|Robot)?") + (
    "  Person:\n    fields: { a: str }\n  Robot:\n    fields: { a: str }\n"
)
ANDROID = ARC.replace("|Robot", "|Android").replace(
    "  Robot:\n", "  Android:\n    renamed_from: Robot\n"
)


def test_a_field_of_an_arc_follows_the_name_of_its_target() -> None:
    before = ids(system_of(ARC))

    after = run(ANDROID, lock_of(ARC), ARC)

    assert ids(after.system)["shop.Task.who_android"] == before["shop.Task.who_robot"]
    assert after.diagnostics == ()
    assert after.gone == ()
    assert [rename.new for rename in after.renames] == ["shop.Android"]


def test_a_field_of_an_arc_and_its_target_are_renamed_at_once() -> None:
    before = ids(system_of(ARC))

    after = run(
        ANDROID.replace("who: ref(Person|Android)?", "by: ref(Person|Android)? renamed_from=who"),
        lock_of(ARC),
        ARC,
    )

    assert ids(after.system)["shop.Task.by_android"] == before["shop.Task.who_robot"]
    assert after.diagnostics == ()
    assert after.gone == ()
    assert Rename(kind="field", old="shop.Task.who_robot", new="shop.Task.by_android") in (
        after.renames
    )


def test_a_target_of_an_arc_is_renamed_after_the_field_was() -> None:
    by = ARC.replace("who: ref(Person|Robot)?", "by: ref(Person|Robot)? renamed_from=who")
    lock = lock_of(by, lock_of(ARC))

    after = run(
        by.replace("|Robot", "|Android").replace(
            "  Robot:\n", "  Android:\n    renamed_from: Robot\n"
        ),
        lock,
        by,
    )

    assert ids(after.system)["shop.Task.by_android"] == ids(system_of(ARC))["shop.Task.who_robot"]
    assert after.diagnostics == ()
    assert after.gone == ()
