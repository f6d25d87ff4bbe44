"""Indexes of more than columns, which SQLite forgets whenever it makes their table again."""

from collections.abc import Iterable
from dataclasses import replace

from apigen.evolve.operation import (
    AddConstraint,
    AlterColumn,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    Exclusion,
    Operation,
    RenameConstraint,
    TableName,
)
from apigen.evolve.resolving import Moment
from apigen.evolve.steps import Step, step, upward
from apigen.ir.schema import TableShape

_REMAKING = (AddConstraint, AlterColumn, DropColumn, DropConstraint, RenameConstraint)
"""What SQLite makes a table again for."""


def keeping_descending(
    steps: list[Step], before: TableShape, after: TableShape, names: Moment, ids: frozenset[str]
) -> list[Step]:
    """Put back what SQLite forgets when it makes a table again: indexes of more than columns.

    Args:
        steps: All on one table.
        before: The table as it is before the steps.
        after: The table as it is after them.
        names: What everything is called.
        ids: The indexes that the steps leave alone.
    """
    remade = any(_remakes(one) for one in (*upward(steps), *_downs(steps)))
    lost, made = (
        [
            names.index(one, table.id)
            for one in table.indexes
            if one.is_kept_by_hand and one.id in ids
        ]
        for table in (before, after)
    )
    if not remade or not lost:
        return steps
    where = names.tables[before.id]
    return [
        *(step(DropIndex(table=where, index=index, only="sqlite")) for index in lost),
        *steps,
        *(step(CreateIndex(table=where, index=index, only="sqlite")) for index in made),
    ]


def _remakes(operation: Operation) -> bool:
    about = getattr(operation, "constraint", None) or getattr(operation, "before", None)
    return isinstance(operation, _REMAKING) and not isinstance(about, Exclusion)


def _downs(steps: Iterable[Step]) -> tuple[Operation, ...]:
    return tuple(operation for one in steps for operation in one.down)


def put_back_once(steps: Iterable[Step]) -> list[Step]:
    """Return the steps without indexes that are put back only to be dropped again.

    Each part of a change guards the indexes that it leaves alone (`keeping_descending`). In phases
    every guard's drop comes first and every index last, so nothing may be dropped twice.
    """
    kept: dict[int, Step] = {}
    made: dict[tuple[TableName, str], int] = {}
    guarded = set[tuple[TableName, str]]()
    for number, found in enumerate(steps):
        kept[number] = found
        operation = found.up[0] if len(found.up) == 1 else None
        if not isinstance(operation, CreateIndex | DropIndex):
            continue
        key = (operation.table, operation.index.name)
        guards = operation.only == "sqlite"
        if isinstance(operation, CreateIndex):
            if guards and key in guarded:
                del kept[number]
            else:
                made[key] = number
        elif key in made:
            if _guards(kept[made[key]]):
                del kept[made.pop(key)], kept[number]
                if not guards:
                    kept[number] = step(replace(operation, only="postgresql"))
            elif guards:
                # Made for good, and that comes last: there is nothing to guard.
                guarded.add(key)
                del kept[number]
    return [*kept.values()]


def _guards(found: Step) -> bool:
    return isinstance(found.up[0], CreateIndex) and found.up[0].only == "sqlite"
