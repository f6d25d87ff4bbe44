"""Rows that must not overlap: constraints that come, go and change over rows."""

import pytest
from alembic.util.exc import CommandError
from sqlalchemy.exc import IntegrityError

from tests.migrations.history import HEAD, History, Row
from tests.migrations.squawk import postgresql_statements, squawk
from tests.migrations.test_tables_and_names import key

ZERO = HEAD + "database: {migrations: {zero_downtime: true}}\n"
FIELDS = "room: str(1..9), begins: date, ends: date, status: enum(held|booked) = held"
TAKEN = "{equal: room, overlap: [begins, ends]}"
FIRM = "{equal: room, overlap: [begins, ends], where: status == booked}"


def spec(exclude: str = "", fields: str = FIELDS, *, soft: bool = False) -> str:
    """Return a spec of bookings."""
    text = f"entities:\n  Booking:\n    fields: {{{fields}}}\n"
    if soft:
        text += "    soft_delete: true\n"
    return text + (f"    exclude: {{{exclude}}}\n" if exclude else "")


def booking(history: History, number: int, first: int, last: int, **changes: object) -> Row:
    """Return a booking from one day of January to another."""
    days = {"begins": f"2026-01-{first:02}", "ends": f"2026-01-{last:02}"}
    return {"id": key(history, number), "room": "a", **days, "status": "held", **changes}


def constraints(history: History) -> list[str]:
    """Return the names of the exclusions in the database."""
    if history.dialect == "sqlite":
        return []
    found = history.rows("SELECT conname FROM pg_constraint WHERE contype = 'x' ORDER BY 1")
    return [row[0] for row in found]


def assert_refused(history: History, row: Row) -> None:
    """See that PostgreSQL refuses a row; SQLite leaves that to those who write."""
    if history.dialect == "postgresql":
        with pytest.raises(IntegrityError, match="ex_bookings_"):
            history.insert("bookings", row)


def there_and_back(history: History) -> None:
    """Undo the last change and do it again."""
    history.undo()
    history.check(-2)
    history.redo()


def test_an_exclusion_comes_and_goes(history: History) -> None:
    history.change(spec())
    history.insert("bookings", booking(history, 1, 3, 6), booking(history, 2, 6, 8))

    history.change(spec(f"taken: {TAKEN}"))

    assert_refused(history, booking(history, 3, 5, 7))
    there_and_back(history)
    history.insert("bookings", booking(history, 3, 8, 9))
    history.change(spec())
    assert constraints(history) == []
    there_and_back(history)
    history.insert("bookings", booking(history, 4, 3, 9))
    assert history.rows("SELECT count(*) FROM bookings") == [(4,)]


def test_rows_that_overlap_stop_it_before_anything_changes(history: History) -> None:
    history.change(spec())
    rows = [booking(history, number, number, number + 2) for number in (1, 2, 3)]
    history.insert("bookings", *rows, booking(history, 4, 1, 9, room="b"))
    before = history.dump()
    if history.dialect == "postgresql":
        history.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    with pytest.raises(CommandError) as told:
        history.change(spec(f"taken: {TAKEN}", f"{FIELDS}, note: text?"))

    first, second, third = (key(history, number) for number in (1, 2, 3))
    assert str(told.value) == (
        "bookings: 2 pairs of rows overlap in begins to ends, which ex_bookings_taken forbids;"
        f" nothing was changed. They are, by id: {first} with {second}, {second} with {third}."
        " Change or delete rows so that none overlap, or say so at the top of this revision's"
        " upgrade(), then run it again"
    )
    assert history.dump() == before
    history.execute("DELETE FROM bookings WHERE begins = '2026-01-02'")
    history.redo()
    assert_refused(history, booking(history, 5, 2, 4))


def test_of_many_pairs_some_are_named(history: History) -> None:
    history.change(spec())
    history.insert("bookings", *(booking(history, number, 1, 9) for number in range(4)))

    with pytest.raises(CommandError, match=r"^bookings: 6 pairs of .* and 1 more\. Change"):
        history.change(spec(f"taken: {TAKEN}"))


def test_rows_in_nobodys_way_stop_nothing(history: History) -> None:
    """Beside each other, elsewhere, deleted, not counted, or with nothing in their range."""
    history.change(spec(soft=True))
    live = {"is_deleted": False, "status": "booked"}
    history.insert(
        "bookings",
        booking(history, 1, 3, 6, **live),
        booking(history, 2, 6, 8, **live),
        booking(history, 3, 1, 3, **live),
        booking(history, 4, 4, 5, **live | {"room": "b"}),
        booking(history, 5, 4, 5, **live | {"status": "held"}),
        booking(history, 6, 4, 5, **live | {"is_deleted": True}),
        booking(history, 7, 4, 4, **live),
        booking(history, 8, 5, 4, **live),
    )

    history.change(spec(f"taken: {FIRM}", soft=True))

    assert_refused(history, booking(history, 9, 1, 4, **live))
    there_and_back(history)


def test_a_range_without_an_end_goes_on(history: History) -> None:
    fields = FIELDS.replace("begins: date, ends: date", "begins: date?, ends: date?")
    history.change(spec("", fields))
    endless = {"ends": None}
    history.insert("bookings", booking(history, 1, 3, 6), booking(history, 2, 6, 7, **endless))
    history.insert("bookings", booking(history, 3, 1, 3, begins=None))

    history.change(spec(f"taken: {TAKEN}", fields))
    assert_refused(history, booking(history, 4, 20, 21))
    assert_refused(history, booking(history, 4, 1, 2))
    history.change(spec("", fields))
    history.insert("bookings", booking(history, 4, 20, 21))

    with pytest.raises(CommandError, match="1 pair of rows overlaps"):
        history.change(spec(f"taken: {TAKEN}", fields))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("int", ("1", "3", "2")),
        ("bigint", ("1", "3", "2")),
        ("decimal", ("1", "3", "2")),
        ("datetime", ("2026-01-01 00:00:00", "2026-01-01 02:00:00", "2026-01-01 01:00:00")),
    ],
)
def test_every_kind_of_range_is_one(
    history: History, kind: str, values: tuple[str, str, str]
) -> None:
    fields = f"room: str(1..9), open: bool, begins: {kind}, ends: {kind}"
    history.change(spec("taken: {equal: [room, open], overlap: [begins, ends]}", fields))
    begin, end, within = values
    row = {"id": key(history, 1), "room": "a", "open": True, "begins": begin, "ends": end}
    history.insert("bookings", row)

    history.insert("bookings", {**row, "id": key(history, 2), "open": False})
    history.insert("bookings", {**row, "id": key(history, 3), "begins": end, "ends": end})
    assert_refused(history, {**row, "id": key(history, 4), "begins": within})


def test_values_of_every_kind_can_be_equal(history: History) -> None:
    kinds = [
        "str(1..9)",
        "text",
        "int",
        "bigint",
        "float",
        "bool",
        "date",
        "time",
        "datetime",
        "duration",
        "uuid",
        "ulid",
        "email",
        "enum(x|y)",
        "decimal",
        "ref(Room)",
    ]
    fields = {f"one_{number}": kind for number, kind in enumerate(kinds)}
    text = "".join(f"      {name}: {kind}\n" for name, kind in fields.items())

    history.change(
        f"entities:\n  Room: {{fields: {{name: str}}}}\n  Booking:\n    fields:\n{text}"
        "      begins: date\n      ends: date\n"
        f"    exclude: {{taken: {{equal: [{', '.join(fields)}], overlap: [begins, ends]}}}}\n"
    )

    expected = ["ex_bookings_taken"] if history.dialect == "postgresql" else []
    assert constraints(history) == expected


def test_an_exclusion_changes(history: History) -> None:
    history.change(spec(f"taken: {TAKEN}"))
    history.insert("bookings", booking(history, 1, 3, 6))

    history.change(spec(f"taken: {FIRM}"))
    history.insert("bookings", booking(history, 2, 4, 5))
    with pytest.raises(CommandError, match="1 pair of rows overlaps"):
        history.undo()
    with pytest.raises(CommandError, match="1 pair of rows overlaps"):
        history.change(spec(f"taken: {TAKEN}"))
    history.execute("DELETE FROM bookings WHERE begins = '2026-01-04'")
    history.resume()
    history.undo()
    history.redo()

    assert_refused(history, booking(history, 3, 4, 5))


def test_another_name_of_the_rule_table_or_columns_makes_nothing_again(history: History) -> None:
    history.change(spec(f"taken: {TAKEN}"))
    history.insert("bookings", booking(history, 1, 3, 6))

    history.change(spec(f"room_taken: {TAKEN}"))
    there_and_back(history)
    renamed = (
        "entities:\n  Stay:\n    renamed_from: Booking\n    fields:\n"
        "      { place: str(1..9) renamed_from=room, since: date renamed_from=begins,"
        " until: date renamed_from=ends, status: enum(held|booked) = held }\n"
        "    exclude: { busy: { equal: place, overlap: [since, until] } }\n"
    )
    history.change(renamed)

    assert not any("create_exclude_constraint" in text for text in history.texts)
    if history.dialect == "postgresql":
        assert constraints(history) == ["ex_stays_busy"]
        row = {"id": key(history, 2), "place": "a", "status": "held"}
        with pytest.raises(IntegrityError, match="ex_stays_busy"):
            history.insert("stays", {**row, "since": "2026-01-04", "until": "2026-01-05"})
    there_and_back(history)


def test_columns_below_an_exclusion_change(history: History) -> None:
    fields = "room: str(1..9), begins: int, ends: int"
    row = {"id": key(history, 1), "room": "a", "begins": 1, "ends": 5}
    history.change(spec(f"taken: {TAKEN}", fields))
    history.insert("bookings", row)

    history.change(spec(f"taken: {TAKEN}", fields.replace("9", "20").replace("int", "bigint")))
    assert_refused(history, {**row, "id": key(history, 2), "begins": 4})
    there_and_back(history)
    history.change(
        spec(f"taken: {TAKEN}", "room: str(1..20)?, begins: bigint?, ends: bigint"),
    )
    there_and_back(history)


def test_an_exclusion_goes_with_its_column_and_comes_with_one(history: History) -> None:
    room = "room: {type: str(1..9), default: a}"
    with_default, without = (
        FIELDS.replace("room: str(1..9)", room),
        FIELDS.replace("room: str(1..9), ", ""),
    )
    history.change(spec(f"taken: {TAKEN}", with_default))
    history.insert("bookings", booking(history, 1, 3, 6), booking(history, 2, 6, 7))

    history.change(spec("", without), accept="Booking.room")
    assert constraints(history) == []
    there_and_back(history)
    place = with_default.replace("room", "place")
    history.change(spec(f"taken: {TAKEN.replace('room', 'place')}", place))

    there_and_back(history)
    history.undo_all()
    history.redo_all()


def test_rows_that_would_overlap_in_a_new_column_stop_it(history: History) -> None:
    without = FIELDS.replace("room: str(1..9), ", "")
    history.change(spec("", without))
    for number in (1, 2):
        row = booking(history, number, 3, 6)
        history.insert("bookings", {name: row[name] for name in row if name != "room"})
    before = history.dump()

    filled = FIELDS.replace("room: str(1..9)", "room: {type: str(1..9), default: a}")
    with pytest.raises(CommandError, match="1 pair of rows overlaps in begins to ends"):
        history.change(spec(f"taken: {TAKEN}", filled))

    assert history.dump() == before


def test_deleted_rows_are_live_when_soft_deletion_goes(history: History) -> None:
    history.change(spec(f"taken: {TAKEN}", soft=True))
    history.insert(
        "bookings",
        booking(history, 1, 3, 6, is_deleted=False),
        booking(history, 2, 3, 6, is_deleted=True),
    )

    with pytest.raises(CommandError, match="1 pair of rows overlaps"):
        history.change(spec(f"taken: {TAKEN}"), accept="Booking")
    history.execute("DELETE FROM bookings WHERE is_deleted")
    history.resume()
    history.check()
    assert_refused(history, booking(history, 3, 3, 6))


def test_a_table_goes_with_its_exclusion_and_comes_back(history: History) -> None:
    other = "  Note: {fields: {text: str}}\n"
    history.change(spec(f"taken: {TAKEN}") + other)
    history.insert("bookings", booking(history, 1, 3, 6))

    history.change("entities:\n" + other, accept="Booking")

    there_and_back(history)
    history.undo_all()
    history.redo_all()


def test_on_a_busy_database_it_waits_for_a_moment_of_its_own(history: History) -> None:
    """PostgreSQL adds it neither NOT VALID nor CONCURRENTLY: last, alone, and said so."""
    history.change(spec(), head=ZERO)
    history.insert("bookings", booking(history, 1, 3, 6))

    revisions = history.change(
        spec(f"taken: {TAKEN}", FIELDS.replace("status:", "n: int = 1, status:")), head=ZERO
    )

    assert revisions[-1].slug.endswith("_exclusions")
    assert revisions[-1].waits_for_code
    assert "Nobody reads or writes the tables while" in " ".join(revisions[-1].notes)
    made = ["create_exclude_constraint" in text for text in history.texts]
    assert made == [False] * (len(revisions) - 1) + [True]
    asked = ["refuse_overlaps(" in text for text in history.texts]
    assert asked[0], "rows that are there stop it before anything is changed"
    assert asked[-1], "rows may have come since"
    *found, (missed,) = [squawk(postgresql_statements(text)) for text in history.texts]
    assert found == [()] * (len(revisions) - 1)
    assert missed.startswith("constraint-missing-not-valid")
    there_and_back(history)
    history.change(spec(f"held: {FIRM}"), accept="Booking.n", head=ZERO)
    there_and_back(history)
    history.change(spec(), head=ZERO)
    there_and_back(history)
