"""The symbols of a system: what has an id of its own in the lock, and a hash of what it means.

The hash leaves out where a thing stands, what it was called before, its id and the symbols inside
it: two branches that each add a field to an entity do not both touch the entity's line.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter

from apigen.diagnostics import Span
from apigen.evolve.record import Symbol
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import Child, Entity, EnumMember, EnumType, ObjectType, Resource, System

NO_STORAGE = "-"
_LEFT_OUT: Mapping[type, frozenset[str]] = {
    Entity: frozenset({"fields", "children", "inverses"}),
    Child: frozenset({"fields", "children"}),
    ObjectType: frozenset({"fields"}),
    EnumType: frozenset({"members"}),
    # Most of what lists offer follows from the fields.
    Resource: frozenset({"filters", "sorts", "search"}),
}
_NO_MEANING = frozenset({"id", "span", "qname", "renamed_from", "renamed_at", "backfill"})


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
    return tuple(sorted(found, key=lambda symbol: (symbol.id, symbol.qname)))


def _of_entity(kind: str, owner: Entity | Child) -> Iterator[Symbol]:
    yield _symbol(kind, owner.id, owner.qname, owner.table, owner)
    for field in owner.fields:
        storage = NO_STORAGE if field.computed else f"{owner.table}.{field.column}"
        yield _symbol("field", field.id, field.qname, storage, field)
    for child in owner.children:
        yield from _of_entity("child", child)


def _symbol(
    kind: str, id: str, qname: str, storage: str, element: Entity | Child | Field | object
) -> Symbol:
    digest = hashlib.sha256(repr(_meaning(element)).encode()).hexdigest()[:16]
    return Symbol(id=id, kind=kind, qname=qname, storage=storage, hash=digest)


def _meaning(value: object) -> object:
    """Reduce a value to tuples of plain data."""
    reduce = _REDUCERS.get(type(value))
    if reduce is None:
        reduce = _REDUCERS[type(value)] = _reducer(type(value))
    return reduce(value)


def _reducer(kind: type) -> "Callable[[object], object]":
    """Return the function for a class, made once: a system has many values of few classes."""
    if issubclass(kind, Enum):
        return attrgetter("_value_")
    if issubclass(kind, tuple | list):
        return lambda value: [*map(_meaning, value)] if value else ()  # type: ignore[call-overload]
    if issubclass(kind, frozenset | set):
        return lambda value: sorted(repr(_meaning(part)) for part in value)  # type: ignore[attr-defined]
    if issubclass(kind, Mapping):
        return lambda value: sorted((str(k), repr(_meaning(v))) for k, v in value.items())  # type: ignore[attr-defined]
    if not is_dataclass(kind):
        return lambda value: value
    left_out = _NO_MEANING | _LEFT_OUT.get(kind, frozenset())
    names = tuple(part.name for part in fields(kind) if part.name not in left_out)
    title = kind.__name__
    if not names:
        return lambda value: title
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda value: (title, _meaning(only(value)))
    parts = attrgetter(*names)
    return lambda value: (title, *map(_meaning, parts(value)))


def _itself(value: object) -> object:
    return value


_REDUCERS: dict[type, Callable[[object], object]] = {
    **dict.fromkeys((str, int, bool, float, type(None)), _itself),
    Span: lambda span: None,
    # All spellings of a name follow from its text and its plural.
    Name: attrgetter("text", "plural_snake"),
    EnumMember: attrgetter("name", "value", "label", "deprecated"),
}
