"""What a change does to data and to clients, worst first."""

from dataclasses import replace

from apigen.evolve.record import Effect
from apigen.evolve.summary import changelog_text, summary_json, summary_text, worst
from tests.unit.evolve.specs import evolved, task

BEFORE = task("a: str(1..80)\nremark: str?")
AFTER = task("a: str(1..90)\nsize: int?")


def test_the_worst_comes_first() -> None:
    value = evolved(BEFORE, AFTER, data_loss=("Task.remark",)).value

    assert value is not None
    lines = summary_text(value).partition("Migrations:")[0].splitlines()
    assert lines == [
        "Data:",
        "  loses data  field `Task.remark` is gone  (apigen.yaml:4)",
        "  safe        `max` of `Task.a` is 90  (apigen.yaml:6)",
        "  safe        field `Task.size` is new  (apigen.yaml:7)",
        "Clients:",
        "  breaking      field `Task.remark` is gone  (apigen.yaml:4)",
        "  may surprise  `max` of `Task.a` is 90  (apigen.yaml:6)",
        "  compatible    field `Task.size` is new  (apigen.yaml:7)",
    ]


def test_the_revision_that_loses_data_is_marked() -> None:
    value = evolved(BEFORE, AFTER, data_loss=("Task.remark",)).value

    assert value is not None
    text = summary_text(value)
    assert [line.endswith("(loses data)") for line in text.splitlines() if ".py" in line] == [
        False,
        True,
    ]
    assert "Version of the API: 0.2.0 fits (`app.version`).\n" in text


def test_nothing_is_said_of_nothing() -> None:
    value = evolved(BEFORE, BEFORE).value

    assert value is not None
    assert summary_text(value) == ""


def test_a_long_changelog_is_cut() -> None:
    evolution = evolved(BEFORE, BEFORE).value
    assert evolution is not None

    text = changelog_text(replace(evolution, changelog="a\n\n" * 23))

    assert changelog_text(evolution) == ""
    assert text == (
        "For the changelog of the API:\n"
        + "  a\n" * 20
        + "  and 3 lines more: `--format json` has all of it\n"
    )


def test_programs_get_everything() -> None:
    value = evolved(BEFORE, task("a: str(1..80)\nnote: str? renamed_from=remark")).value

    assert value is not None
    told = summary_json(value)
    assert told["renames"] == [
        {"kind": "field", "old": "shop.Task.remark", "new": "shop.Task.note"}
    ]
    assert told["worst"] == {"data": "safe", "clients": "breaking", "events": "breaking"}
    assert told["changes"] == [
        {
            "kind": "renamed",
            "element": "field",
            "symbol": "shop.Task.note",
            "attribute": "",
            "before": "shop.Task.remark",
            "after": "shop.Task.note",
            "database": "safe",
            "api": "breaking",
            "events": "breaking",
            "text": "field `remark` is called `Task.note`",
            "file": "apigen.yaml",
            "line": 7,
        }
    ]


def test_the_worst_of_nothing_is_none() -> None:
    assert worst((), lambda change: change.api) is Effect.NONE


def test_people_are_told_of_events_that_there_are() -> None:
    before = task("a: str", "commands: { go: { emits: Gone } }\nevents: { Gone: [a] }")
    after = before.replace("Gone: [a]", "Gone: { pick: [a], public: true }")

    value = evolved(before, after).value

    assert value is not None
    assert summary_text(value) == (
        "Events:\n"
        "  compatible  event `Gone` is public  (apigen.yaml:6)\n"
        "Version of the API: 0.2.0 fits (`app.version`).\n"
    )
