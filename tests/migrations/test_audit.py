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
