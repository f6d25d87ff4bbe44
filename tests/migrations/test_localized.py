"""Texts that get several languages, or one again, and other locales: with rows."""

import json

import pytest

from tests.migrations.history import History, Refused
from tests.migrations.test_tables_and_names import key

# SQLite's own tables tell nothing of what such an index is over: the revisions put it back.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index"
)

PLAIN = "entities:\n  Task: {fields: {title: str(1..200), v: 'text?'}}\n"


def localized(settings: str, more: str = "") -> str:
    """Return a spec with a localized field `v`."""
    return (
        f"i18n: {settings}\n"
        f"entities:\n  Task: {{fields: {{title: str(1..200), v: 'text? localized{more}'}}}}\n"
    )


def texts(history: History) -> list[object]:
    """Return the stored objects, in the order of the rows."""
    rows = history.rows("SELECT v FROM tasks ORDER BY title")
    return [json.loads(one) if isinstance(one, str) else one for (one,) in rows]


def start(history: History, spec: str, *values: object) -> None:
    """Begin with a row a value."""
    history.change(spec)
    history.insert(
        "tasks",
        *(
            {"id": key(history, number), "title": str(number), "v": value}
            for number, value in enumerate(values)
        ),
    )


def test_switched_on_a_text_is_that_of_the_default_locale(history: History) -> None:
    start(history, PLAIN, 'Grün "é"', None)

    revisions = history.change(localized("{default: de, locales: [de, en]}", " index"))

    assert [one.is_destructive for one in revisions] == [False]
    assert texts(history) == [{"de": 'Grün "é"'}, None]
    history.undo()
    history.check(-2)
    assert [row[0] for row in history.rows("SELECT v FROM tasks ORDER BY title")] == [
        'Grün "é"',
        None,
    ]
    history.redo()


def test_switched_off_other_locales_are_lost(history: History) -> None:
    """Only when that is wanted: their texts have no place any more."""
    start(history, localized("{default: de, locales: [de, en]}"), '{"de": "a", "en": "b"}')

    with pytest.raises(Refused) as refused:
        history.change(PLAIN)

    assert refused.value.codes == ["AG804"]


def test_another_default_locale_has_a_text_for_every_row(history: History) -> None:
    spec = "{default: de, locales: [de, de-CH]}"
    start(history, localized(spec), '{"de": "a", "de-CH": "b"}', '{"de": "a"}', None)

    history.change(localized("{default: de-CH, locales: [de, de-CH]}"))

    assert texts(history) == [{"de": "a", "de-CH": "b"}, {"de": "a", "de-CH": "a"}, None]


@pytest.mark.parametrize("more", [" index", " unique"])
def test_locales_come_and_go_with_their_indexes(history: History, more: str) -> None:
    """Texts stay where they are: a locale that comes back has them again."""
    start(history, localized("{default: de, locales: [de, en]}", more), '{"de": "a", "en": "b"}')

    history.change(localized("{default: de, locales: [de, fr]}", more))
    history.undo()
    history.redo()

    assert texts(history) == [{"de": "a", "en": "b"}]
    history.check()
