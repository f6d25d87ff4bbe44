"""A reference that becomes a `many`, and back: its values move between a column and a join table.

Both have the id of the one field. From many to one, the smallest target of each owner stays.
"""

from collections.abc import Callable, Mapping

from apigen.evolve.column_changes import qualified, quoted
from apigen.evolve.operation import Execute, Operation, TableName
from apigen.evolve.resolving import Moment
from apigen.evolve.schema_difference import SchemaDifference
from apigen.ir.schema import ColumnShape, TableShape
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What fills a part from where its values were, by the part's id."""

    new_tables: Mapping[str, Operation]
    new_columns: Mapping[str, Operation]
    old_tables: Mapping[str, Operation]
    """On the way back."""
    old_columns: Mapping[str, Operation]
    """On the way back."""


def carried(found: SchemaDifference, names: Moment) -> Carried:
    """Return the moves between columns and join tables."""
    joins_added = {table.id: table for table in found.added}
    joins_removed = {table.id: table for table in found.removed}
    widened = [
        (pair.before, column, joins_added[column.id])
        for pair in found.kept
        for column in pair.removed
        if column.id in joins_added
    ]
    narrowed = [
        (pair.after, column, joins_removed[column.id])
        for pair in found.kept
        for column in pair.added
        if column.id in joins_removed
    ]
    return Carried(
        new_tables={join.id: _into(join, table, column, names) for table, column, join in widened},
        old_columns={
            column.id: _from(join, table, column, names) for table, column, join in widened
        },
        new_columns={
            column.id: _from(join, table, column, names) for table, column, join in narrowed
        },
        old_tables={join.id: _into(join, table, column, names) for table, column, join in narrowed},
    )


def _into(join: TableShape, table: TableShape, column: ColumnShape, names: Moment) -> Execute:
    owner, target = _sides(join, names)
    key = quoted(names.columns[table.id][table.key.columns[0]])
    value = quoted(names.columns[table.id][column.id])

    def statement(into: str, of: str) -> str:
        return (
            f"INSERT INTO {into} ({owner}, {target}) SELECT {key}, {value} FROM {of}"  # noqa: S608
            f" WHERE {value} IS NOT NULL"
        )

    return _both(statement, names.tables[join.id], names.tables[table.id])


def _from(join: TableShape, table: TableShape, column: ColumnShape, names: Moment) -> Execute:
    owner, target = _sides(join, names)
    key = quoted(names.columns[table.id][table.key.columns[0]])
    value = quoted(names.columns[table.id][column.id])

    def statement(of: str, into: str) -> str:
        return (
            f"UPDATE {into} SET {value} = (SELECT {target} FROM {of}"  # noqa: S608
            f" WHERE {owner} = {into}.{key} ORDER BY {target} LIMIT 1)"
        )

    return _both(statement, names.tables[join.id], names.tables[table.id])


def _both(statement: Callable[[str, str], str], join: TableName, table: TableName) -> Execute:
    return Execute(
        postgresql=statement(qualified(join), qualified(table)),
        sqlite=statement(quoted(join.name), quoted(table.name)),
    )


def _sides(join: TableShape, names: Moment) -> tuple[str, str]:
    columns = names.columns[join.id]
    return quoted(columns[f"{join.id}.owner"]), quoted(columns[f"{join.id}.target"])
