"""A system with other ids, and with the stored values that renamed enum members keep."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace

from apigen.evolve.messages import Edit, Message
from apigen.ir.expr import EnumMemberExpr
from apigen.ir.field import Field
from apigen.ir.system import Child, Context, Entity, EnumType, ObjectType, System, ValueType
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is different from the system as it was lowered; both are mostly empty."""

    ids: Mapping[tuple[str, str], str]
    """By kind and qualified name."""
    values: Mapping[str, str]
    """Stored value of enum members, by qualified name."""


def reassigned(system: System, given: Assignment) -> System:
    """Return the system with the ids and stored values of an assignment."""
    if not given.ids and not given.values:
        return system
    types = {qname: _type(declared, given) for qname, declared in system.types.items()}
    entities = {qname: _entity(entity, given) for qname, entity in system.entities.items()}
    edit = Edit(lambda kind, message: _message(kind, message, given))
    entities = {qname: edit.entity(entity) for qname, entity in entities.items()}
    contexts = [edit.context(context) for context in system.contexts]
    if given.values:
        contexts = [
            replace(bare, types=context.types, entities=context.entities)
            for context in contexts
            for bare in (_respelt(replace(context, types=(), entities=()), given.values),)
        ]
        types = {qname: _respelt(declared, given.values) for qname, declared in types.items()}
        entities = {qname: _respelt(entity, given.values) for qname, entity in entities.items()}
    return replace(
        system,
        contexts=tuple(_context(context, types, entities) for context in contexts),
        types=types,
        entities=entities,
        children={child.qname: child for child in children_of(entities.values())},
    )


def children_of(entities: Iterable[Entity]) -> list[Child]:
    """Return the children of entities, breadth first, as `System.children` has them."""
    found: list[Child] = []
    pending = [child for entity in entities for child in entity.children]
    while pending:
        child = pending.pop(0)
        found.append(child)
        pending += child.children
    return found


def _context(
    context: Context, types: Mapping[str, ValueType], entities: Mapping[str, Entity]
) -> Context:
    return replace(
        context,
        types=tuple(types[declared.qname] for declared in context.types),
        entities=tuple(entities[entity.qname] for entity in context.entities),
    )


def _message(kind: str, message: Message, given: Assignment) -> Message:
    id = given.ids.get((kind, message.qname))
    return message if id is None else replace(message, id=id)


def _type(declared: ValueType, given: Assignment) -> ValueType:
    id = given.ids.get(("type", declared.qname), declared.id)
    match declared:
        case ObjectType():
            return replace(declared, id=id, fields=_fields(declared.fields, given))
        case EnumType(qname=qname):
            members = tuple(
                replace(
                    member,
                    id=given.ids.get(("member", f"{qname}.{member.name}"), member.id),
                    value=given.values.get(f"{qname}.{member.name}", member.value),
                )
                for member in declared.members
            )
            return replace(declared, id=id, members=members)
        case _:
            return replace(declared, id=id)


def _entity(entity: Entity, given: Assignment) -> Entity:
    return replace(
        entity,
        id=given.ids.get(("entity", entity.qname), entity.id),
        fields=_fields(entity.fields, given),
        children=tuple(_child(child, given) for child in entity.children),
    )


def _child(child: Child, given: Assignment) -> Child:
    return replace(
        child,
        id=given.ids.get(("child", child.qname), child.id),
        fields=_fields(child.fields, given),
        children=tuple(_child(inner, given) for inner in child.children),
    )


def _fields(known: tuple[Field, ...], given: Assignment) -> tuple[Field, ...]:
    return tuple(
        replace(field, id=given.ids[("field", field.qname)])
        if ("field", field.qname) in given.ids
        else field
        for field in known
    )


def _respelt[T](value: T, values: Mapping[str, str]) -> T:
    """Give the members that rules name their stored values; a rule was typed before these."""
    found = _walk(value, values)
    assert isinstance(found, type(value))
    return found


def _walk(value: object, values: Mapping[str, str]) -> object:
    if isinstance(value, EnumMemberExpr):
        kept = values.get(f"{value.enum}.{value.member}")
        return value if kept is None else replace(value, value=kept)
    if isinstance(value, tuple):
        parts = tuple(_walk(part, values) for part in value)
        return value if all(a is b for a, b in zip(value, parts, strict=True)) else parts
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, object] = {}
    for part in fields(value):
        before = getattr(value, part.name)
        after = _walk(before, values)
        if after is not before:
            changed[part.name] = after
    make: Callable[..., object] = replace
    return make(value, **changed) if changed else value
