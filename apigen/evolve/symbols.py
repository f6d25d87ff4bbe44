"""The symbols of a system: what has an id of its own in the lock, and a hash of what it means.

The hash leaves out where a thing stands, what it was called before, its id and the symbols inside
it: two branches that each add a field to an entity do not both touch the entity's line.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from apigen.evolve import messages
from apigen.evolve.record import Symbol
from apigen.ir.field import Field
from apigen.ir.meaning import reduction
from apigen.ir.system import Child, Entity, EnumMember, EnumType, ObjectType, Resource, System

NO_STORAGE = "-"
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    Entity: frozenset({"fields", "children", "inverses", "commands", "events", "queries"}),
    Child: frozenset({"fields", "children"}),
    ObjectType: frozenset({"fields"}),
    EnumType: frozenset({"members"}),
    # Most of what lists offer follows from the fields.
    Resource: frozenset({"filters", "sorts", "search"}),
}
_NO_MEANING = frozenset({"id", "span", "qname", "renamed_from", "renamed_at", "backfill"})
_meaning = reduction(
    lambda kind: _NO_MEANING | _LEFT_OUT.get(kind, frozenset()),
    special={EnumMember: attrgetter("name", "value", "label", "deprecated")},
)


def symbols(system: System) -> tuple[Symbol, ...]:
    """Return every symbol of the system with the id it has there, sorted by id."""
    found: list[Symbol] = []
    for context in system.contexts:
        for value_type in context.types:
            found.append(_symbol("type", value_type.id, value_type.qname, NO_STORAGE, value_type))
            match value_type:
                case ObjectType():
                    found.extend(
                        _symbol("field", field.id, field.qname, NO_STORAGE, field)
                        for field in value_type.fields
                    )
                case EnumType():
                    found.extend(
                        _symbol(
                            "member",
                            member.id,
                            f"{value_type.qname}.{member.name}",
                            member.value,
                            member,
                        )
                        for member in value_type.members
                    )
                case _:
                    pass
        for entity in context.entities:
            found.extend(_of_entity("entity", entity))
            found.extend(_messages(messages.of_entity(entity)))
        found.extend(_messages(messages.of_context(context)))
        for held in context.projections:
            found.extend(_messages(("query", query) for query in held.queries))
    return tuple(sorted(found, key=lambda symbol: (symbol.id, symbol.qname)))


def _of_entity(kind: str, owner: Entity | Child) -> Iterator[Symbol]:
    yield _symbol(kind, owner.id, owner.qname, owner.table, owner)
    for field in owner.fields:
        storage = NO_STORAGE if field.computed else f"{owner.table}.{field.column}"
        yield _symbol("field", field.id, field.qname, storage, field)
    for child in owner.children:
        yield from _of_entity("child", child)


def _messages(found: Iterable[tuple[str, messages.Message]]) -> Iterator[Symbol]:
    for kind, message in found:
        yield _symbol(kind, message.id, message.qname, NO_STORAGE, message)


def _symbol(
    kind: str, id: str, qname: str, storage: str, element: Entity | Child | Field | object
) -> Symbol:
    digest = hashlib.sha256(repr(_meaning(element)).encode()).hexdigest()[:16]
    return Symbol(id=id, kind=kind, qname=qname, storage=storage, hash=digest)
