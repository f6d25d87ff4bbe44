"""Which kinds of aggregates the answers of a question are made of: whose change makes them stale.

The rows asked about, whatever a rule looks up beside them, and what decides who sees a row.
"""

from collections.abc import Iterator

from apigen.expr.tree import walk
from apigen.ir.behaviour import Query
from apigen.ir.expr import Path, Root, TypedExpr
from apigen.ir.system import System
from apigen.ir.types import RefTo
from apigen.views.read_entities import projection_of, source_of


def answers_are_made_of(system: System, query: Query) -> tuple[str, ...]:
    """Return qualified entities, what is asked about first, the others sorted.

    `system` has the projections among its entities.
    """
    source = source_of(system, query)
    projection = projection_of(system, source)
    root = source.qname if projection is None else projection.source
    others = {entity for rule in _rules(system, query) for entity in _entities(rule)}
    return (root, *sorted(others - {root}))


def _rules(system: System, query: Query) -> Iterator[TypedExpr]:
    source = source_of(system, query)
    projection = projection_of(system, source)
    if query.where is not None:
        yield query.where
    if projection is not None:
        yield from (shown.value for shown in projection.fields)
        source = system.entities[projection.source]
    shown = (*source.fields, *(field for child in source.children for field in child.fields))
    yield from (field.computed for field in shown if field.computed is not None)
    tables = [system.entities[query.source].access, source.access]
    yield from (rule.condition for table in tables for rule in table.rules)


def _entities(rule: TypedExpr) -> Iterator[str]:
    """Yield the entities that a rule looks up, through the computed fields it reads too."""
    for path in walk(rule.tree):
        if not isinstance(path, Path):
            continue
        if path.root is Root.ENTITIES and path.child is not None:
            yield path.child
        for step in path.steps[:-1]:
            if isinstance(step.type, RefTo):
                yield step.type.target
        for step in path.steps:
            if step.computed is not None:
                yield from _entities(step.computed)
