"""The classes that generated code derives from names of the spec, one context at a time.

Knows endings, not modules: a clash is a clash wherever the two classes would meet.
"""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.ir.names import Name
from apigen.ir.system import Child, Context, Entity, ObjectType, UnionType, ValueType
from apigen.values import dataclass

_OF_EVERY_OWNER = ("Id", "Create", "Update", "Read", "Row")
_OF_ENTITIES = ("Replace", "Expanded", "Expansions", "Repository", "Service")
_OF_OBJECTS = ("Dto", "Read")
_OF_CONTEXTS = ("UnitOfWork", "Handlers", "Readers", "Dependency")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassName:
    """A class and the declaration it comes from."""

    name: str
    holder: str
    """The declaration as its author wrote it."""
    span: Span
    is_declared: bool = False
    """Whether the class has the very name of its declaration."""


def class_names(context: Context) -> Iterator[ClassName]:
    """Yield the classes of a context, the declared ones first."""
    owners = tuple(_owners(context.entities))
    for type_ in context.types:
        yield _declared(type_.name, type_.name.text, type_.span)
    for owner in owners:
        name = _class_of(owner)
        yield _declared(name, name.text, owner.span)
    for type_ in context.types:
        yield from _of_type(type_)
    for owner in owners:
        yield from _of_owner(owner)
    for ending in _OF_CONTEXTS:
        yield _derived(context.name, ending, context.span)
    yield _derived(context.name, "UnitOfWork", context.span, before="Sql")


def all_children(children: tuple[Child, ...]) -> Iterator[Child]:
    """Yield children of all levels."""
    for child in children:
        yield child
        yield from all_children(child.children)


def _owners(entities: tuple[Entity, ...]) -> Iterator[Entity | Child]:
    for entity in entities:
        yield entity
        yield from all_children(entity.children)


def _class_of(owner: Entity | Child) -> Name:
    return owner.name if isinstance(owner, Entity) else owner.class_name


def _of_type(type_: ValueType) -> Iterator[ClassName]:
    if isinstance(type_, ObjectType | UnionType):
        for ending in _OF_OBJECTS:
            yield _derived(type_.name, ending, type_.span)
    if isinstance(type_, UnionType):
        for variant in type_.variants:
            tag = Name.of(variant.tag).pascal
            yield _derived(type_.name, tag, type_.span)
            for ending in _OF_OBJECTS:
                yield _derived(type_.name, tag + ending, type_.span)


def _of_owner(owner: Entity | Child) -> Iterator[ClassName]:
    name = _class_of(owner)
    for ending in _OF_EVERY_OWNER:
        yield _derived(name, ending, owner.span)
    if isinstance(owner, Child):
        return
    for ending in _OF_ENTITIES:
        yield _derived(name, ending, owner.span)
    yield _derived(name, "Repository", owner.span, before="Sql")
    if owner.resource is not None:
        for path in owner.resource.expand:
            steps = "".join(part.capitalize() for step in path for part in step.split("_"))
            for ending in ("Expanded", "Expansions"):
                yield _derived(name, steps + ending, owner.span)


def _declared(name: Name, holder: str, span: Span) -> ClassName:
    return ClassName(name=name.pascal, holder=holder, span=span, is_declared=True)


def _derived(name: Name, ending: str, span: Span, *, before: str = "") -> ClassName:
    return ClassName(name=before + name.pascal + ending, holder=name.text, span=span)
