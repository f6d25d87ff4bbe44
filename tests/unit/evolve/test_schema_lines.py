"""A schema survives the lock."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from apigen.evolve.schema_difference import difference
from apigen.evolve.schema_lines import schema_lines, schema_of_lines
from apigen.ir.schema import Schema
from apigen.views.migrations.schema import schema
from tests.migrations.history import system_of

SPEC = """\
types:
  Money: {fields: {amount: decimal, currency: str(3..3)}}
  State: {enum: {open: {value: o}, done: {}}}
entities:
  Task:
    soft_delete: true
    fields:
      title: str(1..80) unique
      price: Money?
      state: State
      tags: many(Tag)
      rank: {type: int, default: 3}
      of: ref(Tag|Task)?
    indexes: {by_rank: {fields: [rank, title], sort: [-rank], where: rank > 3}}
    invariants: {ranked: rank < 100}
    children: {steps: {fields: {name: str}}}
  Tag: {id: bigint, fields: {name: str(1..20) search}}
"""


@pytest.fixture
def made(tmp_path: Path) -> Schema:
    """Tables with one of each part."""
    return schema(system_of(SPEC, tmp_path))


def test_lines_tell_the_whole_schema(made: Schema) -> None:
    lines = json.loads(json.dumps(schema_lines(made)))

    again = schema_of_lines(lines)

    assert schema_lines(again) == schema_lines(made)
    found = difference(again, made)
    assert (found.added, found.removed) == ((), ())
    assert [table.name for table in again.tables] != []


def test_every_line_has_a_key_of_its_own(made: Schema) -> None:
    keys = [(line[0], line[1]) for line in schema_lines(made)]

    assert len(set(map(str, keys))) == len(keys)
    assert keys == sorted(keys, key=str)


def test_order_is_no_part_of_it(made: Schema) -> None:
    turned = Schema(
        tables=tuple(replace(table, columns=table.columns[::-1]) for table in reversed(made.tables))
    )

    assert schema_lines(turned) == schema_lines(made)


def test_lines_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="not the lines of a schema"):
        schema_of_lines([["table", "x", {"name": "t"}]])
