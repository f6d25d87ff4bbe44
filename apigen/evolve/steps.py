"""Steps of a migration, each with its way back."""

from collections.abc import Iterable

from apigen.evolve.operation import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    CreateSchema,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropTable,
    Operation,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    ReplaceValues,
)
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done, and what undoes it; either may be nothing."""

    up: tuple[Operation, ...] = ()
    down: tuple[Operation, ...] = ()


def step(operation: Operation) -> Step:
    """Return an operation with the one that undoes it."""
    return Step(up=(operation,), down=_inverse(operation))


def upward(steps: Iterable[Step]) -> tuple[Operation, ...]:
    """Return what is done, in order."""
    return tuple(operation for one in steps for operation in one.up)


def downward(steps: Iterable[Step]) -> tuple[Operation, ...]:
    """Return what undoes it, in order."""
    return tuple(operation for one in reversed([*steps]) for operation in one.down)


def _inverse(operation: Operation) -> tuple[Operation, ...]:
    match operation:
        case CreateSchema(name=name):
            return (DropSchema(name=name),)
        case CreateTable():
            return (DropTable(created=operation),)
        case DropTable(created=created):
            return (created,)
        case RenameTable(before=before, after=after):
            return (RenameTable(before=after, after=before),)
        case AddColumn(table=table, column=column):
            return (DropColumn(table=table, column=column),)
        case RenameColumn(table=table, before=one, after=other):
            return (RenameColumn(table=table, before=other, after=one),)
        case AlterColumn(table=table, before=was, after=becomes):
            return () if was == becomes else (AlterColumn(table=table, before=becomes, after=was),)
        case AddConstraint(table=table, constraint=constraint, only=only):
            return (DropConstraint(table=table, constraint=constraint, only=only),)
        case DropConstraint(table=table, constraint=constraint, only=only):
            return (AddConstraint(table=table, constraint=constraint, only=only),)
        case RenameConstraint(table=table, before=first, after=second):
            return (RenameConstraint(table=table, before=second, after=first),)
        case CreateIndex(table=table, index=index, concurrently=concurrently, only=only):
            return (DropIndex(table=table, index=index, concurrently=concurrently, only=only),)
        case DropIndex(table=table, index=index, concurrently=concurrently, only=only):
            return (CreateIndex(table=table, index=index, concurrently=concurrently, only=only),)
        case RenameIndex(table=table, before=earlier, after=later, only=only):
            return (RenameIndex(table=table, before=later, after=earlier, only=only),)
        case ReplaceValues(table=table, column=name, values=values):
            back = tuple((new, old) for old, new in values)
            return (ReplaceValues(table=table, column=name, values=back),)
        case _:
            # Extensions stay, rows keep what they were given.
            return ()
