"""The order in which tables can go: a table before the ones that it refers to."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from apigen.ir.schema import TableShape


def referrers_first(tables: Iterable[TableShape]) -> tuple[TableShape, ...]:
    """Return tables in the order of dropping; keys of circles are taken away before."""
    by_id = {table.id: table for table in tables}
    edges = {
        id_: {
            key.target
            for key in table.foreign_keys
            if key.target in by_id and key.target != id_ and not key.deferred
        }
        for id_, table in sorted(by_id.items())
    }
    try:
        order = [*TopologicalSorter(edges).static_order()]
    except CycleError:
        # Only keys of circles, which are deferred, can make one.
        order = [*edges]
    return tuple(by_id[id_] for id_ in reversed(order))
