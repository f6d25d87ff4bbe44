"""Renames of tables, columns, constraints and indexes; never a drop and an add."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from apigen.evolve.descending_indexes import keeping_descending
from apigen.evolve.operation import (
    Constraint,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    TableName,
)
from apigen.evolve.resolving import Moment
from apigen.evolve.schema_difference import SchemaDifference, TablePair
from apigen.evolve.steps import Step, step

_LONGEST = 63


def renames(found: SchemaDifference, before: Moment, after: Moment) -> Iterator[Step]:
    """Yield all renames.

    Args:
        found: The difference.
        before: What everything is called.
        after: What it is called afterwards.
    """
    tables = [
        (before.tables[pair.before.id], after.tables[pair.after.id])
        for pair in found.kept
        if (pair.before.schema, pair.before.name) != (pair.after.schema, pair.after.name)
    ]
    yield from (
        step(RenameTable(before=_placed(old), after=_placed(new)))
        for old, new in _sequence(
            [
                ((one.schema, one.name, one.drawn), (other.schema, other.name, other.drawn))
                for one, other in tables
            ]
        )
    )
    for pair in found.kept:
        yield from _within(pair, after)


def _placed(found: tuple[str | None, str, bool]) -> TableName:
    return TableName(schema=found[0], name=found[1], drawn=found[2])


def _within(pair: TablePair, after: Moment) -> Iterator[Step]:
    id_ = pair.after.id
    where = after.tables[id_]
    columns = [
        (("", one.before.name, False), ("", one.after.name, False))
        for one in pair.columns
        if one.before.name != one.after.name
    ]
    for old, new in _sequence(columns):
        yield step(RenameColumn(table=where, before=old[1], after=new[1]))
    steps = [
        step(RenameConstraint(table=where, before=one, after=other))
        for one, other in _constraints(pair, after)
        if one.name != other.name
    ]
    indexes = [
        (after.index(one, id_), after.index(other, id_))
        for one, other in pair.indexes.kept
        if one.name != other.name and not other.is_constraint
    ]
    # SQLite makes an index with an order again with the table, under its new name.
    ordered = (
        frozenset(other.id for _, other in pair.indexes.kept if other.is_kept_by_hand)
        if steps
        else frozenset()
    )
    steps = _in_turn(steps)
    for first, second in indexes:
        only = "postgresql" if steps and second.is_kept_by_hand else None
        steps.append(step(RenameIndex(table=where, before=first, after=second, only=only)))
    if ordered:
        steps = keeping_descending(steps, pair.before, pair.after, after, ordered)
    yield from steps


def _constraints(pair: TablePair, names: Moment) -> Iterator[tuple[Constraint, Constraint]]:
    id_ = pair.after.id
    if not pair.rekeyed:
        yield (
            names.primary_key(pair.after, pair.before.key.name),
            names.primary_key(pair.after, pair.after.key.name),
        )
    for key, new_key in pair.foreign_keys.kept:
        yield names.foreign_key(key, id_), names.foreign_key(new_key, id_)
    for check, new_check in pair.checks.kept:
        yield names.check(check, id_), names.check(new_check, id_)
    for index, new_index in pair.indexes.kept:
        if new_index.is_constraint:
            yield names.unique(index, id_), names.unique(new_index, id_)
    for exclusion, new_exclusion in pair.exclusions.kept:
        yield (
            names.exclusion(exclusion, pair.after),
            names.exclusion(new_exclusion, pair.after),
        )


def _in_turn(steps: list[Step]) -> list[Step]:
    """Return renames of constraints so that none takes a name that is still another's."""
    found = [operation for one in steps for operation in one.up]
    by_name = {one.before.name: one for one in found if isinstance(one, RenameConstraint)}
    pairs = [(("", name, False), ("", one.after.name, False)) for name, one in by_name.items()]
    origin: dict[str, RenameConstraint] = dict(by_name)
    made: list[Step] = []
    for old, new in _sequence(pairs):
        one = origin[old[1]]
        origin[new[1]] = one
        made.append(
            step(
                replace(
                    one,
                    before=replace(one.before, name=old[1]),
                    after=replace(one.after, name=new[1]),
                )
            )
        )
    return made


type _Place = tuple[str | None, str, bool]


def _sequence(pairs: Iterable[tuple[_Place, _Place]]) -> Iterator[tuple[_Place, _Place]]:
    """Yield renames in an order in which every new name is free; circles go by a name between."""
    waiting = dict(pairs)
    while waiting:
        taken = {place[:2] for place in waiting}
        free = [old for old, new in waiting.items() if new[:2] not in taken]
        if free:
            for old in free:
                yield old, waiting.pop(old)
            continue
        old = next(iter(waiting))
        between = (old[0], f"{old[1][: _LONGEST - 5]}__old", old[2])
        yield old, between
        waiting[between] = waiting.pop(old)
