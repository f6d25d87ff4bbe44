"""Audit switched on has columns and a log beside rows that are there; switched off, both go."""

import pytest

from tests.migrations.history import History, Refused
from tests.migrations.test_behaviour import PLAIN, start, there_and_back

AUDITED = PLAIN + "    audit: true\n"


def test_rows_that_are_there_are_signed_by_nobody(history: History) -> None:
    start(history)

    history.change(AUDITED)

    rows = "SELECT title, created_by, updated_by FROM tasks ORDER BY title"
    assert history.rows(rows) == [("a", None, None), ("b", None, None)]
    assert history.rows("SELECT count(*) FROM tasks_changes") == [(0,)]
    there_and_back(history)
    assert history.rows(rows) == [("a", None, None), ("b", None, None)]


def test_the_log_goes_only_when_that_is_agreed_to(history: History) -> None:
    start(history, PLAIN)
    history.change(AUDITED)

    with pytest.raises(Refused) as refused:
        history.change(PLAIN)
    history.change(PLAIN, accept="Task")

    assert set(refused.value.codes) == {"AG804"}
    there_and_back(history)
    assert history.rows("SELECT title FROM tasks ORDER BY title") == [("a",), ("b",)]


def test_a_log_of_reads_comes_and_goes(history: History) -> None:
    start(history)

    history.change(PLAIN.replace("title: str(1..9)", "title: str(1..9) audit_reads"))
    there_and_back(history)
    assert history.rows("SELECT count(*) FROM tasks_reads") == [(0,)]

    assert history.change(PLAIN + "    audit: { reads: true, fields: title }\n") != ()
    assert history.rows("SELECT count(*) FROM tasks_reads") == [(0,)]
    with pytest.raises(Refused) as refused:
        history.change(AUDITED)
    history.change(AUDITED, accept="Task.reads")

    assert refused.value.codes == ["AG804"]
    there_and_back(history)


def test_deleted_rows_may_be_removed_from_some_day_on(history: History) -> None:
    """It needs an index, and no more."""
    soft = PLAIN + "    soft_delete: true\n"
    history.change(soft)

    history.change(PLAIN + "    soft_delete: { purge_after: 30d }\n")
    there_and_back(history)

    assert history.change(PLAIN + "    soft_delete: { purge_after: 60d }\n") == ()
    history.change(soft)
    there_and_back(history)
