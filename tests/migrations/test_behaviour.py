"""Behaviour that comes, goes and changes while there are rows."""

import re

import pytest
from alembic.util.exc import CommandError
from sqlalchemy.exc import IntegrityError

from tests.migrations.history import HEAD, History, Refused
from tests.migrations.squawk import postgresql_statements, squawk
from tests.migrations.test_tables_and_names import key

PLAIN = "entities:\n  Task:\n    fields: {title: str(1..9), size: int = 1}\n"
EVENT = "    commands: {finish: {emits: Finished}}\n    events: {Finished: [title]}\n"
ZERO = HEAD + "database: {migrations: {zero_downtime: true}}\n"


def start(history: History, text: str = PLAIN, head: str = HEAD) -> None:
    """Begin with two rows."""
    history.change(text, head=head)
    history.insert(
        "tasks",
        {"id": key(history, 1), "title": "a", "size": 2},
        {"id": key(history, 2), "title": "b", "size": 3},
    )


def there_and_back(history: History) -> None:
    """Undo the last change, and do it again."""
    history.undo()
    history.check(-2)
    history.redo()


def test_the_first_event_makes_the_outbox_and_the_second_nothing(history: History) -> None:
    start(history)

    history.change(PLAIN + EVENT)
    there_and_back(history)
    assert history.rows("SELECT count(*) FROM outbox_events") == [(0,)]

    assert history.change(PLAIN + EVENT.replace("[title]", "[title, size]")) == ()
    assert history.rows("SELECT title FROM tasks ORDER BY title") == [("a",), ("b",)]


def test_the_outbox_goes_with_the_last_event_when_that_is_agreed_to(history: History) -> None:
    start(history, PLAIN + EVENT)

    with pytest.raises(Refused) as refused:
        history.change(PLAIN)
    history.change(PLAIN, accept="outbox_events")

    assert refused.value.codes == ["AG804"]
    there_and_back(history)


STORED = PLAIN.replace(
    "size: int = 1", "size: int = 1, twice: {type: int, computed: size * 2, stored: true}"
)


def test_a_computed_field_that_is_stored_has_its_value_in_rows_that_are_there(
    history: History,
) -> None:
    start(history)

    history.change(STORED)

    assert history.rows("SELECT twice FROM tasks ORDER BY title") == [(4,), (6,)]
    there_and_back(history)
    assert history.rows("SELECT twice FROM tasks ORDER BY title") == [(4,), (6,)]


def test_a_stored_field_that_is_computed_in_another_way_is_worked_out_anew(
    history: History,
) -> None:
    start(history)
    history.change(STORED)

    history.change(STORED.replace("size * 2", "size * 3"))

    assert history.rows("SELECT twice FROM tasks ORDER BY title") == [(6,), (9,)]
    history.undo()
    assert history.rows("SELECT twice FROM tasks ORDER BY title") == [(4,), (6,)]
    history.redo()


def test_a_computed_field_that_is_not_stored_any_more_loses_nothing(history: History) -> None:
    start(history)
    history.change(STORED)

    history.change(STORED.replace(", stored: true", ""))

    there_and_back(history)


CHILDREN = """\
entities:
  Task:
    fields:
      title: str(1..9)
      size: int = 1
    children: {parts: {fields: {hours: int}}}
"""


def test_a_sum_over_children_is_stored_for_rows_that_are_there(history: History) -> None:
    start(history, CHILDREN)
    history.insert(
        "task_parts",
        *(
            {"id": key(history, 5 + n), "task_id": key(history, 1), "hours": n, "position": n}
            for n in (1, 2)
        ),
    )

    total = "      total: {type: int, computed: sum(p.hours for p in parts), stored: true}\n"
    history.change(CHILDREN.replace("    children", f"{total}    children"))

    assert history.rows("SELECT total FROM tasks ORDER BY title") == [(3,), (0,)]
    there_and_back(history)


LIFE = "    lifecycle: {states: %s}\n    commands: {go: {moves: %s}}\n"
OPEN = PLAIN + LIFE % ("[open, busy, done]", "open -> done")


def test_rows_that_are_there_get_the_initial_state(history: History) -> None:
    start(history)

    history.change(OPEN)

    assert history.rows("SELECT status FROM tasks") == [("open",), ("open",)]
    with pytest.raises(IntegrityError):
        history.execute("UPDATE tasks SET status = 'lost'")
    there_and_back(history)


def test_a_state_that_is_gone_asks_the_rows_first(history: History) -> None:
    start(history)
    history.change(OPEN)
    history.execute("UPDATE tasks SET status = 'busy' WHERE title = 'a'")

    with pytest.raises(CommandError, match="busy"):
        history.change(PLAIN + LIFE % ("[open, done]", "open -> done"))
    history.execute("UPDATE tasks SET status = 'open'")
    history.resume()

    with pytest.raises(IntegrityError):
        history.execute("UPDATE tasks SET status = 'busy'")


def test_a_renamed_state_keeps_its_rows(history: History) -> None:
    start(history)
    history.change(OPEN)

    history.change(PLAIN + LIFE % ("{new: {renamed_from: open}, busy: , done: }", "new -> done"))

    # The name changed, and not what the database calls it.
    assert history.rows("SELECT status FROM tasks") == [("open",), ("open",)]
    there_and_back(history)


def test_a_renamed_field_of_a_lifecycle_keeps_its_states(history: History) -> None:
    start(history)
    history.change(OPEN)
    history.execute("UPDATE tasks SET status = 'busy' WHERE title = 'a'")

    renamed = OPEN.replace("lifecycle: {", "lifecycle: {field: state, renamed_from: status, ")
    history.change(renamed)

    found = history.rows("SELECT state FROM tasks ORDER BY title")
    assert found == [("busy",), ("open",)]
    there_and_back(history)


def test_history_is_kept_from_then_on_and_goes_when_that_is_agreed_to(history: History) -> None:
    start(history)
    history.change(OPEN)

    history.change(OPEN.replace("done]}", "done], history: true}"))
    there_and_back(history)
    assert history.rows("SELECT count(*) FROM tasks_history") == [(0,)]
    with pytest.raises(Refused) as refused:
        history.change(OPEN)
    history.change(OPEN, accept="Task.history")

    assert refused.value.codes == ["AG804"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, PLAIN + EVENT),
        (PLAIN, OPEN),
        (OPEN, OPEN.replace("done]}", "done], history: true}")),
        (OPEN, OPEN.replace("busy, done]", "busy, done, lost]")),
        (OPEN, OPEN.replace("busy, ", "")),
        (PLAIN, STORED),
    ],
    ids=["outbox", "lifecycle", "history", "state", "state gone", "stored"],
)
def test_in_a_database_that_is_in_use_it_takes_no_long_lock(
    history: History, before: str, after: str
) -> None:
    history.change(before, head=ZERO)
    status = {"status": "open"} if before == OPEN else {}
    history.insert("tasks", {"id": key(history, 1), "title": "a", "size": 2, **status})

    history.change(after, head=ZERO)

    for text in history.texts:
        # Values of parameters are left out of what is written for squawk.
        statements = re.sub(r"%\(\w+\)s", "1", postgresql_statements(text))
        assert squawk(statements) == ()
