"""Which fields and entities the paths of a resource cross: filters, orders, what is embedded."""

from collections.abc import Iterator

from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, System
from apigen.ir.types import ManyOf, RefTo
from apigen.ir.value_parts import parts_of


def fields_on(
    system: System, entity: Entity, path: tuple[str, ...]
) -> Iterator[tuple[Entity, Field]]:
    """Yield the fields on a path, each with the aggregate that has it, in the path's order.

    Those of a value object are of the aggregate that has it. Of a relation that another entity
    holds it is the reference there.
    """
    root = entity
    fields: tuple[Field, ...] = entity.fields
    children: tuple[Child, ...] = entity.children
    for step in path:
        child = next((one for one in children if one.attribute == step), None)
        if child is not None:
            fields, children = child.fields, child.children
            continue
        field = _named(fields, step)
        if field is not None:
            yield root, field
            if not isinstance(field.type, RefTo | ManyOf):
                fields, children = tuple(parts_of(field.type, system.types)), ()
                continue
            root = system.entities[field.type.target]
        else:
            inverse = next((one for one in root.inverses if one.attribute == step), None)
            if inverse is None:
                return
            root = system.entities[inverse.source]
            held = _named(root.fields, inverse.field)
            if held is not None:
                yield root, held
        fields, children = root.fields, root.children


def embedded_in(system: System, entity: Entity) -> tuple[Entity, ...]:
    """Return the entities whose rows may be embedded in what is shown of one."""
    found: dict[str, Entity] = {}
    for path in entity.resource.expand if entity.resource is not None else ():
        for owner, field in fields_on(system, entity, path):
            target = field.type.target if isinstance(field.type, RefTo | ManyOf) else owner.qname
            for one in (owner, system.entities[target]):
                found.setdefault(one.qname, one)
    return tuple(found.values())


def fields_asked_for(system: System, entity: Entity) -> Iterator[tuple[Entity, Field]]:
    """Yield the fields that filters and orders cross, each with the aggregate that has it."""
    resource = entity.resource
    if resource is not None:
        for path in (*(one.path for one in resource.filters), *resource.sorts):
            yield from fields_on(system, entity, path)


def _named(fields: tuple[Field, ...], name: str) -> Field | None:
    by_attribute = next((one for one in fields if one.attribute == name), None)
    return by_attribute or next((one for one in fields if one.name.text == name), None)
