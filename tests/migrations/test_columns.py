"""Columns that come, go, are required, and no longer are."""

import pytest

from tests.migrations.history import HEAD, History, Refused
from tests.migrations.test_tables_and_names import key

BASE = "entities:\n  Task:\n    fields:\n      title: str(1..200)\n"


def start(history: History, more: str = "") -> None:
    """Begin with two tasks."""
    history.change(BASE + more)
    history.insert(
        "tasks", {"id": key(history, 1), "title": "a"}, {"id": key(history, 2), "title": "b"}
    )


def test_an_optional_field_is_empty_in_old_rows(history: History) -> None:
    start(history)

    (made,) = history.change(BASE + "      note: str(1..50)?\n")

    assert made.slug == "add_note_to_tasks"
    assert history.rows("SELECT title, note FROM tasks ORDER BY title") == [
        ("a", None),
        ("b", None),
    ]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT title FROM tasks ORDER BY title") == [("a",), ("b",)]
    history.redo()


def test_a_file_comes_and_goes(history: History) -> None:
    """Rows that are there have none; what names files is lost only when that is agreed to."""
    start(history)

    (made,) = history.change(BASE + "      image: file?\n")

    assert made.slug == "add_image_to_tasks"
    assert history.rows("SELECT image FROM tasks") == [(None,), (None,)]
    with pytest.raises(Refused, match="its values with it"):
        history.change(BASE)
    history.undo()
    history.check(-2)
    history.redo()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bool = false", {"postgresql": False, "sqlite": 0}),
        ("int(0..) = 3", {"postgresql": 3, "sqlite": 3}),
        ('str(1..20) = "it\'s"', {"postgresql": "it's", "sqlite": "it's"}),
        ("decimal precision=5 scale=2 = 1.5", {"postgresql": "1.50", "sqlite": 150}),
        ("enum(low|high) = high", {"postgresql": "high", "sqlite": "high"}),
        ("date = 2020-02-03", {"postgresql": "2020-02-03", "sqlite": "2020-02-03"}),
        ("{type: 'list(str)', default: []}", {"postgresql": "[]", "sqlite": "[]"}),
        ("{type: json, default: {a: 1}}", {"postgresql": '{"a": 1}', "sqlite": '{"a":1}'}),
        ("duration = 2h", {"postgresql": "2:00:00", "sqlite": 7_200_000_000}),
    ],
)
def test_a_required_field_with_a_default_gives_it_to_old_rows(
    history: History, field: str, value: dict[str, object]
) -> None:
    start(history)

    history.change(BASE + f"      extra: {field}\n")

    wanted = value[history.dialect]
    assert history.rows("SELECT extra FROM tasks") == [(wanted,), (wanted,)]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_backfill_is_worked_out_for_each_row(history: History) -> None:
    start(history)

    history.change(BASE + "      heading: {type: str(1..200), backfill: title}\n")

    assert history.rows("SELECT heading FROM tasks ORDER BY title") == [("a",), ("b",)]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_dynamic_default_is_worked_out_by_the_database(history: History) -> None:
    start(history)

    history.change(BASE + "      seen_at: datetime = now\n      token: uuid = uuid()\n")

    assert history.rows("SELECT count(DISTINCT token), count(seen_at) FROM tasks") == [(2, 2)]
    history.undo()
    history.check(-2)
    history.redo()


def test_rows_of_a_context_with_a_schema_are_filled(history: History) -> None:
    """SQLite has no schemas, and the name of one must not get into its statements."""

    def spec(more: str = "") -> str:
        return (
            "contexts:\n  sales:\n    schema: sales\n    entities:\n      Task:\n"
            f"        fields:\n          title: str(1..20)\n{more}"
        )

    place = "tasks" if history.dialect == "sqlite" else "sales.tasks"
    history.change(spec())
    history.insert(place, {"id": key(history, 1), "title": "a"})

    history.change(spec("          copy: {type: str(1..20), backfill: title}\n"))

    assert history.rows(f"SELECT copy FROM {place}") == [("a",)]
    history.undo()
    history.redo()


def test_a_required_field_without_a_value_is_refused(history: History) -> None:
    start(history)

    with pytest.raises(Refused) as refused:
        history.change(BASE + "      note: str(1..50)\n")

    assert refused.value.codes == ["AG805"]
    assert "backfill" in (refused.value.found[0].help or "")


def test_a_field_goes_only_with_consent_and_comes_back_empty(history: History) -> None:
    note = "      note: str(1..50)? index\n      extra: int = 7\n      rest: str(1..9) unique\n"
    history.change(BASE + note)
    history.insert(
        "tasks", {"id": key(history, 1), "title": "a", "note": "n", "extra": 9, "rest": "r"}
    )

    with pytest.raises(Refused) as refused:
        history.change(BASE)
    (made,) = history.change(BASE, accept="Task.note Task.extra Task.rest")

    assert refused.value.codes == ["AG804"] * 3
    assert made.is_destructive
    assert "note again, empty" in history.texts[0]
    assert "extra again, with its default" in " ".join(history.texts[0].split())
    assert history.rows("SELECT * FROM tasks")[0][1:] == ("a",)
    history.undo()
    assert history.rows("SELECT note, extra, rest FROM tasks") == [(None, 7, None)]
    history.redo()


def test_what_is_lost_is_a_revision_of_its_own_after_what_is_safe(history: History) -> None:
    start(history, "      note: str(1..50)?\n")

    first, second = history.change(BASE + "      done: bool = false\n", accept="Task.note")

    assert (first.slug, first.is_destructive) == ("add_done_to_tasks", False)
    assert (second.slug, second.is_destructive) == ("drop_note_from_tasks", True)
    assert second.down == (first.id,)
    history.undo()
    history.check(-2)
    history.redo()


def test_a_name_that_goes_and_comes_is_freed_first(history: History) -> None:
    old = "      one: {type: str(1..20)?, column: place}\n"
    history.change(BASE + old)
    history.insert("tasks", {"id": key(history, 1), "title": "a", "place": "p"})

    revisions = history.change(
        BASE + "      two: {type: int?, column: place, index: true}\n", accept="Task.one"
    )

    assert [one.is_destructive for one in revisions] == [True, False]
    assert history.rows("SELECT place FROM tasks") == [(None,)]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_field_that_may_be_empty_now_keeps_its_values(history: History) -> None:
    start(history)

    history.change(BASE.replace("200)", "200)?"))

    history.insert("tasks", {"id": key(history, 3), "title": None})
    assert history.rows("SELECT count(title), count(*) FROM tasks") == [(2, 3)]


def test_going_back_to_required_works_while_nothing_is_empty(history: History) -> None:
    start(history)
    history.change(BASE.replace("200)", "200)?"))

    history.undo()

    history.check(-2)
    history.redo()


def test_a_field_that_is_required_now_is_filled_first(history: History) -> None:
    optional = BASE + "      note: str(1..50)?\n"
    history.change(optional)
    history.insert(
        "tasks",
        {"id": key(history, 1), "title": "a", "note": "n"},
        {"id": key(history, 2), "title": "b", "note": None},
    )

    with pytest.raises(Refused) as refused:
        history.change(BASE + "      note: str(1..50)\n")
    history.change(BASE + "      note: {type: str(1..50), backfill: title}\n")

    assert refused.value.codes == ["AG805"]
    assert history.rows("SELECT note FROM tasks ORDER BY title") == [("n",), ("b",)]
    history.undo()
    history.check(-2)
    assert history.rows("SELECT note FROM tasks ORDER BY title") == [("n",), ("b",)]
    history.redo()


def test_behaviours_that_are_switched_on_fill_their_columns(history: History) -> None:
    start(history)
    switched = BASE + "    timestamps: true\n    versioned: true\n    soft_delete: true\n"

    history.change(switched)

    query = "SELECT version, is_deleted, deleted_at FROM tasks"
    assert history.rows(query) in ([(1, False, None)] * 2, [(1, 0, None)] * 2)
    assert history.rows("SELECT count(created_at), count(updated_at) FROM tasks") == [(2, 2)]
    history.undo()
    history.check(-2)
    history.redo()


def test_behaviours_that_are_switched_off_lose_their_columns_with_consent(history: History) -> None:
    switched = BASE + "    soft_delete: true\n    versioned: true\n    unique: [[title]]\n"
    history.change(switched)
    history.insert(
        "tasks",
        {"id": key(history, 1), "title": "a", "version": 4, "is_deleted": False},
    )

    with pytest.raises(Refused) as refused:
        history.change(BASE)
    history.change(BASE + "    unique: [[title]]\n", accept="Task")

    assert set(refused.value.codes) == {"AG804"}
    assert [one.message for one in refused.value.found if "is_deleted" in one.message] == [
        "the column `tasks.is_deleted` goes, and rows that were deleted are live again"
    ]
    assert "what was deleted before is live" in " ".join(history.texts[-1].split())
    assert history.rows("SELECT title FROM tasks") == [("a",)]
    history.undo()
    history.check(-2)
    query = "SELECT version, is_deleted, deleted_at FROM tasks"
    assert history.rows(query) in ([(1, False, None)], [(1, 0, None)])
    history.redo()


MONEY = (
    "types:\n  Money: {fields: {amount: int, currency: str(3..3)%s}}\n"
    "entities:\n  Task: {fields: {title: str, price: Money?%s}}\n"
)


def start_with_prices(history: History, spec: str, **more: object) -> None:
    """Begin with a task that has a price, and one that has none."""
    history.change(spec)
    price = {"price_amount": 7, "price_currency": "EUR"}
    history.insert(
        "tasks",
        {"id": key(history, 1), "title": "a", **price, **more},
        {"id": key(history, 2), "title": "b", **dict.fromkeys((*price, *more))},
    )


def test_an_optional_value_object_gets_a_default_where_it_is(history: History) -> None:
    """Its columns are null together, so that rows without one must not get a part of it."""
    start_with_prices(history, MONEY % ("", ""))

    history.change(MONEY % (", tax: int = 19, kind: enum(net|gross) = net", ""))

    query = "SELECT price_tax, price_kind FROM tasks ORDER BY title"
    assert history.rows(query) == [(19, "net"), (None, None)]
    history.undo()
    history.check(-2)
    history.redo()


@pytest.mark.parametrize("new", [", tax: int", ", tax: int, kind: enum(net|gross)"])
def test_a_required_part_of_an_optional_value_object_needs_a_value(
    history: History, new: str
) -> None:
    start_with_prices(history, MONEY % ("", ""))

    with pytest.raises(Refused) as refused:
        history.change(MONEY % (new, ""))

    assert refused.value.codes == ["AG805"] * new.count(":")
    (message,) = [one.message for one in refused.value.found if "price_tax" in one.message]
    assert "is a required part of `Task.price`" in message
    help_ = refused.value.found[0].help or ""
    assert all(way in help_ for way in ("backfill", "default", "`?`"))


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        (", tax: {type: int, backfill: 19}", 19),
        (", tax: {type: int, backfill: amount * 2}", 14),
        (", tax: int = 5", 5),
    ],
)
@pytest.mark.parametrize("zero_downtime", [False, True])
def test_a_required_part_is_filled_where_the_value_object_is(
    history: History, new: str, wanted: int, zero_downtime: bool
) -> None:
    head = HEAD + "database: {migrations: {zero_downtime: true}}\n" if zero_downtime else HEAD
    start_with_prices(history, MONEY % ("", ""))

    history.change(MONEY % (new, ""), head=head)

    query = "SELECT title, price_amount, price_tax FROM tasks ORDER BY title"
    assert history.rows(query) == [("a", 7, wanted), ("b", None, None)]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_required_part_that_went_comes_back_where_the_value_object_is(history: History) -> None:
    """Going back, the CHECK that the parts are there together holds again."""
    start_with_prices(history, MONEY % (", tax: int = 5", ""), price_tax=8)

    history.change(MONEY % ("", ""), accept="Money.tax Task.price")
    history.undo()
    history.check(-2)

    assert history.rows("SELECT title, price_tax FROM tasks ORDER BY title") == [
        ("a", 5),
        ("b", None),
    ]
    history.redo()


def test_a_default_of_the_whole_reaches_no_row_without_one(history: History) -> None:
    """Rows chose to have none when there was a default already."""
    price = "{type: Money?, default: {amount: 1, currency: USD%s}}"
    spec = MONEY.replace("Money?%s", "%s")
    start_with_prices(history, spec % ("", price % ""))

    history.change(spec % (", tax: int = 5", price % ", tax: 9"))

    assert history.rows("SELECT price_tax FROM tasks ORDER BY title") == [(5,), (None,)]


def test_an_optional_value_object_comes_absent_or_with_its_default(history: History) -> None:
    start(history)
    spec = "types:\n  Money: {fields: {amount: int, tax: int = 19}}\n" + BASE

    history.change(spec + "      price: Money?\n      cost: {type: Money?, default: {amount: 3}}\n")

    query = "SELECT price_amount, price_tax, cost_amount, cost_tax FROM tasks"
    assert history.rows(query) == [(None, None, 3, 19)] * 2


def test_an_optional_part_that_is_required_now_is_filled_where_the_value_object_is(
    history: History,
) -> None:
    start_with_prices(history, MONEY % (", tax: int?", ""), price_tax=None)

    with pytest.raises(Refused) as refused:
        history.change(MONEY % (", tax: int", ""))
    history.change(MONEY % (", tax: {type: int, backfill: amount}", ""))

    assert refused.value.codes == ["AG805"]
    assert history.rows("SELECT price_tax FROM tasks ORDER BY title") == [(7,), (None,)]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_required_part_of_a_value_object_inside_another_is_filled_where_that_is(
    history: History,
) -> None:
    spec = (
        "types:\n  Tax: {fields: {rate: int%s}}\n  Money: {fields: {amount: int, tax: Tax?}}\n"
        "entities:\n  Task: {fields: {title: str, price: Money}}\n"
    )
    history.change(spec % "")
    history.insert(
        "tasks",
        {"id": key(history, 1), "title": "a", "price_amount": 1, "price_tax_rate": 19},
        {"id": key(history, 2), "title": "b", "price_amount": 1, "price_tax_rate": None},
    )

    with pytest.raises(Refused) as refused:
        history.change(spec % ", year: int")
    history.change(spec % ", year: {type: int, backfill: rate + 2000}")

    assert refused.value.codes == ["AG805"]
    query = "SELECT price_tax_year FROM tasks ORDER BY title"
    assert history.rows(query) == [(2019,), (None,)]


def test_a_value_object_changes_with_its_columns(history: History) -> None:
    start_with_prices(history, MONEY % ("", ""))

    history.change(MONEY % (", note: str(1..9)?, at: date?", ""))

    assert history.rows("SELECT title, price_currency, price_note FROM tasks ORDER BY title") == [
        ("a", "EUR", None),
        ("b", None, None),
    ]
    history.undo()
    history.check(-2)
    history.redo()


def test_tables_move_between_schemas(history: History) -> None:
    def spec(schema: str, title: str, more: str = "") -> str:
        return (
            f"contexts:\n  sales:\n    {schema}\n    entities:\n      Task:\n        fields:\n"
            f"          title: {title} unique\n          other: ref(Task)?\n{more}"
        )

    note = "          note: {type: str, default: x}\n"
    history.change(spec("uses: []", "str(1..20)"))
    history.insert("tasks", {"id": key(history, 1), "title": "a"})

    history.change(spec("schema: sales", "str(1..20)"))

    place = "sales.tasks" if history.dialect == "postgresql" else "tasks"
    assert history.rows(f"SELECT title FROM {place}") == [("a",)]
    history.change(spec("schema: sales", "str(1..30)?", note))
    assert history.rows(f"SELECT title, note FROM {place}") == [("a", "x")]
    history.undo()
    history.check(-2)
    history.redo()
    history.change(spec("schema: stock", "str(1..30)?", note))
    history.undo()
    history.check(-2)
    history.redo()
