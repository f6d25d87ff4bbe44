"""Columns that get another type: widened in place, converted, or begun again."""

import pytest

from tests.migrations.history import History, Refused
from tests.migrations.test_tables_and_names import key


def field(type_: str, *, optional: bool = True, more: str = "") -> str:
    """Return a spec with one field `v` of a type."""
    name, _, rest = type_.partition(" ")
    shorthand = f"{name}{'?' * optional} {rest}".rstrip()
    value = f"{{type: '{shorthand}'{more}}}" if more else f"'{shorthand}'"
    return f"entities:\n  Task: {{fields: {{title: str(1..200), v: {value}}}}}\n"


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


def values(history: History) -> list[object]:
    """Return the values of the field, in the order of the rows."""
    return [row[0] for row in history.rows("SELECT v FROM tasks ORDER BY title")]


@pytest.mark.parametrize(
    ("before", "after", "stored", "wanted"),
    [
        ("int", "bigint", 7, 7),
        ("str(2..20)", "str(1..40)", "ab", "ab"),
        ("str(..20)", "text", "ab", "ab"),
        (
            "decimal precision=6 scale=2",
            "decimal precision=9 scale=2",
            {"pg": "1.25", "lite": 125},
            {"pg": "1.25", "lite": 125},
        ),
        (
            "decimal precision=6 scale=2 min=0.5",
            "decimal precision=9 scale=4 min=0.5",
            {"pg": "1.25", "lite": 125},
            {"pg": "1.2500", "lite": 12500},
        ),
        ("int", "float", 7, 7.0),
        ("int", "decimal precision=14 scale=2", 7, {"pg": "7.00", "lite": 700}),
        ("int", "str(..20)", -7, "-7"),
        ("bool", "int", True, 1),
        ("bool", "str(..5)", True, "true"),
        (
            "date",
            "datetime",
            "2020-02-03",
            {"pg": "2020-02-03 00:00:00+00:00", "lite": "2020-02-03 00:00:00.000000"},
        ),
        (
            "uuid",
            "str(..36)",
            {
                "pg": "0190aaaa-0000-7000-8000-00000000000a",
                "lite": "0190aaaa00007000800000000000000a",
            },
            "0190aaaa-0000-7000-8000-00000000000a",
        ),
        ("decimal precision=6 scale=2", "str(..20)", {"pg": "-0.50", "lite": -50}, "-0.50"),
        ("enum(a|b)", "str(..20)", "a", "a"),
    ],
)
def test_what_the_new_type_holds_is_kept(
    history: History, before: str, after: str, stored: object, wanted: object
) -> None:
    start(history, field(before), of(history, stored), None)

    revisions = history.change(field(after))

    assert [one.is_destructive for one in revisions] == [False]
    assert values(history) == [of(history, wanted), None]
    history.undo()
    history.check(-2)
    assert values(history) in ([of(history, stored), None], [1, None])
    history.redo()


@pytest.mark.parametrize(
    ("before", "after", "stored", "wanted"),
    [
        ("str(..20)", "str(..3)", ["abcdef", "x"], ["abc", "x"]),
        ("bigint", "int", [7, -7], [7, -7]),
        ("str(..20)", "int", ["12", "twelve"], [12, None]),
        (
            "str(..40)",
            "uuid",
            ["0190AAAA-0000-7000-8000-00000000000a", "no"],
            [
                {
                    "pg": "0190aaaa-0000-7000-8000-00000000000a",
                    "lite": "0190aaaa00007000800000000000000a",
                },
                None,
            ],
        ),
        (
            "str(..20)",
            "decimal precision=6 scale=2",
            ["-1.256", "1.2.3"],
            [{"pg": "-1.26", "lite": -126}, None],
        ),
        ("str(..20)", "float", ["1.5", "x"], [1.5, None]),
        ("str(..20)", "date", ["2020-02-03", "soon"], ["2020-02-03", None]),
        (
            "decimal precision=6 scale=2",
            "int",
            [{"pg": "1.50", "lite": 150}, {"pg": "-1.50", "lite": -150}],
            [2, -2],
        ),
        (
            "decimal precision=6 scale=2",
            "decimal precision=6 scale=1",
            [{"pg": "1.25", "lite": 125}, {"pg": "-0.04", "lite": -4}],
            [{"pg": "1.3", "lite": 13}, {"pg": "0.0", "lite": 0}],
        ),
        (
            "float",
            "decimal precision=8 scale=2",
            [1.256, -0.5],
            [{"pg": "1.26", "lite": 126}, {"pg": "-0.50", "lite": -50}],
        ),
        (
            "datetime",
            "date",
            [{"pg": "2020-02-03 23:30:00+00", "lite": "2020-02-03 23:30:00.000000"}] * 2,
            ["2020-02-03"] * 2,
        ),
        ("int", "bool", [0, 3], [{"pg": False, "lite": 0}, {"pg": True, "lite": 1}]),
        ("json", "int", ["[]", "1"], [None, None]),
    ],
)
def test_what_the_new_type_does_not_hold_needs_consent(
    history: History, before: str, after: str, stored: list[object], wanted: list[object]
) -> None:
    start(history, field(before), *(of(history, one) for one in stored))

    with pytest.raises(Refused) as refused:
        history.change(field(after))
    revisions = history.change(field(after), accept="Task.v")

    assert refused.value.codes == ["AG804"]
    assert [one.is_destructive for one in revisions] == [True]
    assert values(history) == [of(history, one) for one in wanted]
    history.undo()
    history.check(-2)
    history.redo()


def test_a_required_value_that_can_not_be_read_stops_the_migration(history: History) -> None:
    start(history, field("str(..20)", optional=False), "12", "twelve")

    with pytest.raises(Exception, match=r"(?i)not.null"):
        history.change(field("int", optional=False), accept="Task.v")

    assert values(history) == ["12", "twelve"]


def test_a_backfill_stands_in_for_what_can_not_be_read(history: History) -> None:
    start(history, field("str(..20)", optional=False), "12", "twelve")

    history.change(field("int", optional=False, more=", backfill: 0"), accept="Task.v")

    assert values(history) == [12, 0]
    history.undo()
    history.check(-2)
    assert values(history) == ["12", "0"]


def test_indexes_and_constraints_of_a_converted_column_come_back(history: History) -> None:
    spec = (
        "entities:\n  Task:\n    fields: {title: str(1..9), v: '%s'}\n"
        "    unique: [[title, v]]\n    indexes: {by_v: {fields: [v, title]}}\n"
        "    invariants: {positive: v > 0}\n"
    )
    history.change(spec % "int")
    history.insert("tasks", {"id": key(history, 1), "title": "a", "v": 5})

    history.change(spec % "decimal precision=14 scale=2")

    assert values(history) == [{"postgresql": "5.00", "sqlite": 500}[history.dialect]]
    history.undo()
    history.check(-2)
    assert values(history) == [5]
    history.redo()


def of(history: History, value: object) -> object:
    """Return what one of the databases keeps."""
    if isinstance(value, dict):
        return value["pg" if history.dialect == "postgresql" else "lite"]
    return value
