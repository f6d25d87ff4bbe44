"""Which kinds of aggregates kept answers are made of: whose change makes them stale.

The rows asked about, whatever a rule looks up beside them, what decides who sees a row, and what
takes rows along when it is deleted: the database does that, and no aggregate is stored.
"""

from collections.abc import Iterable, Iterator

from apigen.expr.tree import walk
from apigen.ir.behaviour import Query
from apigen.ir.expr import Path, Root, TypedExpr
from apigen.ir.field import Field, FkAction
from apigen.ir.system import Entity, System
from apigen.ir.types import ManyOf, RefTo
from apigen.values import dataclass
from apigen.views.read_entities import projection_of, source_of
from apigen.views.relation_paths import embedded_in, fields_asked_for, fields_on


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """What the answers of a resource are made of: qualified entities, sorted."""

    root: str
    others: tuple[str, ...]
    """The root among them where the row of one shows another one."""
    further: tuple[str, ...]
    """What comes in when a client has something embedded, or asks about other tables."""


def answers_are_made_of(system: System, query: Query) -> tuple[str, ...]:
    """Return qualified entities, what is asked about first, the others sorted.

    `system` has the projections among its entities.
    """
    source = source_of(system, query)
    root = _root(system, source)
    rules = [rule.condition for rule in system.entities[query.source].access.rules]
    if query.where is not None:
        rules.append(query.where)
    looked_up = {entity for rule in rules for entity in _entities(rule)}
    others = looked_up | _beside(system, source) | _deleted_with(system, looked_up)
    return (root, *sorted(others - {root}))


def resource_is_made_of(system: System, entity: Entity) -> MadeOf:
    """Return what a resource shows; `system` has the projections among its entities."""
    root = _root(system, entity)
    others = _beside(system, entity)
    crossed = [*embedded_in(system, entity)]
    for owner, field in fields_asked_for(system, entity):
        crossed += _ends(system, owner, field)
    further: set[str] = set()
    for one in crossed:
        if one.qname != entity.qname:
            further |= {_root(system, one)} | _beside(system, one)
    ends = {
        field.type.target
        for path in (entity.resource.expand if entity.resource is not None else ())
        for _, field in fields_on(system, entity, path)
        if isinstance(field.type, RefTo | ManyOf)
    }
    further |= ends & {root}
    return MadeOf(root=root, others=tuple(sorted(others)), further=tuple(sorted(further - others)))


def _ends(system: System, owner: Entity, field: Field) -> Iterator[Entity]:
    yield owner
    if isinstance(field.type, RefTo | ManyOf):
        yield system.entities[field.type.target]


def _root(system: System, source: Entity) -> str:
    projection = projection_of(system, source)
    return source.qname if projection is None else projection.source


def _beside(system: System, source: Entity) -> set[str]:
    """Return whose change makes a row of a source look otherwise, or be seen by others."""
    projection = projection_of(system, source)
    rules = [rule.condition for rule in source.access.rules]
    if projection is not None:
        rules += [shown.value for shown in projection.fields]
        source = system.entities[projection.source]
        rules += [rule.condition for rule in source.access.rules]
    rules += [field.computed for field in _fields(source) if field.computed is not None]
    looked_up = {entity for rule in rules for entity in _entities(rule)}
    return looked_up | _deleted_with(system, {source.qname, *looked_up})


def _fields(source: Entity) -> Iterable[Field]:
    pending = list(source.children)
    yield from source.fields
    while pending:
        child = pending.pop()
        yield from child.fields
        pending += child.children


def _deleted_with(system: System, rows: Iterable[str]) -> set[str]:
    """Return what changes any of these rows when it is deleted.

    What it refers to and goes with, or loses; and what that in turn would go with.
    """
    found: set[str] = set()
    for qname in rows:
        for field in _fields(system.entities[qname]):
            match field.type:
                case ManyOf(target=target):
                    found.add(target)
                case RefTo(target=target) if field.on_delete in _TAKES:
                    found.add(target)
    pending = list(found)
    while pending:
        for field in _fields(system.entities[pending.pop()]):
            if isinstance(field.type, RefTo) and field.on_delete is FkAction.CASCADE:
                target = field.type.target
                if target not in found:
                    found.add(target)
                    pending.append(target)
    return found


_TAKES = (FkAction.CASCADE, FkAction.SET_NULL)


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
