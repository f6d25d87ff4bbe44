"""Columns of ciphertexts and of digests: what makes and reads them in rows that are there."""

from dataclasses import replace

from apigen.evolve.conversion import opened
from apigen.evolve.operation import (
    AlterColumn,
    DigestColumn,
    OpenColumn,
    Operation,
    SealColumn,
    Sealing,
)
from apigen.evolve.resolving import Moment, column_of
from apigen.ir.schema import ColumnShape, Condition, TableShape


def sealing(column: ColumnShape, table: TableShape, names: Moment) -> Sealing:
    """Return what the ciphertexts of a column are bound to."""
    by_id = {one.id: one for one in table.columns}
    called = names.columns[table.id]
    return Sealing(
        name=column.sealed,
        column=f"{table.name}.{column.name}",
        key=tuple(
            replace(column_of(by_id[id_], table), name=called[id_]) for id_ in table.key.columns
        ),
    )


def sealed(
    column: ColumnShape, table: TableShape, names: Moment, *, value: Condition, target: str
) -> SealColumn:
    """Return what encrypts a value of each row into a column."""
    return SealColumn(
        table=names.tables[table.id],
        column=target,
        type=opened(column.type),
        value=value,
        sealing=sealing(column, table, names),
    )


def unsealed(
    column: ColumnShape,
    table: TableShape,
    names: Moment,
    *,
    source: str,
    into: ColumnShape,
    target: str,
) -> OpenColumn:
    """Return what decrypts a column of `column` into one of `into`."""
    return OpenColumn(
        table=names.tables[table.id],
        column=target,
        type=into.type,
        nullable=into.nullable,
        source=source,
        sealing=sealing(column, table, names),
    )


def digested(
    digests: ColumnShape, table: TableShape, names: Moment, *, source: str = ""
) -> tuple[Operation, ...]:
    """Return what gives rows their digests, and then requires them where they are required.

    Args:
        digests: The column that gets them.
        table: Its table.
        names: What everything is called.
        source: The column of ciphertexts, when it is not called as the table has it.
    """
    sealed_ = next(one for one in table.columns if one.id == digests.digests)
    wanted = column_of(digests, table)
    made = DigestColumn(
        table=names.tables[table.id],
        column=digests.name,
        type=opened(sealed_.type),
        source=source or names.columns[table.id][sealed_.id],
        sealing=sealing(sealed_, table, names),
    )
    if digests.nullable:
        return (made,)
    closed = AlterColumn(
        table=names.tables[table.id], before=replace(wanted, nullable=True), after=wanted
    )
    return (made, closed)
