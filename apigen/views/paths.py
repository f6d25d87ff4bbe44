"""Follow a filter, sort or expand path of a resource to the field it ends at.

Wire names throughout: a step over a relation is the relation's name, a step into a value object
and the last step are wire names.
"""

from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, ObjectType, System
from apigen.ir.types import ManyOf, ObjectRef, RefTo
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedPath:
    """Where a path leads."""

    wire: tuple[str, ...]
    """What clients write, joined with dots."""
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What a name of an expand path stands for."""

    target: str
    """Qualified name of the entity, or of the child for a collection."""
    many: bool
    nullable: bool
    is_child: bool
    doc: str


def resolve(system: System, entity: Entity, path: tuple[str, ...]) -> ResolvedPath:
    """Return what a path of `Resource.filters` or `Resource.sorts` leads to."""
    fields: tuple[Field, ...] = entity.fields
    children: tuple[Child, ...] = entity.children
    wire: list[str] = []
    *steps, last = path
    for step in steps:
        child = next((c for c in children if c.attribute == step), None)
        if child is not None:
            fields, children = child.fields, child.children
            wire.append(child.attribute)
            continue
        field = _named(fields, step)
        match field.type:
            case RefTo(target=target) | ManyOf(target=target):
                wire.append(field.name.text)
                fields, children = system.entities[target].fields, system.entities[target].children
            case ObjectRef(target=target):
                declared = system.types[target]
                assert isinstance(declared, ObjectType)
                wire.append(field.wire)
                fields, children = declared.fields, ()
            case _:
                raise LookupError(f"{'.'.join(path)} of {entity.qname}")
    field = _named(fields, last)
    return ResolvedPath(wire=(*wire, field.wire), field=field)


def _named(fields: tuple[Field, ...], name: str) -> Field:
    for field in fields:
        if field.attribute == name:
            return field
    for field in fields:
        if field.name.text == name:
            return field
    raise LookupError(name)


def relation(system: System, owner: Entity | Child, name: str) -> Relation:
    """Return what one step of an expand path stands for."""
    for child in owner.children:
        if child.attribute == name:
            return Relation(
                target=child.qname,
                many=not child.to_one,
                nullable=child.to_one,
                is_child=True,
                doc=child.doc,
            )
    for field in owner.fields:
        if field.name.text == name and isinstance(field.type, RefTo | ManyOf):
            return Relation(
                target=field.type.target,
                many=isinstance(field.type, ManyOf),
                # A deleted target is not shown, so even a required one may be missing.
                nullable=True,
                is_child=False,
                doc=field.doc,
            )
    if isinstance(owner, Entity):
        for inverse in owner.inverses:
            if inverse.attribute == name:
                return Relation(
                    target=inverse.source,
                    many=not inverse.to_one,
                    nullable=True,
                    is_child=False,
                    doc="",
                )
    raise LookupError(f"{name} of {owner.qname}")
