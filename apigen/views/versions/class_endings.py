"""What the names of an older version's classes end in, where they are not those of the newest.

An ending is the version itself, or the newest one that is like it: `V2` in v1 as well, when only v3
is different. What clients send, what they are shown and what they may ask for have endings each,
so that a version has classes of its own only where it has to.
"""

from collections.abc import Iterator, Sequence

from apigen.ir.behaviour import Command, Query
from apigen.ir.element import ALWAYS, Lifespan
from apigen.ir.field import Field, Surface
from apigen.ir.names import Name
from apigen.ir.system import Child, Entity, Nested, System
from apigen.ir.types import ObjectRef
from apigen.ir.value_parts import parts_of
from apigen.views.relation_paths import embedded_in, fields_asked_for

type _Part = tuple[tuple[str, ...], tuple[Field, ...]]
"""Versions that have something, and its fields."""


def seen_in(served: tuple[str, ...], version: str) -> str:
    """Return the version that an element looks like in `version`: where it is not, its newest."""
    return version if version in served or not served else served[-1]


def children_of(owner: Entity | Child) -> Iterator[Child]:
    """Yield the children, each before its own."""
    for child in owner.children:
        yield child
        yield from children_of(child)


def fields_of(owner: Entity | Child) -> Iterator[Field]:
    """Yield the fields of an aggregate, those of its children included."""
    yield from owner.fields
    for child in children_of(owner):
        yield from child.fields


class Endings:
    """Works out the endings of one version."""

    def __init__(self, system: System, version: str) -> None:
        """Compare `version` with newer ones.

        Args:
            system: With the fields of every version, and its projections among its entities.
            version: That the endings are of.
        """
        self._system = system
        self._version = version

    def of_inputs(self) -> Iterator[tuple[str, str]]:
        """Yield the names of entities, children, commands and value types with their endings."""
        system = self._system
        yield from self.of_values()
        for owner, served in self._owners():
            yield from self._ending(owner.qname, served, [(served, tuple(_sent(owner)))])
        for command in system.commands:
            owned_by = system.entities.get(command.owner or "")
            above = ALWAYS if owned_by is None else owned_by.lifespan
            served = system.api.versions_with(above, command.lifespan)
            yield from self._ending(command.qname, served, [(served, command.input)])

    def of_reads(self) -> Iterator[tuple[str, str]]:
        """Yield the names of entities, projections, children and value types with their endings."""
        yield from self.of_values()
        for owner, served in self._owners():
            yield from self._ending(owner.qname, served, [(served, tuple(_shown(owner)))])

    def of_resources(self) -> Iterator[tuple[str, str]]:
        """Yield the qualified names of entities, projections and contexts with their endings."""
        system = self._system
        for entity in system.entities.values():
            served = system.api.versions_with(entity.lifespan)
            parts = [(served, (*_sent(entity), *_shown(entity)))]
            parts += map(self._shown_of, embedded_in(system, entity))
            parts += [
                (system.api.versions_with(owner.lifespan), (field,))
                for owner, field in fields_asked_for(system, entity)
            ]
            parts += self._of_messages(entity.commands, entity.lifespan)
            parts += self._of_messages(entity.queries, entity.lifespan)
            yield from self._ending(entity.qname, served, parts)
        everywhere = system.api.versions_with()
        for context in system.contexts:
            asked = [*self._of_messages(context.commands, ALWAYS)]
            asked += self._of_messages(context.queries, ALWAYS)
            yield from self._ending(context.qname, everywhere, asked)

    def _owners(self) -> Iterator[tuple[Entity | Child, tuple[str, ...]]]:
        """Yield entities and children with the versions that have them."""
        for entity in self._system.entities.values():
            served = self._system.api.versions_with(entity.lifespan)
            yield entity, served
            for child in children_of(entity):
                yield child, served

    def of_values(self) -> Iterator[tuple[str, str]]:
        """Yield the names of value objects and unions with their endings: every version has all."""
        everywhere = self._system.api.versions_with()
        for qname in self._system.types:
            made = tuple(parts_of(ObjectRef(target=qname), self._system.types))
            yield from self._ending(qname, everywhere, [(everywhere, made)])

    def _of_messages(self, messages: Sequence[Command | Query], owner: Lifespan) -> Iterator[_Part]:
        for message in messages:
            served = self._system.api.versions_with(owner, message.lifespan)
            yield served, message.input
            if isinstance(message, Query):
                yield self._shown_of(self._system.entities[message.source])
            elif message.returns is not None:
                yield served, tuple(parts_of(message.returns, self._system.types))

    def _shown_of(self, entity: Entity) -> _Part:
        return self._system.api.versions_with(entity.lifespan), tuple(_shown(entity))

    def _ending(
        self, qname: str, served: tuple[str, ...], parts: Sequence[_Part]
    ) -> Iterator[tuple[str, str]]:
        """Yield the name with its ending, if it has one.

        Args:
            qname: What is compared.
            served: The versions that have it.
            parts: What it is made of.
        """
        if self._version not in served:
            return
        own = self._lacking(parts, self._version)
        if own == self._lacking(parts, served[-1]):
            return
        home = self._version
        for version in served[served.index(home) :]:
            if self._lacking(parts, version) != own:
                break
            home = version
        yield qname, Name.of(home).pascal

    def _lacking(self, parts: Sequence[_Part], version: str) -> frozenset[str]:
        """Return the qualified names of the fields that a version lacks, in values as well."""
        found: set[str] = set()
        for served, fields in parts:
            for field in fields:
                self._add_lacking(field, seen_in(served, version), found)
        return frozenset(found)

    def _add_lacking(self, field: Field, version: str, found: set[str]) -> None:
        """Add a field if the version lacks it, else what it lacks in the field's values."""
        if version not in self._system.api.versions_with(field.lifespan):
            found.add(field.qname)
            return
        for part in parts_of(field.type, self._system.types):
            self._add_lacking(part, version, found)


def _sent(owner: Entity | Child) -> Iterator[Field]:
    """Yield the fields that clients send of an aggregate, those of its children included."""
    yield from (field for field in owner.fields if Surface.CREATE in field.writes)
    for child in owner.children:
        if child.nested is not Nested.NONE:
            yield from _sent(child)


def _shown(owner: Entity | Child) -> Iterator[Field]:
    """Yield the fields that clients see of an aggregate, those of its children included."""
    yield from (field for field in owner.fields if Surface.RESPONSE in field.reads)
    for child in owner.children:
        yield from _shown(child)
