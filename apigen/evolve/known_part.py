"""The part of a remembered spec that the lock knows.

Git unites the specs of two branches line by line: a field that one of them renamed is back when
the other changed the line beside it. The lock says what was there.
"""

from dataclasses import replace

from apigen.evolve.former import elements
from apigen.evolve.known import Key, known
from apigen.evolve.messages import Edit
from apigen.evolve.reassigned import children_of
from apigen.evolve.record import Lock
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, EnumType, ObjectType, System, ValueType


def known_part(system: System, lock: Lock) -> System:
    """Return the system without what has no line in the lock; mostly it is the same."""
    present = frozenset(element.key for element in elements(system))
    live = frozenset(known(lock, present).live)
    if lock.schema is None or present <= live:
        return system
    types = {
        qname: _type(declared, live)
        for qname, declared in system.types.items()
        if ("type", qname) in live
    }
    edit = Edit(lambda kind, message: message if (kind, message.qname) in live else None)
    entities = {
        qname: replace(
            edit.entity(entity),
            fields=_fields(entity.fields, live),
            children=_children(entity, live),
        )
        for qname, entity in system.entities.items()
        if ("entity", qname) in live
    }
    return replace(
        system,
        contexts=tuple(
            replace(
                edit.context(context),
                types=tuple(types[one.qname] for one in context.types if one.qname in types),
                entities=tuple(
                    entities[one.qname] for one in context.entities if one.qname in entities
                ),
            )
            for context in system.contexts
        ),
        types=types,
        entities=entities,
        children={child.qname: child for child in children_of(entities.values())},
    )


def _type(declared: ValueType, live: frozenset[Key]) -> ValueType:
    match declared:
        case ObjectType(fields=fields):
            return replace(declared, fields=_fields(fields, live))
        case EnumType(members=members, qname=qname):
            kept = (one for one in members if ("member", f"{qname}.{one.name}") in live)
            return replace(declared, members=tuple(kept))
        case _:
            return declared


def _children(owner: Entity | Child, live: frozenset[Key]) -> tuple[Child, ...]:
    return tuple(
        replace(child, fields=_fields(child.fields, live), children=_children(child, live))
        for child in owner.children
        if ("child", child.qname) in live
    )


def _fields(fields: tuple[Field, ...], live: frozenset[Key]) -> tuple[Field, ...]:
    return tuple(field for field in fields if ("field", field.qname) in live)
