"""Revisions for a database that is in use: in pieces, and squawk finds nothing in them."""

import pytest
from sqlalchemy.exc import IntegrityError

from tests.migrations.history import HEAD, History
from tests.migrations.squawk import postgresql_statements, squawk
from tests.migrations.test_tables_and_names import key

ZERO = HEAD + "database: {migrations: {zero_downtime: true}}\n"
SHOP = """\
entities:
  Tag: {fields: {name: str(1..9)}}
  Task:
    fields:
      title: str(1..20)
      rank: int
      note: str(1..50)?
      old: { type: str(1..9), default: o }
"""


def start(history: History) -> None:
    """Begin with a task."""
    history.change(SHOP, head=ZERO)
    history.insert("tags", {"id": key(history, 1), "name": "a"})
    history.insert(
        "tasks", {"id": key(history, 2), "title": "t", "rank": 1, "note": None, "old": "o"}
    )


OLD = "      old: { type: str(1..9), default: o }\n"
CHANGES = {
    "required with a default": (
        OLD,
        OLD + "      done: bool = false\n",
        "",
    ),
    "required with a backfill": (
        OLD,
        OLD + "      copy: {type: str(1..20), backfill: title}\n",
        "",
    ),
    "reference": (OLD, OLD + "      tag: ref(Tag)?\n", ""),
    "unique": ("title: str(1..20)\n", "title: str(1..20) unique\n", ""),
    "indexed": ("rank: int\n", "rank: int index\n", ""),
    "tightened": ("title: str(1..20)\n", "title: str(1..15)\n", "Task.title"),
    "widened": ("title: str(1..20)\n", "title: str(1..40)\n", ""),
    "optional": ("rank: int\n", "rank: int?\n", ""),
    "required": ("note: str(1..50)?\n", "note: {type: str(1..50), backfill: title}\n", ""),
    "wider number": ("rank: int\n", "rank: bigint index\n", ""),
    "converted": ("rank: int\n", "rank: str(1..20)\n", ""),
    "removed": (OLD, "", "Task.old"),
    "renamed": (
        OLD.strip() + "\n",
        "newer: {type: str(1..9), default: o, renamed_from: old}\n",
        "",
    ),
    "renamed entity": ("  Task:\n", "  Todo:\n    renamed_from: Task\n", ""),
    "removed entity": ("  Tag: {fields: {name: str(1..9)}}\n", "", "Tag"),
    "new rule": (
        OLD,
        OLD + "    invariants: {ranked: rank > 0}\n",
        "",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_busy_database_is_changed_in_pieces(history: History, name: str) -> None:
    start(history)
    old, new, accept = CHANGES[name]

    revisions = history.change(SHOP.replace(old, new), accept=accept, head=ZERO)

    found = [squawk(postgresql_statements(text)) for text in history.texts]
    assert found == [()] * len(revisions)
    waiting = [one.waits_for_code for one in revisions]
    assert waiting == sorted(waiting), "what waits for the code comes last"
    table = "todos" if name == "renamed entity" else "tasks"
    assert history.rows(f"SELECT title FROM {table}") == [("t",)]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT title FROM tasks") == [("t",)]
    history.redo()


def test_the_version_before_works_after_the_first_pieces(history: History) -> None:
    """Before the contract, rows as the version before writes them are taken."""
    start(history)
    changed = SHOP.replace(OLD, "      done: bool = false\n").replace(
        "  Task:\n", "  Todo:\n    renamed_from: Task\n"
    )
    revisions = history.change(changed, accept="Task.old", head=ZERO)
    first = next(n for n, one in enumerate(revisions) if one.waits_for_code)

    history.undo(to=first)

    if history.dialect == "postgresql":
        row = {"id": key(history, 3), "title": "u", "rank": 2, "note": None, "old": "o"}
        history.insert("tasks", row)
    new = {"id": key(history, 4), "title": "v", "rank": 2, "note": None, "done": True}
    history.insert("todos", new)
    history.redo(since=first)
    count = 3 if history.dialect == "postgresql" else 2
    assert history.rows("SELECT count(*) FROM todos") == [(count,)]


def test_the_version_before_writes_a_value_object_without_its_new_part(history: History) -> None:
    money = "types:\n  Money: {fields: {amount: int, currency: str(3..3)%s}}\n"
    shop = SHOP + "      price: Money?\n"
    row = {"title": "t", "rank": 1, "old": "o", "price_amount": 7, "price_currency": "EUR"}
    history.change(money % "" + shop, head=ZERO)
    history.insert("tasks", {"id": key(history, 1), **row})
    revisions = history.change(money % ", tax: int = 19" + shop, head=ZERO)
    first = next(n for n, one in enumerate(revisions) if one.waits_for_code)
    history.undo(to=first)

    history.insert("tasks", {"id": key(history, 2), **row})
    history.redo(since=first)

    assert history.rows("SELECT price_tax FROM tasks") == [(19,), (19,)]


def test_what_must_wait_says_so(history: History) -> None:
    start(history)

    revisions = history.change(
        SHOP.replace(OLD, "      done: bool = false\n"),
        accept="Task.old",
        head=ZERO,
    )

    texts = dict(zip([one.slug for one in revisions], history.texts, strict=True))
    for one in revisions:
        waits = "no process of the version before runs" in " ".join(texts[one.slug].split())
        assert waits == (one.waits_for_code and not one.slug.endswith(("_validate", "_finish")))


def test_a_renamed_column_says_when_to_apply_it(history: History) -> None:
    start(history)
    old, new, _ = CHANGES["renamed"]

    (made,) = history.change(SHOP.replace(old, new), head=ZERO)

    assert "together with the new version" in " ".join(made.notes)
    assert "goes on working" not in " ".join(made.notes)


def test_rows_are_checked_before_anything_is_locked(history: History) -> None:
    """NOT NULL keeps its lock to the end of the transaction, so that no check may come after it."""
    start(history)
    fields = (
        "      one: {type: str(1..20), backfill: title}\n      two: {type: int, backfill: rank}\n"
    )

    history.change(SHOP.replace(OLD, OLD + fields), head=ZERO)

    (text,) = [text for text in history.texts if "VALIDATE" in text]
    upgrade = text.partition("def downgrade")[0]
    assert upgrade.rindex("VALIDATE CONSTRAINT") < upgrade.index("nullable=False")


def test_indexes_are_made_again_after_one_that_failed(history: History) -> None:
    """A value that is there twice leaves an invalid index; what was made before it is there."""
    start(history)
    unique = SHOP.replace("title: str(1..20)\n", "title: str(1..20) unique\n").replace(
        "rank: int\n", "rank: int unique\n"
    )
    row = {"id": key(history, 3), "title": "u", "rank": 1, "note": None, "old": "o"}
    history.insert("tasks", row)

    with pytest.raises(IntegrityError):
        history.change(unique, head=ZERO)
    history.rows("UPDATE tasks SET rank = 2 WHERE title = 'u' RETURNING rank")
    history.resume()
    history.check()

    with pytest.raises(IntegrityError):
        history.insert("tasks", {**row, "id": key(history, 4), "title": "v", "rank": 2})


EVERYTHING = (
    SHOP.replace(
        OLD,
        "      old: { type: str(1..9), default: o, index: true }\n      tag: ref(Tag)? \n"
        "      copy: {type: str(1..20), backfill: title}\n",
    )
    .replace("title: str(1..20)\n", "title: str(1..20) unique\n")
    .replace("rank: int\n", "rank: bigint index\n")
)


@pytest.mark.slow
@pytest.mark.parametrize("history", ["postgresql"], indirect=True)
@pytest.mark.parametrize("forward", [True, False])
def test_what_stops_at_any_statement_is_run_again(history: History, forward: bool) -> None:
    """Alembic runs again the revision that was not recorded; those before it are done."""
    start(history)
    history.change(EVERYTHING, head=ZERO)
    if forward:
        history.undo()

    stops = 0
    while history.stopped_at(stops, forward=forward):
        stops += 1
        if forward:
            history.undo()
        else:
            history.redo()

    assert stops > 10
    assert history.rows("SELECT title FROM tasks") == [("t",)]


ORDERED = SHOP + "    indexes: {newest: {fields: [title], sort: [-title]}}\n"
ORDERS = {
    "converted and tightened": {"rank: int\n": "rank: str(1..20)\n", "str(1..50)?": "str(1..9)?"},
    "renamed and converted": {
        "  Task:\n": "  Todo:\n    renamed_from: Task\n",
        "rank: int\n": "rank: str(1..20)\n",
    },
    "the ordered one converted": {
        "rank: int\n": "rank: str(1..20)\n",
        "title: str(1..20)": "title: int",
        "str(1..50)?": "str(1..9)?",
    },
}


@pytest.mark.parametrize("name", ORDERS)
def test_an_index_keeps_its_order_through_several_changes(history: History, name: str) -> None:
    """SQLite forgets the order whenever it makes a table again: put back once, not twice."""
    history.change(ORDERED, head=ZERO)
    row = {"id": key(history, 1), "title": "1", "rank": 1, "note": None, "old": "o"}
    history.insert("tasks", row)
    changed = ORDERED
    for old, new in ORDERS[name].items():
        assert old in changed
        changed = changed.replace(old, new)

    history.change(changed, accept="Task.title Task.note", head=ZERO)

    in_order = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql LIKE '% DESC)'"
        if history.dialect == "sqlite"
        else "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '% DESC)'"
    )
    assert history.rows(in_order) == [(1,)]
    history.undo()
    assert history.rows(in_order) == [(1,)]
    history.redo()
