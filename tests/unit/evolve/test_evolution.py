"""A run against the last one: what stops it, what it needs to be told, what it leaves behind."""

from dataclasses import replace

import pytest

from apigen.diagnostics import Outcome
from apigen.evolve.evolution import evolve
from apigen.evolve.lock import parse_lock, print_lock
from apigen.evolve.record import Evolution, LastRun, Lock
from apigen.views.migrations.schema import schema
from tests.diagnostics.pipeline import united
from tests.unit.evolve.specs import NOTHING_KNOWN, evolved, lock_of, shop, system_of, task

BEFORE = task("title: str\nremark: str(1..200)?")


def codes(outcome: Outcome[Evolution]) -> list[str]:
    """Return the codes of what was found."""
    return [found.code for found in outcome.diagnostics]


def test_the_first_run_has_no_changes() -> None:
    outcome = evolve(NOTHING_KNOWN, system_of(BEFORE), schema)

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert (outcome.value.changes, outcome.value.renames, outcome.value.version) == ((), (), None)
    assert len(outcome.value.revisions) == 1


def test_a_run_on_an_equal_spec_writes_the_same_lock_and_no_revision() -> None:
    outcome = evolved(BEFORE, BEFORE)

    assert outcome.value is not None
    assert print_lock(outcome.value.lock) == print_lock(lock_of(BEFORE))
    assert (outcome.value.changes, outcome.value.revisions) == ((), ())


def test_orphans_of_the_lock_are_handed_on() -> None:
    lock = replace(lock_of(BEFORE), orphans=("src/a.py::f",))

    outcome = evolved(BEFORE, BEFORE, lock=lock)

    assert outcome.value is not None
    assert outcome.value.lock.orphans == ("src/a.py::f",)


def test_a_rename_is_a_revision_and_loses_nothing() -> None:
    outcome = evolved(BEFORE, task("title: str\nnote: str(1..200)? renamed_from=remark"))

    assert codes(outcome) == []
    assert outcome.value is not None
    assert [revision.is_destructive for revision in outcome.value.revisions] == [False]


def test_an_undeclared_rename_stops_the_run_and_is_shown() -> None:
    outcome = evolved(BEFORE, task("title: str\nnote: str(1..200)?"))

    assert codes(outcome) == ["AG801"]
    assert outcome.has_errors
    assert outcome.value is not None
    assert outcome.value.revisions == ()
    assert {(one.kind, one.symbol) for one in outcome.value.changes} == {
        ("added", "shop.Task.note"),
        ("removed", "shop.Task.remark"),
    }


@pytest.mark.parametrize("symbol", ["Task.remark", "shop.Task.remark", "Task"])
def test_a_real_removal_is_agreed_to(symbol: str) -> None:
    outcome = evolved(BEFORE, task("title: str\nnote: str(1..200)?"), data_loss=(symbol,))

    assert "AG801" not in codes(outcome)


def test_accept_removal_says_it_is_no_rename_but_drops_no_data() -> None:
    outcome = evolved(BEFORE, task("title: str\nnote: str(1..200)?"), removal=("Task.remark",))

    assert codes(outcome) == ["AG804"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A lone pair of one type, whatever it is called.
        ("a: str\nremark: str(1..200)?", "a: str\nzzz: str(1..100)?"),
        # Names alike among several.
        ("a: str\ndue_date: date?\nx: int?", "a: str\ndue_on: date?\ny: bool?\nz: bool?"),
        # Names almost equal, types not.
        ("a: str\nquantity: int", "a: str\nquantitiy: bool?"),
    ],
)
def test_what_looks_like_a_rename(before: str, after: str) -> None:
    outcome = evolved(task(before), task(after))

    assert "AG801" in codes(outcome)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: str\nremark: str?", "a: str\nprice: decimal?"),
        ("a: str\nremark: str?\nx: int?", "a: str\nprice: decimal?\nsize: decimal?"),
        ("a: str\ndouble: str := a", "a: str\ntwice: str?"),
    ],
)
def test_what_does_not_look_like_a_rename(before: str, after: str) -> None:
    outcome = evolved(task(before), task(after))

    assert "AG801" not in codes(outcome)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a|b|c", "a|b|zzz", ["AG801"]),
        ("open|shut|c", "opened|x|y|c", ["AG801"]),
        ("a|b|c", "a|b", []),
        ("a|b|c", "a|b|c|d", []),
        ("aaa|bbb|c", "c|xxx|yyy", []),
    ],
)
def test_a_member_that_goes_while_one_comes_may_be_renamed(
    before: str, after: str, expected: list[str]
) -> None:
    outcome = evolved(task(f"state: enum({before})"), task(f"state: enum({after})"))

    assert codes(outcome) == expected


@pytest.mark.parametrize("symbol", ["TaskState.c", "TaskState", "shop.TaskState.c"])
def test_a_member_is_really_gone_when_its_owner_says_so(symbol: str) -> None:
    before, after = task("state: enum(a|c)"), task("state: enum(a|d)")

    agreed = evolved(before, after, removal=(symbol,))

    assert codes(agreed) == []
    assert agreed.value is not None
    assert [one.text for one in agreed.value.changes] == [
        "`TaskState` has the member `d`",
        "member `c` of `TaskState` is gone",
    ]


def test_a_member_with_the_stored_value_of_the_one_that_went_needs_no_word() -> None:
    text = task("state: State").replace(
        "entities:", "types: { State: { enum: { %s } } }\nentities:"
    )

    outcome = evolved(text % "open: {}, done: {}", text % "todo: { value: open }, done: {}")

    assert codes(outcome) == []


def test_without_the_last_spec_names_alone_are_compared() -> None:
    last = LastRun(lock=lock_of(BEFORE), spec={}, system=None)

    alike = evolve(last, system_of(task("title: str\nremarks: str?")), schema, heads=("1",))
    renamed = evolve(
        last, system_of(task("title: str\nnote: str? renamed_from=remark")), schema, heads=("1",)
    )

    assert codes(alike) == ["AG801"]
    assert renamed.value is not None
    assert [rename.new for rename in renamed.value.renames] == ["shop.Task.note"]


STRICT = "api: { compat: strict }\n"


def strict(fields: str, head: str = STRICT) -> str:
    """Return a spec that promises not to break clients."""
    return task(fields).replace("app: shop\n", f"app: shop\n{head}")


def test_strict_refuses_what_breaks_clients() -> None:
    outcome = evolved(strict("a: str"), strict("a: str\nb: { type: int, backfill: 1 }"))

    assert codes(outcome) == ["AG803"]


@pytest.mark.parametrize("compat", ["warn", "off"])
def test_otherwise_it_is_only_listed(compat: str) -> None:
    head = STRICT.replace("strict", compat)

    outcome = evolved(strict("a: str", head), strict("a: str\nb: { type: int, backfill: 1 }", head))

    assert codes(outcome) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("compat: strict }", "compat: strict, versions: { v2: } }"),
        ("app: shop", 'app: { name: shop, version: "0.2.0" }'),
    ],
)
def test_a_new_version_is_the_agreement(was: str, now: str) -> None:
    after = strict("a: str\nb: { type: int, backfill: 1 }").replace(was, now)

    assert codes(evolved(strict("a: str"), after)) == []


def test_one_breaking_change_is_agreed_to_by_name() -> None:
    after = strict("a: str\nb: { type: int, backfill: 1 }")

    assert codes(evolved(strict("a: str"), after, removal=("Task.b",))) == []


def test_a_lock_of_0_1_with_todays_spec_counts_as_today() -> None:
    old = Lock(symbols=tuple(s for s in lock_of(BEFORE).symbols if s.kind != "member"), schema=None)

    outcome = evolve(
        LastRun(lock=old, spec={}, system=None), system_of(BEFORE), schema, heads=("1",)
    )

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert outcome.value.revisions == ()
    assert outcome.value.lock.schema is not None


def test_a_lock_of_0_1_with_another_spec_is_stale() -> None:
    old = Lock(symbols=lock_of(BEFORE).symbols, schema=None)

    outcome = evolve(
        LastRun(lock=old, spec={}, system=None), system_of(task("title: str")), schema, heads=("1",)
    )

    assert codes(outcome) == ["AG807"]
    assert outcome.value is None
    assert "`shop.Task.remark`" in outcome.diagnostics[0].message


def disputed(today: str) -> Outcome[Evolution]:
    """Return a run on a lock in which a column has two forms."""
    text = print_lock(lock_of(task("n: int\nm: int?"))).decode()
    wide = print_lock(lock_of(task("n: bigint\nm: int?"))).decode()
    lines = [
        next(one for one in lock.splitlines() if one.startswith('["column"') and '"n"' in one)
        for lock in (text, wide)
    ]
    lock = parse_lock(text.replace(lines[0], "\n".join(lines)).encode())
    return evolve(LastRun(lock=lock, spec={}, system=None), system_of(today), schema, heads=("1",))


def test_of_two_forms_of_a_column_todays_is_right() -> None:
    outcome = disputed(task("n: bigint\nm: int?"))

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert outcome.value.revisions == ()


def test_two_forms_of_a_column_that_are_both_not_todays_stop_the_run() -> None:
    assert codes(disputed(task("n: str\nm: int?"))) == ["AG807"]


def test_a_column_that_git_brought_back_is_not_dropped_again() -> None:
    base = lock_of(BEFORE)
    removed = lock_of(task("title: str"), base)
    last = LastRun(lock=united(removed, base), spec={}, system=None)

    outcome = evolve(last, system_of(task("title: str")), schema, heads=("1",))

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert outcome.value.revisions == ()


def test_two_branches_that_added_to_one_entity_need_nothing_more() -> None:
    base = lock_of(BEFORE)
    ours = lock_of(f"{BEFORE}      a: int?\n", base)
    theirs = lock_of(f"{BEFORE}      b: int? index\n", base)
    both = f"{BEFORE}      a: int?\n      b: int? index\n"

    outcome = evolve(
        LastRun(lock=united(ours, theirs), spec={}, system=None),
        system_of(both),
        schema,
        heads=("1",),
    )

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert outcome.value.revisions == ()


def test_everything_is_deterministic() -> None:
    after = shop(
        "  Task:\n    fields: { name: str renamed_from=title, b: int?, c: enum(x|y) = x }\n"
    )

    assert evolved(BEFORE, after, data_loss=("Task",)) == evolved(
        BEFORE, after, data_loss=("Task",)
    )


EVENTS = """\
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields: { number: str, total: int = 0 }
    commands: { place: { emits: OrderPlaced } }
    events: { OrderPlaced: { pick: [number], public: true } }
"""
MORE = EVENTS.replace("pick: [number],", "pick: [number, total],")


def test_strict_refuses_what_breaks_consumers_of_an_event() -> None:
    outcome = evolved(EVENTS, MORE)

    assert codes(outcome) == ["AG806"]
    assert outcome.diagnostics[0].help == (
        "set `version: 2`, and say in `upcast` what events of version 1 lack, or agree:"
        " `--accept-removal Order.OrderPlaced`"
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("public: true", "public: true, version: 2, upcast: { 1: { total: 0 } }"),
        ("compat: strict", "compat: off"),
    ],
)
def test_a_version_of_the_event_with_an_upcast_is_the_agreement(was: str, now: str) -> None:
    assert codes(evolved(EVENTS, MORE.replace(was, now))) == []


def test_what_waits_may_not_be_readable_is_a_warning_by_default() -> None:
    before, after = (text.replace("strict", "warn") for text in (EVENTS, MORE))

    found = evolved(before, after).diagnostics

    assert [(one.code, one.severity.value) for one in found] == [("AG806", "warning")]


@pytest.mark.parametrize(("public", "expected"), [("true", ["AG806"]), ("false", [])])
def test_strict_keeps_a_public_event(public: str, expected: list[str]) -> None:
    before = EVENTS.replace("public: true }", f"public: {public} }}, Other: [number]")
    before = before.replace("Other: [number]", f"Other: {{ pick: [number], public: {public} }}")

    after = before.replace(f", Other: {{ pick: [number], public: {public} }}", "")

    assert codes(evolved(before, after)) == expected


def test_a_type_that_a_public_event_carries_breaks_its_consumers_too() -> None:
    before = EVENTS.replace("number: str", "number: Number").replace(
        "entities:", "types: { Number: { fields: { text: str, part: int? } } }\nentities:"
    )

    outcome = evolved(before, before.replace(", part: int?", ""), data_loss=("Order",))

    assert codes(outcome) == ["AG803", "AG806"]


def test_a_version_of_the_api_beside_the_old_one_is_no_agreement() -> None:
    after = strict("a: str\nb: { type: int, backfill: 1 }").replace(
        "compat: strict }", "compat: strict, versions: { v1: , v2: } }"
    )

    assert codes(evolved(strict("a: str"), after)) == ["AG803"]


def test_since_and_until_keep_the_clients_of_a_version() -> None:
    head = "api: { compat: strict, versions: { v1: , v2: } }\n"
    after = strict("a: str\nb: { type: int, backfill: 1, since: v2 }", head)

    assert codes(evolved(strict("a: str"), after)) == []


def test_a_field_that_is_gone_from_a_new_version_is_kept_with_until() -> None:
    one, two = (
        f"api: {{ compat: strict, versions: {{ {them} }} }}\n" for them in ("v1:", "v1: , v2:")
    )
    before = strict("a: str\nb: int?", one)

    assert codes(evolved(before, strict("a: str", two))) == ["AG803"]
    assert codes(evolved(before, strict("a: str\nb: int? until=v2", two))) == []
    # A version that there was already has clients, too.
    had_both = strict("a: str\nb: int?", two)
    assert codes(evolved(had_both, strict("a: str\nb: int? until=v2", two))) == ["AG803"]


def test_a_renamed_field_is_kept_under_its_old_name_with_until() -> None:
    one, two = (
        f"api: {{ compat: strict, versions: {{ {them} }} }}\n" for them in ("v1:", "v1: , v2:")
    )
    after = strict("a: str\nb: int? until=v2\nc: int? since=v2", two)

    assert codes(evolved(strict("a: str\nb: int?", one), after)) == []
