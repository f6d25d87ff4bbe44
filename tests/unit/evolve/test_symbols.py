"""The lines of the lock: what has an id, where it is stored, what its hash is of."""

from apigen.evolve.record import Symbol
from apigen.evolve.symbols import symbols
from tests.unit.evolve.specs import shop, system_of, task

SPEC = task("name: str(1..200)\nprice: decimal\ndouble: decimal := price * 2")


def found(text: str) -> dict[str, Symbol]:
    """Return the symbols of a spec by name without the context."""
    return {symbol.qname.removeprefix("shop."): symbol for symbol in symbols(system_of(text))}


def test_storage_is_table_and_column() -> None:
    known = found(SPEC)

    assert known["Task"].storage == "tasks"
    assert known["Task.name"].storage == "tasks.name"
    assert known["Task.double"].storage == "-"


def test_members_and_parts_of_value_objects_are_symbols() -> None:
    known = found(
        shop(
            "  Task:\n    fields: { a: Mood, b: Money }\n",
            types="  Mood: { enum: { fine: { value: F } } }\n"
            "  Money: { fields: { amount: int, unit: str } }\n",
        )
    )

    assert (known["Mood.fine"].kind, known["Mood.fine"].storage) == ("member", "F")
    assert (known["Money.amount"].kind, known["Money.amount"].storage) == ("field", "-")


def test_a_move_in_the_file_changes_nothing() -> None:
    assert found(SPEC) == found(f"# a comment\n\n{SPEC}")


def test_what_a_thing_was_called_changes_nothing() -> None:
    assert found(SPEC) == found(
        SPEC.replace("name: str(1..200)", "name: str(1..200) renamed_from=title")
    )


def test_a_change_of_a_field_changes_its_line_only() -> None:
    before = found(SPEC)

    after = found(SPEC.replace("1..200", "1..100"))

    assert [name for name in before if before[name] != after[name]] == ["Task.name"]


def test_a_new_field_leaves_the_line_of_its_entity_alone() -> None:
    before = found(task("a: text"))

    after = found(task("a: text\nb: text"))

    assert {name: after[name] for name in before} == before


def test_lines_are_sorted_by_id() -> None:
    ids = [symbol.id for symbol in symbols(system_of(SPEC))]

    assert ids == sorted(ids)
