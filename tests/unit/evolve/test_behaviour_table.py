"""One test a row of the table for what a system does: database, API, events."""

import pytest

from apigen.evolve.summary import summary_text
from tests.unit.evolve.specs import effects, evolved

BEFORE = """\
apigen: 1
app: shop
security:
  auth: [jwt]
  jwt: { issuer: env:JWT_ISSUER, audience: shop, jwks_url: env:JWT_JWKS_URL }
  roles: { clerk: , boss: { inherits: [clerk] } }
  default_access: authenticated
api: { versions: { v1: , v2: } }
entities:
  Task:
    fields:
      title: str(1..80)
      hours: int = 0
      rate: int = 1
      cost: int := hours * rate
      owner: str? = actor.id
      hidden_note: str?
    lifecycle: { states: [open, done, filed], final: [filed] }
    commands:
      close:
        moves: open -> done
        input: { note: str(200) }
        when: { too_early: hours > 0 }
        set: { title: input.note }
        emits: TaskClosed
        access: clerk
      file: { moves: done -> filed, access: boss }
    events:
      TaskClosed: { pick: [title, hours], public: true }
      TaskMoved: { fields: { place: str } , public: true }
    queries:
      late: { where: status == open, access: clerk }
    access: { read: clerk, all: boss }
commands:
  count_hours: { input: { hours: int }, handler: custom, api: false }
reactions:
  on_close: { event: TaskClosed, run: count_hours, with: { hours: event.hours } }
projections:
  TaskList:
    of: Task
    fields: { id: id(Task), title: str }
    mode: live
    access: { read: clerk }
"""

REACTIONS = """\
reactions:
  on_close: { event: TaskClosed, run: count_hours, with: { hours: event.hours } }
"""
ROWS = [
    ("command added", "      file:", "      reopen: { moves: done -> open }\n      file:",
     "added", "Task.reopen", "", "none safe none"),
    ("command removed", "      file: { moves: done -> filed, access: boss }\n", "",
     "removed", "Task.file", "", "none breaking none"),
    ("command renamed", "      file: {", "      store: { renamed_from: file,",
     "renamed", "Task.store", "", "none breaking none"),
    ("command does something else", "{ title: input.note }", '{ title: "input.note + title" }',
     "changed", "Task.close", "set", "none warn none"),
    ("input needed", "{ note: str(200) }", "{ note: str(200), who: str }",
     "added", "Task.close.who", "", "none breaking none"),
    ("input offered", "{ note: str(200) }", "{ note: str(200), who: str? }",
     "added", "Task.close.who", "", "none safe none"),
    ("guard tightened", "hours > 0", "hours > 1",
     "changed", "Task.close", "when.too_early", "none warn none"),
    ("guard loosened", "        when: { too_early: hours > 0 }\n", "",
     "changed", "Task.close", "when.too_early", "none safe none"),
    ("move added", "moves: done -> filed", "moves: open|done -> filed",
     "changed", "Task.file", "moves", "none safe none"),
    ("move removed", "moves: done -> filed", "moves: open -> filed",
     "changed", "Task.file", "moves", "none breaking none"),
    ("route lost", "access: boss }\n    events", "access: boss, api: false }\n    events",
     "changed", "Task.file", "api", "none breaking none"),
    ("beginning of a lifecycle", "final: [filed]", "initial: done, final: [filed]",
     "changed", "Task", "lifecycle.initial", "none warn none"),
    ("history of a lifecycle", "final: [filed]", "final: [filed], history: true",
     "changed", "Task", "lifecycle.history", "safe none none"),
    ("state added", "[open, done, filed]", "[open, done, filed, lost]",
     "added", "TaskStatus.lost", "", "locking warn warn"),
    ("event added", "      TaskMoved:", "      TaskLost: [title]\n      TaskMoved:",
     "added", "Task.TaskLost", "", "none none safe"),
    ("event removed", "      TaskMoved: { fields: { place: str } , public: true }\n", "",
     "removed", "Task.TaskMoved", "", "none none breaking"),
    ("event renamed", "      TaskMoved: {", "      TaskGone: { renamed_from: TaskMoved,",
     "renamed", "Task.TaskGone", "", "none none breaking"),
    ("payload gains", "{ place: str }", "{ place: str, by: str? }",
     "added", "Task.TaskMoved.by", "", "none none safe"),
    ("payload needs", "{ place: str }", "{ place: str, by: str }",
     "added", "Task.TaskMoved.by", "", "none none breaking"),
    ("event no longer public", "hours], public: true", "hours]",
     "changed", "Task.TaskClosed", "public", "none none breaking"),
    ("emission removed", "        emits: TaskClosed\n", "",
     "changed", "Task.close", "emits", "none none warn"),
    ("emission added", "{ moves: done -> filed,", "{ moves: done -> filed, emits: TaskClosed,",
     "changed", "Task.file", "emits", "none none safe"),
    ("query added", "      late:", "      early: { where: status == done }\n      late:",
     "added", "Task.early", "", "none safe none"),
    ("query renamed", "      late: {", "      tardy: { renamed_from: late,",
     "renamed", "Task.tardy", "", "none breaking none"),
    ("query finds something else", "status == open", "status == done",
     "changed", "Task.late", "where", "none warn none"),
    ("reaction does something else", "event.hours }", "event.hours + 1 }",
     "changed", "on_close", "run", "none none warn"),
    ("reaction removed", REACTIONS, "", "removed", "on_close", "", "none none warn"),
    ("projection gains", "title: str }\n    mode", "title: str, hours: int }\n    mode",
     "added", "TaskList.hours", "", "none safe none"),
    ("projection loses", "id: id(Task), title: str }", "id: id(Task) }",
     "removed", "TaskList.title", "", "none breaking none"),
    ("access tightened", "access: clerk\n      file", "access: boss\n      file",
     "changed", "Task.close", "access", "none warn none"),
    ("access loosened", "{ read: clerk, all", "{ read: public, all",
     "changed", "Task.read", "access", "none warn none"),
    ("version of the API added", "v2: }", "v2: , v3: }",
     "added", "api", "", "none safe none"),
    ("version of the API removed", "{ v1: , v2: }", "{ v2: }",
     "removed", "api", "", "none breaking none"),
    ("version of the API ends", "{ v1: ,", "{ v1: { sunset: 2027-01-01, successor: v2 },",
     "changed", "api", "sunset", "none warn none"),
    ("field in fewer versions", "      hidden_note: str?", "      hidden_note: str? since=v2",
     "changed", "Task.hidden_note", "since", "none breaking none"),
    ("computed field stored", "cost: int := hours * rate",
     "cost: { type: int, computed: hours * rate, stored: true }",
     "changed", "Task.cost", "stored", "locking none none"),
    ("key of writes required", "    access: { read: clerk, all: boss }",
     "    access: { read: clerk, all: boss }\n    api: { idempotency: required }",
     "changed", "Task", "idempotency", "none breaking none"),
]  # fmt: skip
"""What it shows, what in the spec becomes what, and how the change is told."""


@pytest.mark.parametrize(
    ("old", "new", "kind", "symbol", "attribute", "expected"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_row(old: str, new: str, kind: str, symbol: str, attribute: str, expected: str) -> None:
    assert BEFORE.count(old) == 1

    assert effects(BEFORE, BEFORE.replace(old, new), kind, symbol, attribute) == expected


def test_switching_security_off_and_on() -> None:
    start, end = BEFORE.index("security:"), BEFORE.index("api: {")
    open_to_all = BEFORE[:start] + BEFORE[end:]
    for words in ("access: clerk", "access: boss", "= actor.id", "access: { read: clerk }"):
        open_to_all = open_to_all.replace(f"        {words}\n", "").replace(f", {words}", "")
        open_to_all = open_to_all.replace(f" {words}", "")
    open_to_all = open_to_all.replace("    access: { read: clerk, all: boss }\n", "")

    assert effects(open_to_all, BEFORE, "changed", "api", "security") == "none breaking none"
    assert effects(BEFORE, open_to_all, "changed", "api", "security") == "none warn none"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("{ place: str, by: str }", True),
        ("{ spot: str }", True),
        ("{ place: int }", True),
        ("{ place: str, by: str? }", False),
    ],
)
@pytest.mark.parametrize(("compat", "severity"), [("strict", "error"), ("warn", "warning")])
def test_an_event_that_changed_needs_a_version(
    change: str, told: bool, compat: str, severity: str
) -> None:
    spec = BEFORE.replace("api: {", f"api: {{ compat: {compat},")

    found = evolved(spec, spec.replace("{ place: str }", change)).diagnostics

    events = [one.severity.value for one in found if one.code == "AG806"]
    assert events == ([severity] if told else [])


def test_an_event_of_a_higher_version_may_change() -> None:
    after = BEFORE.replace(
        "{ fields: { place: str } ,",
        "{ fields: { spot: str }, version: 2, upcast: { 1: { spot: \"'x'\" } },",
    )

    assert [one for one in evolved(BEFORE, after).diagnostics if one.code == "AG806"] == []


def test_events_are_in_the_summary_of_a_system_that_has_some() -> None:
    value = evolved(BEFORE, BEFORE.replace("{ place: str }", "{ place: str, by: str? }")).value

    assert value is not None
    assert "Events:\n  compatible  field `TaskMoved.by` is new" in summary_text(value)
