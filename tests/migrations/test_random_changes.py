"""Chains of several changes at once, drawn by chance, on tables that have rows in them.

After each change the tables are those of the spec, and what both specs have holds the same values;
the same after going back and forth, and for the whole chain down to nothing.
"""

import random
from collections.abc import Iterator

import pytest

from apigen.evolve.conversion import Way
from apigen.evolve.schema_difference import difference
from apigen.evolve.table_order import referrers_first
from apigen.ir.schema import ColumnShape, Schema, TableShape
from apigen.views.migrations.schema import schema
from tests.migrations.history import HEAD, History, system_of

SPEC = """\
types:
  Money: {fields: {amount: decimal <digits>, currency: currency = EUR<net>}}
  Level: {enum: {low: {value: L}, <high>}}
contexts:
  sales:
    schema: <schema>
    entities:
      Tag: {id: int, fields: {name: str(1..20)}}
      Customer:
        timestamps: <stamps>
        soft_delete: <soft>
        unique: <unique>
        indexes: <index>
        invariants: <rule>
        exclude: <exclude>
        fields:
          <title>: {type: <length><was title>}
          <mail>: {type: str(1..40)?<was mail>}
          level: Level = low
          limit: Money?
          rank: <rank>
          since: <since>
          more: <more>
          opens: <span>
          closes: <span>
          boss: ref(Customer)? <delete>
          <tag>
        children:
          phones: {fields: {number: <number>, <calls>kind: enum(<kinds>) = home}}
      Country:
        id: natural(code)
        fields: {code: str(2..40) immutable, <label>: {type: text<was label>}}
  left:
    entities:
      One: {fields: {count: int = 1, two: ref(<Two>)?<extra>}}
      <Two>:<was Two>
        fields: {text: <text>, one: ref(One)? on_delete=cascade}
<entity>"""
SLOTS = {
    "digits": ("precision=12 scale=2", "precision=16 scale=4"),
    "net": ("", ", net: bool = false"),
    "high": ("high: {value: H}", "high: {value: TOP}, top: {value: X}"),
    "schema": ("sales", "stock"),
    "stamps": ("false", "true"),
    "soft": ("false", "true"),
    "unique": ("[]", "[[<title>, rank]]"),
    "index": (
        "{}",
        "{by_rank: {fields: [rank, <title>], sort: [-rank]}}",
        "{by_mail: {fields: [<mail>], method: trgm}}",
    ),
    "rule": ("{}", "{ranked: rank > 0}"),
    "exclude": (
        "{apart: {equal: [<title>], overlap: [opens, closes]}}",
        "{apart: {equal: [<title>, level], overlap: [opens, closes], where: rank > 0}}",
        "{once: {overlap: [opens, closes]}}",
        "{}",
    ),
    "span": ("int = 0", "bigint = 0", "decimal precision=12 scale=2 = 0"),
    "length": ("str(1..40)", "str(1..60)"),
    "rank": ("int", "bigint index", "int unique", "decimal precision=12 scale=2"),
    "since": ("date?", "{type: date, backfill: today}"),
    "more": ("list(str(1..5))?", "bool = true", "{type: str(1..60), backfill: <title>}"),
    "delete": ("", "on_delete=set_null"),
    "tag": ("tag: ref(Tag)?", "tag: many(Tag)", "tag: ref(Tag|Country)?"),
    "number": ("str(1..20)", "str(1..30) index"),
    "calls": ("", "calls: int = 0, "),
    "kinds": ("home|work", "home|mobile_phone|work"),
    "extra": ("", ", extra: float = 0.5"),
    "text": ("str(1..40)?", "text?"),
    "entity": ("", "      Three: {id: bigint, fields: {one: ref(One)?, data: json?}}\n"),
}
NAMES = {
    "title": ("title", "name"),
    "mail": ("mail", "post"),
    "label": ("label", "heading"),
    "Two": ("Two", "Second"),
}
SEEDS = (9, 18)


class Spec:
    """A spec with one of several texts in each of its places."""

    def __init__(self, seed: int) -> None:
        """Begin with the first text of each."""
        self._chance = random.Random(seed)
        self._chosen = {slot: texts[0] for slot, texts in (SLOTS | NAMES).items()}
        self.text = self._filled({})

    def change(self) -> None:
        """Choose other texts in one to four places, and other names in one or none."""
        chance, before = self._chance, dict(self._chosen)
        for slot in chance.sample([*SLOTS], chance.randint(1, 4)):
            self._chosen[slot] = chance.choice(SLOTS[slot])
        if chance.random() < 0.6:
            slot = chance.choice([*NAMES])
            self._chosen[slot] = chance.choice(NAMES[slot])
        self.text = self._filled(
            {slot: before[slot] for slot in NAMES if before[slot] != self._chosen[slot]}
        )

    def _filled(self, renamed: dict[str, str]) -> str:
        text = SPEC
        for slot in NAMES:
            begin = "\n        " if slot == "Two" else ", "
            was = f"{begin}renamed_from: {renamed[slot]}" if slot in renamed else ""
            text = text.replace(f"<was {slot}>", was)
        for slot, chosen in self._chosen.items():
            text = text.replace(f"<{slot}>", chosen)
        return text


def _value(column: ColumnShape, number: int, dialect: str) -> object:
    is_sqlite = dialect == "sqlite"
    match column.type.name:
        case "String" | "Text":
            return f"é'{number}"[: int(column.type.arguments[0]) if column.type.arguments else 9]
        case "Boolean":
            return number % 2 == 0
        case "Uuid":
            id_ = f"00000000-0000-7000-8000-{number:012d}"
            return id_.replace("-", "") if is_sqlite else id_
        case "Date":
            return "2020-02-29"
        case "UtcDateTime":
            return "2020-02-29 23:59:59.999999" + ("" if is_sqlite else "+00")
        case "Json":
            return '["ü"]'
        case _:
            return number


def _insert(history: History, wanted: Schema, number: int) -> None:
    """Put a row into every table, with NULL wherever it may be when `number` is even."""
    tables = {table.id: table for table in wanted.tables}
    for table in reversed(referrers_first(wanted.tables)):
        keys = {key.column: key for key in table.foreign_keys}
        stored = {one.columns[0]: one.values[-1][1] for one in table.checks if one.values}
        row: dict[str, object] = {}
        for column in table.columns:
            if column.nullable and number % 2 == 0:
                continue
            if column.id in keys:
                target = tables[keys[column.id].target]
                name = next(
                    one.name for one in target.columns if one.id == keys[column.id].target_column
                )
                found = history.rows(f'SELECT "{name}" FROM {_place(target, history)}')
                row[column.name] = found[-1][0] if found else None
            elif not column.drawn:
                row[column.name] = stored.get(column.id) or _value(column, number, history.dialect)
        if row:
            history.insert(_place(table, history), row)


def _place(table: TableShape, history: History) -> str:
    has_schema = table.schema is not None and history.dialect == "postgresql"
    return f'{table.schema}."{table.name}"' if has_schema else f'"{table.name}"'


def _kept(before: Schema, after: Schema) -> Iterator[tuple[str, list[str]]]:
    """Yield ids of tables with those of the columns whose values stay as they are."""
    for pair in difference(before, after).kept:
        checks = (*pair.before.checks, *pair.after.checks)
        enums = {id_ for check in checks if check.values for id_ in check.columns}
        yield (
            pair.after.id,
            [
                one.after.id
                for one in pair.columns
                if one.way in (Way.SAME, Way.IN_PLACE)
                and one.before.nullable == one.after.nullable
                and one.after.id not in enums
            ],
        )


def _values(history: History, of: Schema, kept: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table in of.tables:
        names = {column.id: column.name for column in table.columns}
        columns = ", ".join(f'"{names[id_]}"' for id_ in kept.get(table.id, ()))
        if columns:
            rows = history.rows(f"SELECT {columns} FROM {_place(table, history)}")
            found[table.id] = sorted(map(repr, rows))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("zero_downtime", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_any_chain_of_changes_keeps_the_rows(
    history: History, seed: int, zero_downtime: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("spec")
    head = HEAD + f"database: {{migrations: {{zero_downtime: {str(zero_downtime).lower()}}}}}\n"
    spec = Spec(seed)
    history.change(spec.text, head=head)
    before = schema(system_of(spec.text, folder, head))
    for number in range(1, 11):
        _insert(history, before, number)
        spec.change()
        symbols = {column.symbol for table in before.tables for column in table.columns}
        accepted = " ".join(symbols | {one.partition(".")[2] for one in symbols})
        after = history.schema_of(spec.text, head=head, accept=accepted)
        kept = dict(_kept(before, after))
        values = _values(history, before, kept)

        history.change(spec.text, head=head, accept=accepted)

        assert _values(history, after, kept) == values, spec.text
        history.undo()
        assert _values(history, before, kept) == values, spec.text
        history.redo()
        assert _values(history, after, kept) == values, spec.text
        before = after
    history.undo_all()
    history.redo_all()
