"""Columns and tables that go, and what of them comes back on the way back."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from apigen.evolve.column_changes import filled, part_filled
from apigen.evolve.descending_indexes import keeping_descending
from apigen.evolve.operation import (
    AddColumn,
    AlterColumn,
    DropColumn,
    DropConstraint,
    DropTable,
    Operation,
)
from apigen.evolve.part_changes import drop, in_order, replacements
from apigen.evolve.resolving import Moment, column_of
from apigen.evolve.schema_difference import SchemaDifference, TablePair
from apigen.evolve.sealed_columns import digested
from apigen.evolve.steps import Step, step
from apigen.evolve.table_order import referrers_first
from apigen.evolve.value_parts import joined_fill, rejoins


def is_out_of_order(found: SchemaDifference) -> bool:
    """Tell whether a name that goes is taken again, so that losses have to come first."""
    gone = {(table.schema, table.name) for table in found.removed}
    come = {(table.schema, table.name) for table in found.added}
    come |= {
        (pair.after.schema, pair.after.name)
        for pair in found.kept
        if (pair.before.schema, pair.before.name) != (pair.after.schema, pair.after.name)
    }
    return bool(gone & come) or any(_is_taken(pair) for pair in found.kept)


def _is_taken(pair: TablePair) -> bool:
    gone = {column.name for column in pair.removed}
    come = {column.name for column in pair.added}
    come |= {one.after.name for one in pair.columns if one.before.name != one.after.name}
    return bool(gone & come)


def column_drops(
    found: SchemaDifference, names: Moment, refills: Mapping[str, Operation], *, early: bool
) -> Iterator[Step]:
    """Yield what drops columns, with the constraints and indexes that stand on them.

    Args:
        found: The difference.
        names: What everything is called at that time.
        refills: Id of a column to what fills it from somewhere else on the way back.
        early: Nothing else is done yet: what stands on the columns is there as it was.
    """
    for pair in found.kept:
        keys = set(pair.before.key.columns) if pair.rekeyed else set()
        gone = [column for column in pair.removed if column.id not in keys]
        if not gone:
            continue
        ids = {column.id for column in gone}
        parts = [
            one
            for one in replacements(pair)
            if one.before_columns & ids and (early or one.after is None)
        ]
        table = pair.before.id
        where = names.tables[table]
        steps = in_order(drop(one.before, pair.before, names) for one in parts if one.before)[::-1]
        for column in gone:
            wanted = column_of(column, pair.before)
            back: list[Operation] = [AddColumn(table=where, column=replace(wanted, nullable=True))]
            if column.id in refills:
                back.append(refills[column.id])
            elif column.fill is not None:
                back.append(filled(column, pair.before, names))
            elif column.digests in {one.id for one in pair.after.columns if one.sealed}:
                back += digested(column, pair.before, names)
            elif rejoins(column, pair.after):
                part = replace(column, fill=joined_fill(column, pair.after))
                back.append(part_filled(part, pair.before, names))
            if not column.nullable and len(back) > 1 and not column.digests:
                open_ = replace(wanted, nullable=True)
                back.append(AlterColumn(table=where, before=open_, after=wanted))
            steps.append(Step(up=(DropColumn(table=where, column=wanted),), down=tuple(back)))
        kept = frozenset(after.id for _, after in pair.indexes.kept)
        table_then = pair.before if early else pair.after
        yield from keeping_descending(steps, table_then, table_then, names, kept)


def table_drops(
    found: SchemaDifference, names: Moment, refills: Mapping[str, Operation]
) -> Iterator[Step]:
    """Yield what drops tables, those that refer to others first."""
    # PostgreSQL got the keys of circles after the tables, so they go before them.
    for table in found.removed:
        for key in table.foreign_keys:
            if key.deferred:
                constraint = names.foreign_key(key, table.id)
                where = names.tables[table.id]
                yield step(DropConstraint(table=where, constraint=constraint, only="postgresql"))
    for table in referrers_first(found.removed):
        one = step(DropTable(created=names.created(table)))
        refill = (refills[table.id],) if table.id in refills else ()
        yield replace(one, down=(*one.down, *refill))
