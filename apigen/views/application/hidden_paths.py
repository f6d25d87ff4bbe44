"""What is stored and not shown in one version of the API, as the read side is told of it."""

from collections.abc import Iterator

from apigen.ir.field import Surface
from apigen.ir.system import Child, Entity, ObjectType, System, UnionType
from apigen.ir.types import ListOf, MapOf, ObjectRef, SetOf, TypeRef, UnionRef
from apigen.python import layout
from apigen.python.literals import text, tuple_of
from apigen.views.application.dtos import Tree, expansion_tree
from apigen.views.paths import relation
from apigen.views.read_entities import with_projections
from apigen.views.versions.systems import complete


def hidden_paths(system: System, entity: Entity) -> tuple[tuple[str, ...], ...]:
    """Return the wire paths that lists and answers of an entity do not show.

    They lead through collections and what may be embedded: `("lines", "gift")`.

    Args:
        system: As the version has it, projections among its entities.
        entity: Of that system.
    """
    if system.versions is None:
        return ()
    everything = with_projections(complete(system))
    tree = expansion_tree(entity.resource.expand) if entity.resource is not None else {}
    return tuple(dict.fromkeys(_hidden(system, everything, entity, tree)))


def hidden_source(system: System, entity: Entity) -> str:
    """Return source of the tuple of these paths; empty when everything is shown."""
    paths = hidden_paths(system, entity)
    if not paths:
        return ""
    return tuple_of(tuple_of(map(text, path)) for path in paths)


def _inside(system: System, type_: TypeRef) -> Iterator[tuple[str, ...]]:
    """Yield the paths of what is not shown of values of a type."""
    match type_:
        case ListOf(item=item) | SetOf(item=item):
            yield from _inside(system, item)
        case MapOf(item=item):
            for path in _inside(system, item):
                yield ("*", *path)
        case ObjectRef(target=target):
            declared = system.types[target]
            assert isinstance(declared, ObjectType)
            for part in declared.fields:
                if not part.reads:
                    yield (part.wire,)
                for path in _inside(system, part.type) if part.reads else ():
                    yield (part.wire, *path)
        case UnionRef(target=target):
            union = system.types[target]
            assert isinstance(union, UnionType)
            for variant in union.variants:
                step = () if isinstance(variant.type, ObjectRef) else ("value",)
                for path in _inside(system, variant.type):
                    yield (f"{union.tag}={variant.tag}", *step, *path)
        case _:
            pass


def _hidden(
    system: System, everything: System, owner: Entity | Child, tree: Tree
) -> Iterator[tuple[str, ...]]:
    known = {field.attribute: field for field in owner.fields if Surface.RESPONSE in field.reads}
    stored = layout.owner(everything, owner.qname)
    for field in stored.fields:
        if Surface.RESPONSE not in field.reads:
            continue
        if field.attribute not in known:
            yield (field.wire,)
            continue
        for path in _inside(system, known[field.attribute].type):
            yield (field.wire, *path)
    for child in owner.children:
        for path in _hidden(system, everything, child, tree.get(child.attribute, {})):
            yield (child.attribute, *path)
    for name, below in tree.items():
        found = relation(system, owner, name)
        if not found.is_child:
            target = layout.owner(system, found.target)
            for path in _hidden(system, everything, target, below):
                yield (name, *path)
