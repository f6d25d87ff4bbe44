"""Under which names an element may stand in the lock: its own, declared ones, derived ones.

A derived name follows from its owner's: the fields of a renamed entity, the class of an owned
entity, the enum written in place.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from apigen.diagnostics import Span
from apigen.evolve import messages
from apigen.evolve.known import Key
from apigen.ir.element import Element
from apigen.ir.field import Field, Origin
from apigen.ir.names import Name, singularize
from apigen.ir.system import Child, Entity, EnumType, ObjectType, System, UnionType
from apigen.ir.types import EnumRef, ListOf, MapOf, RefTo, SetOf, TypeRef
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """An element of today's system."""

    key: Key
    id: str
    """As it was lowered."""
    owner: Key | None
    """None for what stands in a context."""
    name: str
    """As the spec has it."""
    declared: tuple[str, ...]
    """`renamed_from` as written."""
    derived: tuple[str, ...] = ()
    """Names without owner or context that follow from the names of others."""
    collection: str = ""
    """Of a child: its attribute on the parent."""
    is_shared: bool = False
    """Of a mixin: not every entity that uses it today has had what it was called."""
    span: Span
    at: Span


def elements(system: System) -> tuple[Former, ...]:
    """Return every element that has a line in the lock, an owner before what it owns."""
    found: list[Former] = []
    inline = inline_enums(system)
    arcs = _arcs(system)
    for context in system.contexts:
        for entity in context.entities:
            found += (_in_arc(one, arcs) for one in _entity(entity))
            owner = ("entity", entity.qname)
            for kind, message in messages.of_entity(entity):
                found.append(_former((kind, message.qname), owner, message, {}))
        for kind, message in messages.of_context(context):
            found.append(_former((kind, message.qname), None, message, {}))
        for held in context.projections:
            owner = ("projection", held.projection.qname)
            found += (_former(("query", one.qname), owner, one, {}) for one in held.queries)
        # Enums written in place in a value object have their names from it.
        for declared in sorted(context.types, key=lambda one: isinstance(one, EnumType)):
            found.append(_former(("type", declared.qname), None, declared, inline))
            match declared:
                case ObjectType(fields=fields, qname=qname):
                    found += _fields(("type", qname), fields)
                case EnumType(members=members, qname=qname):
                    found += (
                        Former(
                            key=("member", f"{qname}.{member.name}"),
                            id=member.id,
                            owner=("type", qname),
                            name=member.name,
                            declared=member.renamed_from,
                            span=member.span or declared.span,
                            at=member.renamed_at or member.span or declared.span,
                        )
                        for member in members
                    )
                case _:
                    pass
    return tuple(found)


def candidates(
    element: Former, olds: Mapping[Key, tuple[str, ...]], contexts: Mapping[str, str]
) -> tuple[tuple[str, bool], ...]:
    """Return qualified names to look for, the best first, and whether each was declared.

    Args:
        element: Of today's system.
        olds: Qualified names that owners have or had, by their key of today.
        contexts: Former name by today's, of a context that was renamed.
    """
    kind, qname = element.key
    found: dict[str, bool] = {}
    if element.owner is not None and kind != "child":
        for owner in olds[element.owner]:
            for name in element.declared:
                found[f"{owner}.{name}"] = True
            for name in (element.name, *element.derived):
                found.setdefault(f"{owner}.{name}", False)
        return tuple(found.items())
    context = qname.partition(".")[0]
    places = tuple(dict.fromkeys((context, contexts.get(context, context))))
    for place in places:
        for name in element.declared:
            found.update((full, True) for full in _declared(element, name, place, olds))
    for place in places:
        for name in (qname.partition(".")[2], *_derived(element, olds)):
            found.setdefault(f"{place}.{name}", False)
    return tuple(found.items())


def _declared(
    element: Former, name: str, place: str, olds: Mapping[Key, tuple[str, ...]]
) -> Iterable[str]:
    if "." in name:
        yield name
    elif element.key[0] == "child" and not name[:1].isupper():
        # The old name of the collection, from which the class had its name.
        for parent in _simple(olds[element.owner] if element.owner is not None else ()):
            yield from (f"{place}.{parent}{part}" for part in _singulars(name))
    else:
        yield f"{place}.{name}"


def _derived(element: Former, olds: Mapping[Key, tuple[str, ...]]) -> Iterable[str]:
    if element.key[0] == "child" and element.owner is not None:
        for parent in _simple(olds[element.owner]):
            yield from (f"{parent}{part}" for part in _singulars(element.collection))
    for name in element.derived:
        owner, _, rest = name.rpartition("|")
        key = _key_of(owner)
        yield from (f"{old}{rest}" for old in _simple(olds.get(key, ())))


def _key_of(text: str) -> Key:
    kind, _, qname = text.partition(":")
    return kind, qname


def _simple(qnames: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(qname.rpartition(".")[2] for qname in qnames))


def _singulars(collection: str) -> tuple[str, ...]:
    """Return how the class of a collection may end: of a list, and of one."""
    parts = Name.of(collection).snake.split("_")
    last = (*parts[:-1], singularize(parts[-1]))
    return tuple(
        dict.fromkeys("".join(part.capitalize() for part in words) for words in (last, parts))
    )


def _former(
    key: Key, owner: Key | None, element: Element, inline: Mapping[str, tuple[str, ...]]
) -> Former:
    return Former(
        key=key,
        id=element.id,
        owner=owner,
        name=element.name.text,
        declared=element.renamed_from,
        derived=inline.get(element.qname, ()),
        span=element.span,
        at=element.renamed_at or element.span,
    )


def _entity(entity: Entity) -> list[Former]:
    key = ("entity", entity.qname)
    found = [_former(key, None, entity, {}), *_fields(key, entity.fields)]
    for child in entity.children:
        found += _child(key, child)
    return found


def _child(parent: Key, child: Child) -> list[Former]:
    key = ("child", child.qname)
    found = [
        Former(
            key=key,
            id=child.id,
            owner=parent,
            name=child.class_name.text,
            declared=child.renamed_from,
            collection=child.attribute,
            span=child.span,
            at=child.renamed_at or child.span,
        ),
        *_fields(key, child.fields),
    ]
    for inner in child.children:
        found += _child(key, inner)
    return found


def _fields(owner: Key, fields: tuple[Field, ...]) -> list[Former]:
    plain = ((field, _former(("field", field.qname), owner, field, {})) for field in fields)
    return [
        replace(former, is_shared=True) if field.origin is Origin.MIXIN else former
        for field, former in plain
    ]


def _in_arc(element: Former, arcs: Mapping[str, tuple[str, ...]]) -> Former:
    """Add the names that a field of an arc has from its target's former ones."""
    if element.key[0] != "field" or element.key[1] not in arcs:
        return element
    now, *before = arcs[element.key[1]]
    written = element.name.removesuffix(now)
    bases = tuple(name.removesuffix(now) for name in element.declared)
    return replace(
        element,
        declared=(*element.declared, *(f"{base}{old}" for base in bases for old in before)),
        derived=tuple(f"{written}{old}" for old in before),
    )


def _arcs(system: System) -> dict[str, tuple[str, ...]]:
    """Return how the name of each field of an arc may end, today's end first, by qualified name."""
    found: dict[str, tuple[str, ...]] = {}
    owners: list[Entity | Child] = [*system.entities.values(), *system.children.values()]
    for owner in owners:
        at = Counter(field.span for field in owner.fields)
        for field in owner.fields:
            if at[field.span] == 1 or not isinstance(field.type, RefTo):
                continue
            target = system.entities[field.type.target]
            names = (target.name.text, *target.renamed_from)
            ends = (f"_{Name.of(name.rpartition('.')[2]).snake}" for name in names)
            found[field.qname] = tuple(dict.fromkeys(ends))
    return found


def inline_enums(system: System) -> dict[str, tuple[str, ...]]:
    """Return, by enum written in place, from which owner and which names it may have its name.

    An entry is `kind:owner|FieldInPascalCase`.
    """
    found: dict[str, tuple[str, ...]] = {}

    def enter(owner: Key, context: str, title: str, fields: tuple[Field, ...]) -> None:
        for field in fields:
            target = _enum_in(field.type)
            if target != f"{context}.{title}{Name.of(field.name.text).pascal}":
                continue
            names = (field.name.text, *field.renamed_from)
            found[target] = tuple(f"{':'.join(owner)}|{Name.of(name).pascal}" for name in names)

    for context in system.contexts:
        for entity in context.entities:
            enter(("entity", entity.qname), context.qname, entity.name.text, entity.fields)
        for declared in context.types:
            if isinstance(declared, ObjectType):
                title = declared.name.text
                enter(("type", declared.qname), context.qname, title, declared.fields)
            elif isinstance(declared, UnionType):
                for variant in declared.variants:
                    tag = Name.of(variant.tag).pascal
                    if _enum_in(variant.type) == f"{declared.qname}{tag}":
                        found[f"{declared.qname}{tag}"] = (f"type:{declared.qname}|{tag}",)
    for child in system.children.values():
        context_name = child.qname.partition(".")[0]
        enter(("child", child.qname), context_name, child.class_name.text, child.fields)
    return found


def _enum_in(type_: TypeRef) -> str | None:
    match type_:
        case EnumRef(target=target):
            return target
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _enum_in(item)
        case _:
            return None
