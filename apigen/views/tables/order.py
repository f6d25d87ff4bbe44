"""In which order tables can be made, and which references stand in the way of any."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from apigen.ir.system import Child, Entity
from apigen.ir.types import RefTo
from apigen.views.tables.parts import Table


def circular_references(entities: Iterable[Entity]) -> frozenset[tuple[str, str]]:
    """Return the references between entities whose tables cannot be put in order: both ends.

    A reference of an entity to itself needs no order. Of a circle, those references are returned
    that lead to an entity written later in the spec: the others then have an order.
    """
    edges: dict[str, list[str]] = {}
    for entity in entities:
        edges[entity.qname] = [target for target in _references(entity) if target != entity.qname]
    order = {qname: place for place, qname in enumerate(edges)}
    reach = {qname: _reachable(qname, edges) for qname in edges}
    return frozenset(
        (source, target)
        for source, targets in edges.items()
        for target in targets
        if source in reach.get(target, set()) and order[target] > order[source]
    )


def _references(owner: Entity | Child) -> Iterator[str]:
    for field in owner.fields:
        if isinstance(field.type, RefTo):
            yield field.type.target
    for child in owner.children:
        yield from _references(child)


def _reachable(start: str, edges: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    left = list(edges.get(start, ()))
    while left:
        found = left.pop()
        if found not in seen:
            seen.add(found)
            left += edges.get(found, ())
    return seen


def ordered(made: list[Table]) -> tuple[Table, ...]:
    """Return tables, a referenced one before those that refer to it.

    Raises:
        ValueError: A circle is left that is not deferred: a mistake of ours.
    """
    by_name = {table.qualified: table for table in made}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for table in made:
        targets = [
            column.foreign_key.target_table
            for column in table.columns
            if column.foreign_key is not None
            and not column.foreign_key.deferred
            and column.foreign_key.target_table != table.qualified
        ]
        sorter.add(table.qualified, *targets)
    try:
        return tuple(by_name[name] for name in sorter.static_order())
    except CycleError as error:
        raise ValueError(f"tables refer to each other in a circle: {error.args[1]}") from error
