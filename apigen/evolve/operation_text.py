"""The steps of a migration in words, for people: `adds column tasks.note`."""

from collections.abc import Iterable
from typing import assert_never

from apigen.evolve.operation import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateExtension,
    CreateIndex,
    CreateSchema,
    CreateTable,
    DigestColumn,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropTable,
    Execute,
    FillColumn,
    OpenColumn,
    Operation,
    RefuseOverlaps,
    RefuseValues,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    ReplaceValues,
    SealColumn,
    TableName,
    ValidateConstraint,
)


def told(operations: Iterable[Operation]) -> tuple[str, ...]:
    """Return what the steps do, in their order; the same words are said once."""
    return tuple(dict.fromkeys(operation_text(operation) for operation in operations))


def operation_text(operation: Operation) -> str:
    """Return what one step does, without a full stop."""
    match operation:
        case CreateSchema(name=name):
            return f"makes schema {name}"
        case DropSchema(name=name):
            return f"drops schema {name}"
        case CreateExtension(name=name):
            return f"installs extension {name}"
        case CreateTable(table=table):
            return f"makes table {_table(table)}"
        case DropTable(created=created):
            return f"drops table {_table(created.table)}"
        case RenameTable(before=before, after=after):
            return f"renames table {_table(before)} to {_table(after)}"
        case AddColumn(table=table, column=column):
            return f"adds column {_table(table)}.{column.name}"
        case DropColumn(table=table, column=column):
            return f"drops column {_table(table)}.{column.name}"
        case RenameColumn(table=table, before=old, after=new):
            return f"renames column {_table(table)}.{old} to {new}"
        case AlterColumn(table=table):
            return f"{_altered(operation)} {_table(table)}.{operation.after.name}"
        case AddConstraint(table=table, constraint=constraint):
            return f"adds constraint {constraint.name} to {_table(table)}"
        case ValidateConstraint(table=table, name=name):
            return f"checks the rows of {_table(table)} against {name}"
        case DropConstraint(table=table, constraint=constraint):
            return f"drops constraint {constraint.name} of {_table(table)}"
        case RenameConstraint(before=constraint, after=other):
            return f"renames constraint {constraint.name} to {other.name}"
        case CreateIndex(table=table, index=index):
            return f"adds index {index.name} to {_table(table)}"
        case DropIndex(table=table, index=index):
            return f"drops index {index.name} of {_table(table)}"
        case RenameIndex(before=index, after=later):
            return f"renames index {index.name} to {later.name}"
        case FillColumn(table=table, column=filled):
            return f"fills column {_table(table)}.{filled}"
        case SealColumn(table=table, column=filled):
            return f"encrypts into {_table(table)}.{filled}"
        case OpenColumn(table=table, column=filled):
            return f"decrypts into {_table(table)}.{filled}"
        case DigestColumn(table=table, column=filled):
            return f"makes the digests of {_table(table)}.{filled}"
        case ReplaceValues(table=table, column=filled):
            return f"rewrites the values of {_table(table)}.{filled}"
        case RefuseValues(table=table, column=filled, values=values):
            return f"stops if {_table(table)}.{filled} holds {' or '.join(map(repr, values))}"
        case RefuseOverlaps(table=table, exclusion=exclusion):
            return f"stops if rows of {_table(table)} break {exclusion.name}"
        case Execute():
            return "runs a statement"
        case _:
            assert_never(operation)


def _altered(operation: AlterColumn) -> str:
    before, after = operation.before, operation.after
    if before.type != after.type:
        return "changes the type of column"
    if before.nullable != after.nullable:
        return "allows NULL in column" if after.nullable else "requires a value in column"
    return (
        "drops the default of column" if operation.dropped_default is not None else "changes column"
    )


def _table(table: TableName) -> str:
    return f"{table.schema}.{table.name}" if table.schema else table.name
