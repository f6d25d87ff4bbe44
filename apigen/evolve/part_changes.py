"""Constraints and indexes of a table that go, come or are put back around a change of columns."""

from collections.abc import Iterable, Iterator

from apigen.evolve.operation import (
    AddConstraint,
    Constraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    Operation,
    RefuseOverlaps,
)
from apigen.evolve.resolving import Moment
from apigen.evolve.schema_difference import Part, Parts, TablePair, columns_of
from apigen.evolve.steps import Step, step
from apigen.ir.schema import CheckShape, ExclusionShape, ForeignKeyShape, IndexShape, TableShape
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A part before and after; None: there is none."""

    before: Part | None
    after: Part | None
    columns: frozenset[str]
    """Ids of the columns that either stands on."""
    before_columns: frozenset[str]
    differs: bool
    """False: put back as it was, where its columns are made again."""


def replacements(pair: TablePair) -> tuple[Replacement, ...]:
    """Return every part of a table of both schemas."""
    return (
        *_of(pair.foreign_keys, pair),
        *_of(pair.checks, pair),
        *_of(pair.indexes, pair),
        *_of(pair.exclusions, pair),
    )


def _of[PartT: (ForeignKeyShape, CheckShape, IndexShape, ExclusionShape)](
    parts: Parts[PartT], pair: TablePair
) -> Iterator[Replacement]:
    for one in parts.removed:
        yield _replacement(one, None, pair, differs=True)
    for before, after in parts.changed:
        yield _replacement(before, after, pair, differs=True)
    for before, after in parts.kept:
        yield _replacement(before, after, pair, differs=False)
    for one in parts.added:
        yield _replacement(None, one, pair, differs=True)


def _replacement(
    before: Part | None, after: Part | None, pair: TablePair, *, differs: bool
) -> Replacement:
    was = columns_of(before, pair.before) if before is not None else set()
    becomes = columns_of(after, pair.after) if after is not None else set()
    return Replacement(
        before=before,
        after=after,
        columns=frozenset(was | becomes),
        before_columns=frozenset(was),
        differs=differs,
    )


def drop(part: Part, of: TableShape, names: Moment) -> Step:
    """Return what takes a part of a table away."""
    table, where = of.id, names.tables[of.id]
    if isinstance(part, IndexShape) and not part.is_constraint:
        return step(DropIndex(table=where, index=names.index(part, table)))
    return step(DropConstraint(table=where, constraint=_constraint(part, of, names)))


def add(part: Part, of: TableShape, names: Moment) -> Step:
    """Return what puts a part of a table there."""
    table, where = of.id, names.tables[of.id]
    if isinstance(part, IndexShape) and not part.is_constraint:
        return step(CreateIndex(table=where, index=names.index(part, table)))
    return step(AddConstraint(table=where, constraint=_constraint(part, of, names)))


def _constraint(part: Part, of: TableShape, names: Moment) -> Constraint:
    table = of.id
    match part:
        case ExclusionShape():
            return names.exclusion(part, of)
        case ForeignKeyShape():
            return names.foreign_key(part, table)
        case CheckShape():
            return names.check(part, table)
        case IndexShape():
            return names.unique(part, table)


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Put steps on indexes together, apart from those on constraints, which go in one go."""
    return sorted(steps, key=lambda one: _is_about_indexes(one.up))


def _is_about_indexes(operations: tuple[Operation, ...]) -> bool:
    return any(isinstance(one, CreateIndex | DropIndex) for one in operations)


def refused_overlaps(pair: TablePair, names: Moment) -> Iterator[Step]:
    """Yield what stops while rows overlap that must not, where that can be told beforehand.

    Args:
        pair: The table.
        names: What everything is called before anything changes.
    """
    known = {one.after.id: one for one in pair.columns}
    moved = {id_ for check, _ in pair.checks.changed for id_ in check.columns if check.values}
    for exclusion in (*pair.exclusions.added, *(after for _, after in pair.exclusions.changed)):
        columns = columns_of(exclusion, pair.after)
        if columns & moved or any(
            id_ not in known
            or known[id_].before.type != known[id_].after.type
            or known[id_].before.fill != known[id_].after.fill
            for id_ in columns
        ):
            continue
        found = names.exclusion(exclusion, pair.before)
        yield Step(up=(RefuseOverlaps(table=names.tables[pair.before.id], exclusion=found),))
