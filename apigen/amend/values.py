"""Names inside the values of a spec: rows of seeds, defaults, examples. Their types tell which."""

from collections.abc import Iterator, Mapping

from apigen.amend.reference import (
    CollectionTarget,
    FieldTarget,
    MemberTarget,
    Reference,
    Role,
    Target,
)
from apigen.ir.field import Field
from apigen.ir.system import Child, EnumType, ObjectType, UnionType, ValueType
from apigen.ir.types import EnumRef, ListOf, MapOf, ObjectRef, SetOf, TypeRef, UnionRef
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.positions import Word
from apigen.source.spans import text_span


def in_value(
    node: Node, type_: TypeRef, types: Mapping[str, ValueType], role: Role
) -> Iterator[Reference]:
    """Yield the members and the keys of value objects in a value of a type."""
    match type_, node:
        case EnumRef(target=target), ScalarNode():
            declared = types.get(target)
            members = declared.members if isinstance(declared, EnumType) else ()
            if any(member.name == node.raw for member in members):
                yield _at(node, MemberTarget(enum=target, member=node.raw), role)
        case ((ListOf(item=item) | SetOf(item=item)), SequenceNode(items=items)):
            for one in items:
                yield from in_value(one, item, types, role)
        case MapOf(item=item), MappingNode(entries=entries):
            for entry in entries:
                yield from in_value(entry.value, item, types, role)
        case ObjectRef(target=target), MappingNode(entries=entries):
            yield from _in_object(entries, types.get(target), types, role)
        case UnionRef(target=target), MappingNode():
            yield from _in_union(node, types.get(target), types, role)
        case _:
            pass


def _in_object(
    entries: tuple[Entry, ...],
    declared: ValueType | None,
    types: Mapping[str, ValueType],
    role: Role,
) -> Iterator[Reference]:
    if not isinstance(declared, ObjectType):
        return
    for entry in entries:
        for field in declared.fields:
            if entry.key in (field.attribute, field.wire):
                yield _at(entry.key_node, FieldTarget.of(field), role)
                yield from in_value(entry.value, field.type, types, role)
                break


def _in_union(
    node: MappingNode, declared: ValueType | None, types: Mapping[str, ValueType], role: Role
) -> Iterator[Reference]:
    if not isinstance(declared, UnionType):
        return
    tag = node.get(declared.tag)
    for variant in declared.variants:
        if not isinstance(tag, ScalarNode) or tag.raw != variant.tag:
            continue
        if isinstance(variant.type, ObjectRef):
            entries = tuple(entry for entry in node.entries if entry.key != declared.tag)
            yield from _in_object(entries, types.get(variant.type.target), types, role)
        else:
            value = node.get("value")
            if value is not None:
                yield from in_value(value, variant.type, types, role)


def in_row(
    row: Node,
    fields: tuple[Field, ...],
    children: tuple[Child, ...],
    types: Mapping[str, ValueType],
) -> Iterator[Reference]:
    """Yield the names in a row of seeds."""
    if not isinstance(row, MappingNode):
        return
    for entry in row.entries:
        child = next((known for known in children if known.attribute == entry.key), None)
        if child is not None:
            yield _at(
                entry.key_node,
                CollectionTarget(declared=child.span, name=child.attribute),
                Role.SEED,
            )
            nodes = entry.value.items if isinstance(entry.value, SequenceNode) else (entry.value,)
            for node in nodes:
                yield from in_row(node, child.fields, child.children, types)
            continue
        field = next((f for f in fields if entry.key in (f.attribute, f.name.text)), None)
        if field is not None:
            yield _at(entry.key_node, FieldTarget.of(field), Role.SEED)
            yield from in_value(entry.value, field.type, types, Role.SEED)


def _at(node: ScalarNode, target: Target, role: Role) -> Reference:
    word = Word(span=text_span(node), text=node.raw, start=0, end=len(node.raw))
    return Reference(target=target, word=word, role=role)
