"""Tables that come, go and are renamed, with rows in them."""

import pytest

from tests.migrations.history import History, Refused

TASK = "entities:\n  Task: {fields: {title: str(1..200), done: bool}}\n"
ID = "00000000-0000-4000-8000-00000000000"
KEY = ID.replace("-", "")


def key(history: History, number: int) -> str:
    """Return an id as the database keeps it."""
    return f"{ID if history.dialect == 'postgresql' else KEY}{number}"


def test_a_new_entity_gets_a_table_and_old_rows_stay(history: History) -> None:
    history.change(TASK)
    history.insert("tasks", {"id": key(history, 1), "title": "a", "done": True})

    (made,) = history.change(TASK + "  Tag: {fields: {name: str(1..20), task: ref(Task)}}\n")

    assert made.slug == "create_tags"
    assert history.rows("SELECT title FROM tasks") == [("a",)]
    history.insert("tags", {"id": key(history, 2), "name": "n", "task_id": key(history, 1)})
    history.undo()
    history.check(-2)
    assert history.rows("SELECT title, done FROM tasks") in ([("a", True)], [("a", 1)])
    history.redo()


def test_an_entity_that_goes_needs_consent_and_takes_its_children_along(history: History) -> None:
    order = TASK + "  Order: {fields: {n: int}, children: {lines: {fields: {q: int}}}}\n"
    history.change(order)
    history.insert("orders", {"id": key(history, 1), "n": 1})

    with pytest.raises(Refused) as refused:
        history.change(TASK)
    (made,) = history.change(TASK, accept="Order")

    assert refused.value.codes == ["AG804"]
    assert made.is_destructive
    assert "without its rows" in history.texts[0]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT n FROM orders") == []


def test_a_renamed_entity_keeps_its_rows_and_renames_constraints(history: History) -> None:
    before = (
        "entities:\n  Task:\n"
        "    fields: {title: str(1..200) unique, rank: int index, state: enum(a|b)}\n"
        "    indexes: {by_rank: {fields: [rank, title]}}\n"
        "  Note: {fields: {task: ref(Task)?}}\n"
    )
    history.change(before)
    history.insert("tasks", {"id": key(history, 1), "title": "a", "rank": 3, "state": "a"})
    history.insert("notes", {"id": key(history, 2), "task_id": key(history, 1)})

    (made,) = history.change(
        before.replace("  Task:\n", "  Todo:\n    renamed_from: Task\n").replace(
            "ref(Task)", "ref(Todo)"
        )
    )

    assert made.slug == "rename_tasks_to_todos"
    assert not made.is_destructive
    assert history.rows("SELECT title, rank FROM todos") == [("a", 3)]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT title FROM tasks JOIN notes ON notes.task_id = tasks.id") == [
        ("a",)
    ]
    history.redo()


def test_a_field_of_an_arc_follows_a_renamed_target_with_its_rows(history: History) -> None:
    before = (
        "entities:\n  Task: {fields: {who: ref(Person|Robot)?}}\n"
        "  Person: {fields: {a: str}}\n  Robot: {fields: {a: str}}\n"
    )
    history.change(before)
    history.insert("robots", {"id": key(history, 1), "a": "x"})
    history.insert("tasks", {"id": key(history, 2), "who_robot_id": key(history, 1)})

    (made,) = history.change(
        before.replace("|Robot", "|Android").replace("Robot: {", "Android: {renamed_from: Robot, ")
    )

    joined = "SELECT a FROM %s AS r JOIN tasks ON tasks.%s = r.id"
    assert not made.is_destructive
    assert history.rows(joined % ("androids", "who_android_id")) == [("x",)]
    history.undo()
    history.check(-2)
    assert history.rows(joined % ("robots", "who_robot_id")) == [("x",)]
    history.redo()


def test_a_renamed_field_keeps_its_values(history: History) -> None:
    history.change(TASK)
    history.insert("tasks", {"id": key(history, 1), "title": "a", "done": True})

    (made,) = history.change(
        "entities:\n  Task:\n    fields:\n"
        "      heading: {type: str(1..200), renamed_from: title}\n      done: bool\n"
    )

    assert made.slug == "rename_title_to_heading_in_tasks"
    assert "drop_column" not in history.texts[0]
    assert history.rows("SELECT heading FROM tasks") == [("a",)]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT title FROM tasks") == [("a",)]
    history.redo()


def test_two_fields_change_names(history: History) -> None:
    spec = (
        "entities:\n  Task:\n    fields:\n      one: {type: str(1..20), column: %s}\n"
        "      two: {type: str(1..30), column: %s}\n"
    )
    history.change(spec % ("left", "right"))
    history.insert("tasks", {"id": key(history, 1), "left": "l", "right": "r"})

    history.change(spec % ("right", "left"))

    assert history.rows('SELECT "left", "right" FROM tasks') == [("r", "l")]
    history.undo()
    history.check(-2)
    assert history.rows('SELECT "left", "right" FROM tasks') == [("l", "r")]
    history.redo()


def test_a_run_without_a_difference_writes_no_revision(history: History) -> None:
    history.change(TASK)

    assert history.change(TASK.replace("done: bool", "done: {type: bool, label: Finished}")) == ()
