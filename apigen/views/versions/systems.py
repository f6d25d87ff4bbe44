"""A system as each version of its API has it: without the fields that clients do not know there.

A field that a version lacks stays what it is for the domain and the database; clients of that
version neither send it nor see it, filter by it or sort by it. Views of the interface are made of
an older system as they are made of the newest; where the two differ, the names of its classes end
in the version (`OrderReadV1`). Where no field has `since` or `until`, nothing happens.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from apigen.ir.behaviour import Command, Query
from apigen.ir.element import ALWAYS, Lifespan
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import (
    Child,
    Context,
    Entity,
    ObjectType,
    ProjectionResource,
    Resource,
    System,
    SystemVersions,
    ValueType,
)
from apigen.ir.types import TypeRef
from apigen.ir.value_parts import parts_of
from apigen.views.read_entities import projection_entities, with_projections
from apigen.views.relation_paths import fields_on
from apigen.views.versions.class_endings import Endings, children_of, fields_of, seen_in
from apigen.views.versions.value_editions import Editions, as_known


def with_versions(system: System) -> System:
    """Return the system as the newest version has it, with the older ones beside it."""
    versioned = (has_versions_of_fields(system, context) for context in system.contexts)
    if len(system.api.versions) == 1 or not any(versioned):
        return system
    newest, *older = reversed([version.name for version in system.api.versions])
    found = {name: _Version(system, name).system() for name in older}
    return _Version(system, newest).system(found)


def complete(system: System) -> System:
    """Return the system with the fields of every version."""
    return system if system.versions is None else system.versions.complete


def older_systems(system: System) -> Mapping[str, System]:
    """Return the system as older versions have it, newest first; none where all are the same."""
    return {} if system.versions is None else system.versions.older


def system_in(system: System, version: str) -> System:
    """Return the system as a version has it."""
    return older_systems(system).get(version, system)


def version_of(system: System) -> str:
    """Return the version that a system is of."""
    return system.api.version if system.versions is None else system.versions.name


def asked_in(system: System, entity: Entity) -> str:
    """Return the version to ask for an entity: that of the system, or the last that had it."""
    return seen_in(system.api.versions_with(entity.lifespan), version_of(system))


def with_other_inputs(system: System, entity: Entity) -> tuple[System, ...]:
    """Return the older systems in which clients send other things, newest first.

    Args:
        system: As the newest version has it.
        entity: What they send it for.
    """
    found: dict[str, System] = {}
    for one in older_systems(system).values():
        if entity.qname in one.input_endings:
            found.setdefault(one.input_endings[entity.qname], one)
    return tuple(found.values())


def payload_ending(system: System, entity: Entity) -> str:
    """Return what tells the payloads of an entity, either way, from those of the newest version."""
    order = [Name.of(version.name).pascal for version in system.api.versions]
    endings = (one.get(entity.qname, "") for one in (system.input_endings, system.read_endings))
    return min((one for one in endings if one), key=order.index, default="")


def context_in(system: System, context: Context) -> Context:
    """Return a context as a system has it."""
    return next(one for one in system.contexts if one.qname == context.qname)


def has_versions_of_fields(system: System, context: Context) -> bool:
    """Tell whether a field of the context is not in every version of the API."""
    return any(one.since or one.until for one in _lifespans(system, context))


def _lifespans(system: System, context: Context) -> Iterator[Lifespan]:
    """Yield those of all fields of a context, and of what their values are made of."""
    for field in (*_fields(system, context), *_values(context)):
        yield field.lifespan
        yield from _inside(system, field.type)


def _inside(system: System, type_: TypeRef) -> Iterator[Lifespan]:
    for part in parts_of(type_, system.types):
        yield part.lifespan
        yield from _inside(system, part.type)


def _values(context: Context) -> Iterator[Field]:
    for declared in context.types:
        if isinstance(declared, ObjectType):
            yield from declared.fields


def _fields(system: System, context: Context) -> Iterator[Field]:
    for entity in (*context.entities, *projection_entities(system, context)):
        yield from fields_of(entity)
        yield from _of_messages(entity.commands)
        yield from _of_messages(entity.queries)
    yield from _of_messages(context.commands)
    yield from _of_messages(context.queries)


def _of_messages(messages: Sequence[Command | Query]) -> Iterator[Field]:
    yield from (field for message in messages for field in message.input)


class _Version:
    """Works out what one version has."""

    def __init__(self, system: System, name: str) -> None:
        self._complete = system
        self._projected = with_projections(system)
        self._name = name
        self._editions = Editions(self._projected, name)

    def system(self, older: Mapping[str, System] | None = None) -> System:
        """Return the system as the version has it."""
        contexts = tuple(self._context(context) for context in self._complete.contexts)
        entities = {one.qname: one for context in contexts for one in context.entities}
        endings = Endings(self._projected, self._name)
        types = {qname: self._value(one) for qname, one in self._complete.types.items()}
        return replace(
            self._complete,
            contexts=contexts,
            types={**types, **dict(self._editions.types())},
            entities=entities,
            children={
                child.qname: child for one in entities.values() for child in children_of(one)
            },
            versions=SystemVersions(name=self._name, complete=self._complete, older=older or {}),
            input_endings=dict((*endings.of_inputs(), *self._editions.endings())),
            read_endings=dict((*endings.of_reads(), *self._editions.endings())),
            resource_endings=dict(endings.of_resources()),
        )

    def _context(self, context: Context) -> Context:
        return replace(
            context,
            types=tuple(self._value(one) for one in context.types),
            entities=tuple(self._entity(entity) for entity in context.entities),
            projections=tuple(self._projection(one) for one in context.projections),
            commands=self._messages(context.commands, ALWAYS),
            queries=self._messages(context.queries, ALWAYS),
        )

    def _value(self, declared: ValueType) -> ValueType:
        """Return a type as the version has it: in values, every version is one of its own."""
        if not isinstance(declared, ObjectType):
            return declared
        return replace(declared, fields=self._fields(declared.fields, self._name))

    def _entity(self, entity: Entity) -> Entity:
        name = self._seen(entity.lifespan)
        return replace(
            entity,
            fields=self._fields(entity.fields, name),
            children=tuple(self._child(child, name) for child in entity.children),
            resource=self._resource(entity),
            commands=self._messages(entity.commands, entity.lifespan),
            queries=self._messages(entity.queries, entity.lifespan),
        )

    def _child(self, child: Child, name: str) -> Child:
        return replace(
            child,
            fields=self._fields(child.fields, name),
            children=tuple(self._child(inner, name) for inner in child.children),
        )

    def _projection(self, one: ProjectionResource) -> ProjectionResource:
        shown = self._projected.entities[one.projection.qname]
        name = self._seen(shown.lifespan)
        fields = tuple(
            replace(part, field=self._field(part.field, name)) for part in one.projection.fields
        )
        return replace(
            one,
            projection=replace(one.projection, fields=fields),
            resource=self._resource(shown),
            queries=self._messages(one.queries, shown.lifespan),
        )

    def _messages[MessageT: Command | Query](
        self, messages: tuple[MessageT, ...], owner: Lifespan
    ) -> tuple[MessageT, ...]:
        return tuple(self._message(one, self._seen(owner, one.lifespan)) for one in messages)

    def _message[MessageT: Command | Query](self, message: MessageT, name: str) -> MessageT:
        known = replace(message, input=self._fields(message.input, name))
        if isinstance(known, Command) and known.returns is not None:
            return replace(known, returns=self._editions.type_in(known.returns, name))
        return known

    def _seen(self, *lifespans: Lifespan) -> str:
        return seen_in(self._complete.api.versions_with(*lifespans), self._name)

    def _fields(self, fields: tuple[Field, ...], name: str) -> tuple[Field, ...]:
        return tuple(self._field(field, name) for field in fields)

    def _field(self, field: Field, name: str) -> Field:
        held = replace(field, type=self._editions.type_in(field.type, name))
        return as_known(held, name, self._complete.api)

    def _resource(self, entity: Entity) -> Resource | None:
        resource = entity.resource
        if resource is None:
            return None
        return replace(
            resource,
            filters=tuple(one for one in resource.filters if self._knows(entity, one.path)),
            sorts=tuple(path for path in resource.sorts if self._knows(entity, path)),
            search=tuple(name for name in resource.search if self._knows(entity, (name,))),
            expand=tuple(path for path in resource.expand if self._knows(entity, path)),
        )

    def _knows(self, entity: Entity, path: tuple[str, ...]) -> bool:
        system = self._complete
        return all(
            self._seen(owner.lifespan) in system.api.versions_with(field.lifespan)
            for owner, field in fields_on(self._projected, entity, path)
        )
