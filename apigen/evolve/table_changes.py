"""What happens to a table of both schemas: what is safe, and what converts with a loss.

Constraints that change are taken away before columns do, and put back after; columns that go
are `apigen.evolve.losses`.
"""

from collections.abc import Iterator, Mapping

from apigen.evolve.column_changes import (
    added,
    closed,
    opened,
    recomputed,
    renamed_elements,
    restored_values,
    swapped,
)
from apigen.evolve.conversion import Way
from apigen.evolve.descending_indexes import keeping_descending
from apigen.evolve.operation import Operation
from apigen.evolve.part_changes import (
    Replacement,
    add,
    drop,
    in_order,
    replacements,
)
from apigen.evolve.resolving import Moment
from apigen.evolve.schema_difference import ColumnPair, TablePair
from apigen.evolve.steps import Step
from apigen.values import dataclass

LOSSY = frozenset({Way.CONVERTED, Way.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChanges:
    """Steps in order."""

    safe: tuple[Step, ...]
    swaps: tuple[Step, ...]
    """Conversions that lose values."""


def own_columns(pair: TablePair) -> tuple[ColumnPair, ...]:
    """Return the columns to look after; not the key of a table that is re-keyed by hand."""
    keys = {*pair.before.key.columns, *pair.after.key.columns} if pair.rekeyed else set()
    return tuple(column for column in pair.columns if column.after.id not in keys)


def table_changes(
    pair: TablePair, names: Moment, carried: Mapping[str, Operation], *, early: bool
) -> TableChanges:
    """Return what happens to a table.

    Args:
        pair: The table.
        names: What everything is called: renames are done.
        carried: Id of a column to what fills it from somewhere else.
        early: Columns that go are gone.
    """
    columns = own_columns(pair)
    kept = [column for column in columns if column.way is Way.KEPT]
    lossy = [column for column in columns if column.way in LOSSY]
    lost = {column.id for column in pair.removed}
    late = {column.after.id for column in lossy}
    again = {column.after.id for column in kept}
    keys = {*pair.before.key.columns, *pair.after.key.columns} if pair.rekeyed else set()
    parts = [one for one in replacements(pair) if not (one.columns & keys)]
    safe_parts = [
        one for one in parts if not one.columns & late and (one.differs or one.columns & again)
    ]
    late_parts = [one for one in parts if one.columns & late]
    new = tuple(column for column in pair.added if column.id not in keys and not column.digests)
    digests = tuple(column for column in pair.added if column.digests)
    # Of what is encrypted only once values are lost, there are no digests before that.
    early_digests = tuple(one for one in digests if one.digests not in late)
    late_digests = tuple(one for one in digests if one.digests in late)
    safe = [
        *_dropped(safe_parts, pair, names, lost, early=early),
        *(
            one
            for column in columns
            if column not in (*kept, *lossy)
            for one in opened(pair, column, names)
        ),
        *added(new, pair, names, carried),
        *(one for column in kept for one in swapped(pair, column, names)),
        *added(early_digests, pair, names, carried),
        *restored_values(pair, names),
        *renamed_elements(pair, names),
        *recomputed(pair, names),
        *(
            one
            for column in columns
            if column not in (*kept, *lossy)
            for one in closed(pair, column, names)
        ),
        *_added(safe_parts, pair, names),
    ]
    swaps = [
        *_dropped(late_parts, pair, names, lost, early=early),
        *(one for column in lossy for one in swapped(pair, column, names)),
        *added(late_digests, pair, names, carried),
        *_added(late_parts, pair, names),
    ]
    indexes = {after.id for _, after in pair.indexes.kept}
    guarded = [
        frozenset(indexes - {one.after.id for one in touched if one.after is not None})
        for touched in (safe_parts, late_parts)
    ]
    return TableChanges(
        safe=tuple(keeping_descending(safe, pair.after, pair.after, names, guarded[0])),
        swaps=tuple(keeping_descending(swaps, pair.after, pair.after, names, guarded[1])),
    )


def _dropped(
    parts: list[Replacement], pair: TablePair, names: Moment, lost: set[str], *, early: bool
) -> list[Step]:
    return in_order(_drops(parts, pair, names, lost, early=early))[::-1]


def _drops(
    parts: list[Replacement], pair: TablePair, names: Moment, lost: set[str], *, early: bool
) -> Iterator[Step]:
    for one in parts:
        if one.before is None:
            continue
        goes = bool(one.before_columns & lost)
        if goes and (early or one.after is None):
            # It goes with its column.
            continue
        before = one.before
        if not one.differs and one.after is not None:
            # Renames are done.
            before = one.after
        yield drop(before, pair.before, names)


def _added(parts: list[Replacement], pair: TablePair, names: Moment) -> list[Step]:
    return in_order(add(one.after, pair.after, names) for one in parts if one.after is not None)
