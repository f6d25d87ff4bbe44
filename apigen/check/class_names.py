"""The classes that generated code derives from names of the spec, one context at a time.

Knows endings, not modules: a clash is a clash wherever the two classes would meet.
"""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.ir.behaviour import Command, Event, Query
from apigen.ir.behaviour_names import command_class, event_class, payload_class, query_class
from apigen.ir.names import Name
from apigen.ir.system import Child, Context, Entity, ObjectType, UnionType, ValueType
from apigen.values import dataclass

_OF_EVERY_OWNER = ("Id", "Create", "Update", "Read", "Row")
_OF_ENTITIES = ("Replace", "Expanded", "Expansions", "Repository", "Service")
_OF_OBJECTS = ("Dto", "Read")
_OF_COMMANDS = ("", "Input", "Handler")
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
    for one in context.projections:
        yield _declared(one.projection.name, one.projection.name.text, one.projection.span)
    for type_ in context.types:
        yield from _of_type(type_)
    for owner in owners:
        yield from _of_owner(owner)
    for one in context.projections:
        yield _derived(one.projection.name, "Read", one.projection.span)
    for command in _commands(context):
        yield from _of_command(command)
    for query, source in _queries(context):
        yield _of_query(query, source)
    for event in _events(context):
        for made in (payload_class(event), event_class(event)):
            yield ClassName(name=made, holder=event.name.text, span=event.span)
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


def _commands(context: Context) -> Iterator[Command]:
    for entity in context.entities:
        yield from entity.commands
    yield from context.commands


def _events(context: Context) -> Iterator[Event]:
    for entity in context.entities:
        yield from entity.events
    yield from context.events


def _queries(context: Context) -> Iterator[tuple[Query, Name]]:
    """Yield the queries with the names of what they read."""
    names = {entity.qname: entity.name for entity in context.entities}
    names |= {one.projection.qname: one.projection.name for one in context.projections}
    groups = (
        *(entity.queries for entity in context.entities),
        *(one.queries for one in context.projections),
        context.queries,
    )
    for queries in groups:
        for query in queries:
            yield query, names[query.source]


def _of_query(query: Query, source: Name) -> ClassName:
    holder = query.name.text
    if query.owner is not None:
        holder = f"{query.owner.rpartition('.')[2]}.{holder}"
    return ClassName(name=query_class(query, source=source), holder=holder, span=query.span)


def _of_command(command: Command) -> Iterator[ClassName]:
    holder = command.name.text
    if command.owner is not None:
        holder = f"{command.owner.rpartition('.')[2]}.{holder}"
    for ending in _OF_COMMANDS:
        yield ClassName(name=command_class(command) + ending, holder=holder, span=command.span)


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
