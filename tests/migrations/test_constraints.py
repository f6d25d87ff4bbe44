"""Constraints and indexes that come, go and change over rows."""

import json

import pytest
from alembic.util.exc import CommandError
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.migrations.history import HEAD, History, Refused
from tests.migrations.test_tables_and_names import key


def spec(fields: str, more: str = "") -> str:
    """Return a spec of one entity."""
    return f"entities:\n  Task:\n    fields: {{{fields}}}\n{more}"


def start(history: History, text: str, *titles: str) -> None:
    """Begin with a row a title."""
    history.change(text)
    history.insert(
        "tasks",
        *({"id": key(history, number), "title": one} for number, one in enumerate(titles)),
    )


def test_a_loosened_bound_lets_more_in(history: History) -> None:
    start(history, spec("title: str(3..9)"), "abc")

    history.change(spec("title: str(1..9)"))

    history.insert("tasks", {"id": key(history, 5), "title": "x"})
    assert history.rows("SELECT count(*) FROM tasks") == [(2,)]


def test_a_tightened_bound_is_checked_over_old_rows(history: History) -> None:
    start(history, spec("title: str(1..9)"), "x")

    with pytest.raises(IntegrityError, match="ck_tasks_title_length"):
        history.change(spec("title: str(3..9)"))

    assert history.rows("SELECT title FROM tasks") == [("x",)]


def test_a_tightened_bound_that_rows_keep_holds_from_then_on(history: History) -> None:
    start(history, spec("title: str(1..9)"), "abc")

    history.change(spec("title: str(3..9)"))

    with pytest.raises(IntegrityError):
        history.insert("tasks", {"id": key(history, 5), "title": "x"})
    history.undo()
    history.check(-2)
    history.redo()


def test_a_rule_comes_changes_and_goes(history: History) -> None:
    fields = "title: str(1..9), low: int = 1, high: int = 2"
    history.change(spec(fields))
    history.insert("tasks", {"id": key(history, 1), "title": "a", "low": 1, "high": 2})

    history.change(spec(fields, "    invariants: {ordered: low <= high}\n"))
    with pytest.raises(IntegrityError):
        history.insert("tasks", {"id": key(history, 2), "title": "b", "low": 3, "high": 2})
    history.change(spec(fields, "    invariants: {ordered: low < high}\n"))
    history.undo()
    history.check(-2)
    history.redo()
    history.change(spec(fields))

    history.insert("tasks", {"id": key(history, 3), "title": "c", "low": 3, "high": 2})
    assert history.rows("SELECT title FROM tasks ORDER BY title") == [("a",), ("c",)]


def test_uniqueness_is_checked_over_old_rows(history: History) -> None:
    start(history, spec("title: str(1..9)"), "x", "x")

    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        history.change(spec("title: str(1..9) unique"))

    assert history.rows("SELECT title FROM tasks") == [("x",), ("x",)]


def test_uniqueness_comes_and_goes(history: History) -> None:
    start(history, spec("title: str(1..9)"), "x", "y")
    history.change(spec("title: str(1..9) unique"))

    with pytest.raises(IntegrityError):
        history.insert("tasks", {"id": key(history, 5), "title": "x"})
    history.undo()
    history.check(-2)
    history.redo()
    history.change(spec("title: str(1..9)"))
    history.insert("tasks", {"id": key(history, 5), "title": "x"})

    assert history.rows("SELECT count(*) FROM tasks") == [(3,)]


def test_indexes_come_change_and_go(history: History) -> None:
    fields = "title: str(1..9), rank: int = 1, note: text?"
    start(history, spec(fields.replace(", note: text?", "").replace(" = 1", " = 1")), *())
    history.insert("tasks", {"id": key(history, 1), "title": "a", "rank": 1})
    by_rank = "    indexes: {by_rank: {fields: [rank, title], %s}}\n"

    for more in (
        by_rank % "sort: [-rank]",
        by_rank % "sort: [-title]",
        by_rank % "where: rank > 3",
        "    indexes: {by_rank: {fields: [title, rank]}}\n",
        "    indexes: {by_title: {fields: [title, rank]}}\n",
        "    indexes: {by_title: {fields: [title], method: hash}}\n",
    ):
        history.change(spec(fields, more))
        history.undo()
        history.check(-2)
        history.redo()

    assert history.rows("SELECT title, rank FROM tasks") == [("a", 1)]


def test_a_sorted_index_survives_other_changes_of_its_table(history: History) -> None:
    index = "    indexes: {by_rank: {fields: [rank, title], sort: [-rank]}}\n"
    history.change(spec("title: str(1..9), rank: int, gone: int?", index))
    history.insert("tasks", {"id": key(history, 1), "title": "a", "rank": 1, "gone": 1})

    history.change(spec("title: str(2..9)?, rank: int, gone: int?", index).replace("2..", "1.."))
    history.undo()
    history.check(-2)
    history.redo()
    history.change(spec("title: str(1..9)?, rank: int", index), accept="Task.gone")
    history.undo()
    history.check(-2)
    history.redo()
    renamed = spec("title: str(1..9)?, rank: int", index).replace(
        "Task:\n", "Todo:\n    renamed_from: Task\n"
    )
    history.change(renamed)
    history.undo()
    history.check(-2)

    assert history.rows("SELECT rank FROM tasks") == [(1,)]


def test_members_of_an_enum_come_and_go(history: History) -> None:
    history.change(spec("title: str(1..9), state: enum(a|b)"))
    history.insert("tasks", {"id": key(history, 1), "title": "t", "state": "b"})

    history.change(spec("title: str(1..9), state: enum(a|b|later)"))
    history.insert("tasks", {"id": key(history, 2), "title": "u", "state": "later"})
    with pytest.raises(DBAPIError, match=r"ck_tasks_state_values|too long"):
        history.undo()
    history.change(spec("title: str(1..9), state: enum(b|later)"))

    assert history.rows("SELECT state FROM tasks ORDER BY title") == [("b",), ("later",)]
    with pytest.raises(IntegrityError):
        history.insert("tasks", {"id": key(history, 3), "title": "v", "state": "a"})


def test_a_member_in_use_can_not_go(history: History) -> None:
    history.change(spec("title: str(1..9), state: enum(a|b)"))
    history.insert("tasks", {"id": key(history, 1), "title": "t", "state": "b"})

    with pytest.raises(Refused) as refused:
        history.change(spec("title: str(1..9), state: enum(a|c)"))
    with pytest.raises(CommandError, match=r"^tasks\.state holds 'b' in 1 row, which the spec no"):
        history.change(spec("title: str(1..9), state: enum(a|c)"), accept="TaskState.b")

    assert refused.value.codes == ["AG801"]
    assert history.rows("SELECT state FROM tasks") == [("b",)]


def test_a_member_in_use_stops_before_anything_changes(history: History) -> None:
    history.change(spec("title: str(1..9), state: enum(a|b|c|d)"))
    for number, state in enumerate("bbcd"):
        row = {"id": key(history, number), "title": str(number), "state": state}
        history.insert("tasks", row)
    before = history.dump()

    with pytest.raises(CommandError) as error:
        history.change(
            spec("name: str(1..9) renamed_from=title, status: enum(a|d) renamed_from=state")
        )

    assert str(error.value) == (
        "tasks.state holds 'b' in 2 rows, 'c' in 1 row, which the spec no longer has; nothing was "
        "changed. Say at the top of this revision's upgrade() what such rows get, then run it "
        "again: op.execute(\"UPDATE tasks SET state = 'NEW' WHERE state = 'b'\")"
    )
    assert history.dump() == before

    history.execute("UPDATE tasks SET state = 'a' WHERE state IN ('b', 'c')")
    history.redo()

    assert history.rows("SELECT status FROM tasks ORDER BY name") == [
        ("a",),
        ("a",),
        ("a",),
        ("d",),
    ]


def test_a_member_in_use_stops_the_first_of_several_pieces(history: History) -> None:
    history.change(spec("title: str(1..9), state: enum(a|b|c)"))
    history.insert("tasks", {"id": key(history, 1), "title": "t", "state": "b"})
    zero = f"{HEAD}database: {{migrations: {{zero_downtime: true}}}}\n"

    with pytest.raises(CommandError, match=r"^tasks\.state holds 'b' in 1 row"):
        history.change(spec("title: str(1..9), state: enum(a|c), n: int?"), head=zero)

    first, *others = history.texts
    assert first.index("refuse_values") < first.index("add_column")
    assert others
    assert not any("refuse_values" in text for text in others)


def test_a_member_that_gives_its_value_to_another_stays_in_the_rows(history: History) -> None:
    history.change(ENUM % "open: {}, done: {}")
    history.insert("tasks", {"id": key(history, 1), "title": "t", "state": "open"})

    history.change(ENUM % "todo: {value: open}, done: {}")

    assert history.rows("SELECT state FROM tasks") == [("open",)]


ENUM = "types: {State: {enum: {%s}}}\nentities:\n  Task: {fields: {title: str, state: State}}\n"


LISTS = (
    "types: {State: {enum: {%s}}}\nentities:\n"
    "  Task: {fields: {title: str, one: list(State), kinds: set(State)?, order: int = 1}}\n"
)


def start_with_lists(history: History) -> None:
    """Begin with a task that has lists of members, and one whose lists are empty or absent."""
    history.change(LISTS % "open: {}, done: {value: d}, held: {}")
    history.insert(
        "tasks",
        {
            "id": key(history, 1),
            "title": "a",
            "one": '["done","open","done"]',
            "kinds": '["open"]',
            "order": 1,
        },
        {"id": key(history, 2), "title": "b", "one": "[]", "kinds": None, "order": 1},
    )


def lists(history: History) -> list[list[object]]:
    """Return what the tasks have."""
    rows = history.rows("SELECT one, kinds FROM tasks ORDER BY title")
    return [[one and json.loads(one) for one in row] for row in rows]


def test_renamed_members_are_renamed_in_lists_and_sets(history: History) -> None:
    """JSON carries names, where a column of its own has a value that stays."""
    start_with_lists(history)
    renamed = "todo: {renamed_from: open}, shut: {renamed_from: done, value: d}, held: {}"

    history.change(LISTS % renamed)

    assert lists(history) == [[["shut", "todo", "shut"], ["todo"]], [[], None]]
    history.undo()
    assert lists(history) == [[["done", "open", "done"], ["open"]], [[], None]]
    history.redo()


def test_another_stored_value_changes_no_list(history: History) -> None:
    start_with_lists(history)

    history.change(LISTS % "open: {value: o}, done: {value: finished}, held: {}")

    assert lists(history) == [[["done", "open", "done"], ["open"]], [[], None]]


def test_a_removed_member_is_looked_for_in_lists_and_sets(history: History) -> None:
    start_with_lists(history)
    history.change(LISTS % "open: {}, done: {value: d}")

    with pytest.raises(CommandError, match=r"kinds holds 'open' in 1 row, .*nothing was") as told:
        history.change(LISTS.replace("one: list(State)", "one: list(str)") % "done: {value: d}")

    assert lists(history)[0] == [["done", "open", "done"], ["open"]]
    advice = str(told.value).partition('op.execute("')[2].removesuffix('")')
    history.execute(advice)
    history.resume()
    history.check()
    assert lists(history)[0] == [["done", "open", "done"], []]


def test_a_renamed_member_keeps_what_is_stored(history: History) -> None:
    history.change(ENUM % "open: {}, done: {}")
    history.insert("tasks", {"id": key(history, 1), "title": "t", "state": "open"})

    made = history.change(ENUM % "todo: {renamed_from: open}, done: {}")

    assert made == ()
    assert history.rows("SELECT state FROM tasks") == [("open",)]


def test_another_stored_value_is_written_to_old_rows(history: History) -> None:
    history.change(ENUM % "open: {}, done: {value: d}")
    history.insert("tasks", {"id": key(history, 1), "title": "t", "state": "open"})
    history.insert("tasks", {"id": key(history, 2), "title": "u", "state": "d"})

    (made,) = history.change(ENUM % "open: {value: d}, done: {value: finished}")

    assert not made.is_destructive
    assert history.rows("SELECT state FROM tasks ORDER BY title") == [("d",), ("finished",)]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT state FROM tasks ORDER BY title") == [("open",), ("d",)]
    history.redo()


def test_another_kind_of_key_is_done_by_hand(history: History) -> None:
    text = (
        "entities:\n  Task: {%sfields: {title: str(1..9)}}\n  Note: {fields: {task: ref(Task)?}}\n"
    )
    history.change(text % "")

    with pytest.raises(Refused) as refused:
        history.change(text % "id: int, ")

    assert refused.value.codes == ["AG808"]
    assert "alembic revision" in (refused.value.found[0].help or "")
    assert history.revisions_of(text % "id: int, ", accept="Task") == ()
