"""Tables of a system: order, names, keys, constraints, indexes."""

from pathlib import Path

import pytest

from apigen.evolve.migration import first_revision
from apigen.evolve.operation import AddConstraint
from apigen.ir.system import System
from apigen.lower.system import lower
from apigen.spec.reader import read
from apigen.views.migrations.revisions import revision_module
from apigen.views.migrations.schema import schema
from apigen.views.tables.parts import Table
from apigen.views.tables.tables import tables

HEAD = "apigen: 1\napp: {name: t}\n"


def system(folder: Path, text: str) -> System:
    """Return the system of a spec."""
    path = folder / "apigen.yaml"
    path.write_text(HEAD + text)
    document = read(path)
    assert document.value is not None, document.diagnostics
    lowered = lower(document.value)
    assert lowered.value is not None, lowered.diagnostics
    assert not lowered.has_errors, lowered.diagnostics
    return lowered.value


def table(made: System, name: str) -> Table:
    """Return a table by name."""
    return next(found for found in tables(made) if found.name == name)


def test_what_is_referred_to_comes_first(tmp_path: Path) -> None:
    made = system(
        tmp_path,
        """
entities:
  Order: {fields: {customer: ref(Customer), tags: many(Tag)}, children: {lines: {fields: {n: int}}}}
  Customer: {fields: {name: str, referrer: ref(Customer)?}}
  Tag: {fields: {name: str}}
""",
    )

    names = [found.name for found in tables(made)]

    assert names.index("customers") < names.index("orders") < names.index("order_lines")
    assert names.index("orders_tags") > max(names.index("orders"), names.index("tags"))
    assert not any(
        column.foreign_key.deferred
        for found in tables(made)
        for column in found.columns
        if column.foreign_key
    )


def test_references_to_what_comes_later_in_a_circle_are_made_afterwards(tmp_path: Path) -> None:
    made = system(
        tmp_path,
        """
entities:
  Ant: {fields: {bee: ref(Bee)?}}
  Bee: {fields: {cat: ref(Cat)?}}
  Cat: {fields: {ant: ref(Ant)?}}
""",
    )

    deferred = [
        (found.name, column.name)
        for found in tables(made)
        for column in found.columns
        if column.foreign_key and column.foreign_key.deferred
    ]

    assert sorted(deferred) == [("ants", "bee_id"), ("bees", "cat_id")]
    first = first_revision(schema(made))
    late = [one for one in first.operations if isinstance(one, AddConstraint)]
    assert [one.only for one in late] == ["postgresql"] * 2


def test_keys_come_first_and_in_their_own_order(tmp_path: Path) -> None:
    made = system(
        tmp_path,
        """
entities:
  Left: {fields: {name: str}}
  Link:
    id: composite(second|first)
    fields: {note: str?, first: ref(Left) immutable, second: ref(Left) immutable}
""",
    )

    found = table(made, "links")

    assert [column.name for column in found.columns if column.primary_key] == [
        "second_id",
        "first_id",
    ]
    assert [index.columns for index in found.indexes] == [("first_id",)]


@pytest.mark.parametrize(
    ("field", "condition"),
    [
        ("str(3..40)", 'length("f") >= 3 AND length("f") <= 40'),
        ("text", None),
        ("int(1..9)", '"f" >= 1 AND "f" <= 9'),
        ("decimal(0..)", '"f" >= 0'),
        ("date(2000-01-01..)", "\"f\" >= '2000-01-01'"),
        ("bytes(..5)", 'length("f") <= 5'),
        ("bool", None),
    ],
)
def test_bounds_are_conditions_of_the_table(
    tmp_path: Path, field: str, condition: str | None
) -> None:
    made = system(tmp_path, f"entities:\n  E: {{fields: {{f: {field}}}}}\n")

    checks = [check.bound.sql for check in table(made, "es").checks if check.bound is not None]

    assert checks == ([condition] if condition else [])


def test_a_decimal_bound_is_written_for_each_database(tmp_path: Path) -> None:
    made = system(tmp_path, "entities:\n  E: {fields: {f: decimal(0.5..)}}\n")

    made_text = "\n".join(revision_module(first_revision(schema(made)), package="t").upgrade)

    assert 'ScaledDecimal(18, 4)) >= Decimal("0.5")' in made_text


def test_long_names_are_shortened_and_stay_different(tmp_path: Path) -> None:
    long = "a" * 50
    made = system(
        tmp_path, f"entities:\n  E: {{fields: {{{long}_one: str(2..5), {long}_two: str(2..5)}}}}\n"
    )

    names = [check.name for check in table(made, "es").checks]

    assert len(set(names)) == 2
    assert all(len(name.encode()) <= 63 for name in names)


def test_enum_values_are_data(tmp_path: Path) -> None:
    made = system(
        tmp_path,
        """
types: {S: {enum: {a: {value: "it's"}, b: {value: "x\\") or True #"}}}}
entities:
  E: {fields: {s: S}}
""",
    )

    (check,) = table(made, "es").checks

    assert check.values == ("it's", 'x") or True #')


def test_equal_systems_have_equal_revisions(tmp_path: Path) -> None:
    text = "entities:\n  E: {fields: {name: str}}\n"

    first = first_revision(schema(system(tmp_path, text)))
    same = first_revision(schema(system(tmp_path, "# moved\n\n" + text)))
    other = first_revision(schema(system(tmp_path, text.replace("name", "title"))))

    assert first == same
    assert other.id != first.id
