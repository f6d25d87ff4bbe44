"""Every place where behaviour names a class, a field, a member, or a command, event or query.

Some things have the name of a field without being one: an input of a factory, a field of a
projection or of an event that takes its value by name. They are renamed with the field, as what
is picked from it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from apigen.amend.paths import field_named
from apigen.amend.reference import (
    ClassTarget,
    CollectionTarget,
    FieldTarget,
    MemberTarget,
    MessageTarget,
    Reference,
    Role,
    Target,
)
from apigen.amend.spec import Spec
from apigen.diagnostics import Span
from apigen.ir.behaviour import Command, Event, Handler, Query
from apigen.ir.field import Field
from apigen.ir.system import Entity
from apigen.ir.types import TypeRef
from apigen.lower.contexts import Declarations
from apigen.lower.mixins import FlatEntity
from apigen.source.positions import Word
from apigen.spec.access import AccessSpec
from apigen.spec.commands import CommandSpec
from apigen.spec.events import EventSpec, ReactionSpec
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.projections import ProjectionSpec
from apigen.spec.queries import QuerySpec
from apigen.spec.tasks import TaskSpec
from apigen.spec.type_syntax import CoreSyntax


class Lookups(Protocol):
    """How names of classes, paths of fields and values are followed anywhere in a spec."""

    def class_(self, name: Located[str], here: str, role: Role) -> Iterator[Reference]:
        """Yield a name of a class."""

    def core(self, core: CoreSyntax, type_: TypeRef | None, here: str) -> Iterator[Reference]:
        """Yield the names in a type."""

    def path(
        self, name: Located[str], fields: tuple[Field, ...], role: Role
    ) -> Iterator[Reference]:
        """Yield the parts of a path."""

    def values(self, spec: FieldSpec, field: Field) -> Iterator[Reference]:
        """Yield the names in the default and the example of a field."""


def followers(spec: Spec) -> Mapping[Span, Field]:
    """Return the fields that other declarations have their name and value from, by declaration."""
    found: dict[Span, Field] = {}
    for entity in spec.system.entities.values():
        for command in entity.commands:
            if command.creates and command.handler is Handler.GENERATED:
                found |= _same_names(command.input, entity.fields)
            for event in _recorded(command, spec):
                declared = tuple(one for one in event.payload if one.span not in spec.fields)
                given = {one.attribute for one in command.input}
                free = tuple(one for one in declared if one.attribute not in given)
                found |= _same_names(free, entity.fields)
    for context in spec.system.contexts:
        for held in context.projections:
            source = spec.system.entities[held.projection.source]
            bare = tuple(
                one.field for one in held.projection.fields if one.value.span == one.field.span
            )
            found |= _same_names(bare, source.fields)
    return found


def _recorded(command: Command, spec: Spec) -> Iterator[Event]:
    names = {emission.event for emission in command.emits}
    return (event for event in spec.system.events if event.qname in names)


def _same_names(fields: Iterable[Field], known: tuple[Field, ...]) -> dict[Span, Field]:
    found: dict[Span, Field] = {}
    for field in fields:
        own = field_named(field.attribute, known)
        if own is not None:
            found[field.span] = own
    return found


class BehaviourReferences:
    """Looks through commands, events, queries, reactions, tasks, projections and access."""

    def __init__(self, spec: Spec, lookups: Lookups, follow: Mapping[Span, Field]) -> None:
        """Look through a spec; `follow` is what `followers` says."""
        self._spec = spec
        self._lookups = lookups
        self._follow = follow

    # --------------------------------------------------------------- entities

    def entity(self, flat: FlatEntity, entity: Entity) -> Iterator[Reference]:
        """Yield what the behaviour of an entity names."""
        spec, here = flat.spec, flat.context
        lifecycle = spec.lifecycle
        if lifecycle is not None and entity.lifecycle is not None:
            enum = entity.lifecycle.enum
            holder = field_named(entity.lifecycle.field, entity.fields)
            if lifecycle.field is not None and holder is not None:
                yield whole(lifecycle.field, FieldTarget.of(holder), _DECLARED)
            for state in lifecycle.states or ():
                yield whole(state.name, MemberTarget(enum=enum, member=state.name.value), _DECLARED)
            for name in (lifecycle.initial, *(lifecycle.final or ())):
                if name is not None:
                    yield whole(name, MemberTarget(enum=enum, member=name.value), Role.RULE)
        for command in spec.commands or ():
            yield from self._command(command, entity, here)
        for event in flat.events:
            yield from self._event(event.name, event.value, entity, here)
        for query in spec.queries or ():
            yield from self._query(query, entity.qname, entity.fields, here)
        for rule in flat.access:
            yield from self._access(Named(name=rule.name, value=rule.value), entity.qname)
        for exclusion in flat.exclude:
            for name in (*(exclusion.value.equal or ()), *(exclusion.value.overlap or ())):
                yield from self._lookups.path(name, entity.fields, Role.KEY)

    def context(self, context: Declarations) -> Iterator[Reference]:
        """Yield what a context names that no entity owns."""
        here = context.name
        for command in context.commands.values():
            yield from self._command(command, None, here)
        for event in context.events.values():
            yield from self._event(event.name, event.value, None, here)
        for query in context.queries.values():
            yield from self._query(query, here, (), here)
        for reaction in context.reactions.values():
            yield from self._reaction(reaction, context)
        for task in context.tasks.values():
            yield from self._task(task, context)
        for projection in context.projections.values():
            yield from self._projection(projection, here)

    # --------------------------------------------------------------- messages

    def _command(
        self, named: Named[CommandSpec], entity: Entity | None, here: str
    ) -> Iterator[Reference]:
        spec = named.value
        qname = f"{entity.qname if entity is not None else here}.{named.name.value}"
        yield whole(named.name, MessageTarget(kind="command", qname=qname), _DECLARED)
        command = next((one for one in self._spec.system.commands if one.qname == qname), None)
        if command is None:
            return
        yield from self._fields(spec.input or (), command.input, here)
        if spec.returns is not None:
            yield from self._lookups.core(spec.returns.core, None, here)
        if spec.moves is not None and entity is not None and entity.lifecycle is not None:
            for state in (*spec.moves.sources, spec.moves.target):
                target = MemberTarget(enum=entity.lifecycle.enum, member=state.value)
                if state.value in {one.name for one in entity.lifecycle.states}:
                    yield whole(state, target, Role.RULE)
        if entity is not None:
            for value in spec.set or ():
                yield from self._lookups.path(value.name, entity.fields, Role.RULE)
            for appended in spec.append or ():
                child = self._collection(appended.name, entity)
                yield from child
                fields = next(
                    (c.fields for c in entity.children if c.attribute == appended.name.value), ()
                )
                for value in appended.value:
                    yield from self._lookups.path(value.name, fields, Role.RULE)
            for removed in spec.remove or ():
                yield from self._collection(removed.name, entity)
        for emission in spec.emits or ():
            event = self._event_named(emission.event.value, entity, here)
            if event is not None:
                target_ = MessageTarget(kind="event", qname=event.qname)
                yield whole(emission.event, target_, Role.RULE)
                for value in emission.values:
                    yield from self._own(value.name, event.payload)

    def _collection(self, name: Located[str], entity: Entity) -> Iterator[Reference]:
        for child in entity.children:
            if child.attribute == name.value:
                target = CollectionTarget(declared=child.span, name=child.attribute)
                yield whole(name, target, Role.RULE)

    def _event_named(self, name: str, entity: Entity | None, here: str) -> Event | None:
        places = (*((entity.qname,) if entity is not None else ()), here)
        known = {event.qname: event for event in self._spec.system.events}
        return next((known[f"{p}.{name}"] for p in places if f"{p}.{name}" in known), None)

    def _event(
        self, name: Located[str], spec: EventSpec, entity: Entity | None, here: str
    ) -> Iterator[Reference]:
        qname = f"{entity.qname if entity is not None else here}.{name.value}"
        yield whole(name, MessageTarget(kind="event", qname=qname), _DECLARED)
        event = next((one for one in self._spec.system.events if one.qname == qname), None)
        if event is None:
            return
        for picked in spec.pick or ():
            if entity is not None:
                yield from self._lookups.path(picked, entity.fields, Role.RULE)
        yield from self._fields(spec.fields or (), event.payload, here)
        for upcast in spec.upcast or ():
            for value in upcast.values:
                yield from self._own(value.name, event.payload)

    def _query(
        self, named: Named[QuerySpec], owner: str, fields: tuple[Field, ...], here: str
    ) -> Iterator[Reference]:
        spec, qname = named.value, f"{owner}.{named.name.value}"
        yield whole(named.name, MessageTarget(kind="query", qname=qname), _DECLARED)
        query = next((one for one in self._queries() if one.qname == qname), None)
        if query is None:
            return
        if spec.of is not None:
            yield from self._source(spec.of, query.source, here)
            source = self._spec.system.entities.get(query.source)
            fields = source.fields if source is not None else self._shown(query.source)
        yield from self._fields(spec.input or (), query.input, here)
        for sort in spec.sort or ():
            yield from self._sorted(sort, fields)

    def _queries(self) -> Iterator[Query]:
        for entity in self._spec.system.entities.values():
            yield from entity.queries
        for context in self._spec.system.contexts:
            yield from context.queries
            for held in context.projections:
                yield from held.queries

    def _source(self, name: Located[str], qname: str, here: str) -> Iterator[Reference]:
        if qname in self._spec.system.entities:
            yield from self._lookups.class_(name, here, Role.SOURCE)
        else:
            at = len(name.value) - len(qname.rpartition(".")[2])
            word = Word(span=name.span, text=name.value, start=at, end=len(name.value))
            target = MessageTarget(kind="projection", qname=qname)
            yield Reference(target=target, word=word, role=Role.SOURCE)

    def _shown(self, projection: str) -> tuple[Field, ...]:
        for context in self._spec.system.contexts:
            for held in context.projections:
                if held.projection.qname == projection:
                    return tuple(one.field for one in held.projection.fields)
        return ()

    def _sorted(self, name: Located[str], fields: tuple[Field, ...]) -> Iterator[Reference]:
        bare = name.value.lstrip("-")
        field = field_named(bare, fields)
        if field is not None and field.span in self._follow:
            at = len(name.value) - len(bare)
            word = Word(span=name.span, text=name.value, start=at, end=len(name.value))
            target = FieldTarget.of(self._follow[field.span])
            yield Reference(target=target, word=word, role=Role.RULE)
        elif field is None or field.span in self._spec.fields:
            yield from self._lookups.path(name, fields, Role.RULE)

    def _reaction(self, named: Named[ReactionSpec], context: Declarations) -> Iterator[Reference]:
        spec, qname = named.value, f"{context.name}.{named.name.value}"
        yield whole(named.name, MessageTarget(kind="reaction", qname=qname), _DECLARED)
        reactions = {one.qname: one for one in self._spec.system.reactions}
        reaction = reactions.get(qname)
        if reaction is None or spec.event is None or spec.run is None:
            return
        yield from self._dotted(spec.event, "event", reaction.event)
        yield from self._dotted(spec.run, "command", reaction.command)
        command = next(c for c in self._spec.system.commands if c.qname == reaction.command)
        for value in spec.with_ or ():
            yield from self._own(value.name, command.input)

    def _task(self, named: Named[TaskSpec], context: Declarations) -> Iterator[Reference]:
        spec, qname = named.value, f"{context.name}.{named.name.value}"
        task = next((one for one in self._spec.system.tasks if one.qname == qname), None)
        if task is None:
            return
        if spec.run is not None and task.command is not None:
            yield from self._dotted(spec.run, "command", task.command, Role.TASK)
        yield from self._fields(spec.input or (), task.input, context.name)
        for name in spec.unique if isinstance(spec.unique, tuple) else ():
            yield from self._own(name, task.input)

    def _dotted(
        self, name: Located[str], kind: str, qname: str, role: Role = Role.REACTION
    ) -> Iterator[Reference]:
        """Yield the parts of `Order.ship`: the message, and its owner where it is named."""
        parts = name.value.split(".")
        at = len(name.value) - len(parts[-1])
        word = Word(span=name.span, text=name.value, start=at, end=len(name.value))
        target = MessageTarget(kind=kind, qname=qname)
        yield Reference(target=target, word=word, role=role)
        owner = qname.rpartition(".")[0]
        if len(parts) > 1 and owner in self._spec.system.entities:
            start = at - 1 - len(parts[-2])
            word = Word(span=name.span, text=name.value, start=start, end=at - 1)
            if word.written == owner.rpartition(".")[2]:
                yield Reference(target=ClassTarget(qname=owner), word=word, role=role)

    def _projection(self, named: Named[ProjectionSpec], here: str) -> Iterator[Reference]:
        spec, qname = named.value, f"{here}.{named.name.value}"
        yield whole(named.name, MessageTarget(kind="projection", qname=qname), _DECLARED)
        fields = self._shown(qname)
        if spec.of is not None:
            yield from self._lookups.class_(spec.of, here, Role.SOURCE)
        yield from self._fields(spec.fields or (), fields, here)
        for query in spec.queries or ():
            yield from self._query(query, qname, fields, here)
        for rule in spec.access or ():
            yield from self._access(rule, qname)

    def _access(self, rule: Named[AccessSpec], owner: str) -> Iterator[Reference]:
        """Yield the command or query that a rule of access is for."""
        qname = f"{owner}.{rule.name.value}"
        if any(command.qname == qname for command in self._spec.system.commands):
            yield whole(rule.name, MessageTarget(kind="command", qname=qname), Role.RULE)
        elif any(query.qname == qname for query in self._queries()):
            yield whole(rule.name, MessageTarget(kind="query", qname=qname), Role.RULE)

    # ----------------------------------------------------------------- fields

    def _fields(
        self, written: Iterable[Named[FieldSpec]], fields: tuple[Field, ...], here: str
    ) -> Iterator[Reference]:
        """Yield what fields of a message name, and those that follow a field of an entity."""
        for named in written:
            own = next((field for field in fields if field.span == named.name.span), None)
            if own is None:
                continue
            followed = self._follow.get(own.span)
            if followed is not None:
                yield whole(named.name, FieldTarget.of(followed), _DECLARED)
            if named.value.type is not None:
                yield from self._lookups.core(named.value.type.core, own.type, here)
            yield from self._lookups.values(named.value, own)

    def _own(self, name: Located[str], fields: tuple[Field, ...]) -> Iterator[Reference]:
        """Yield the name of a field of a message that is one of an entity too."""
        field = field_named(name.value, fields)
        if field is None:
            return
        known = self._spec.fields.get(field.span)
        followed = known[0] if known else self._follow.get(field.span)
        if followed is not None:
            yield whole(name, FieldTarget.of(followed), Role.RULE)


_DECLARED = Role.DECLARATION


def whole(name: Located[str], target: Target, role: Role) -> Reference:
    """Return a reference that is a whole value."""
    word = Word(span=name.span, text=name.value, start=0, end=len(name.value))
    return Reference(target=target, word=word, role=role)
