"""Which changes consumers of events notice: those of events, and of types that payloads hold."""

from collections.abc import Iterator, Mapping

from apigen.evolve.record import Effect, SpecChange
from apigen.ir.behaviour import Event
from apigen.ir.system import ObjectType, ScalarType, System, UnionType
from apigen.ir.types import (
    EnumRef,
    ListOf,
    MapOf,
    ObjectRef,
    Scalar,
    SetOf,
    TypeRef,
    UnionRef,
)

_OF_EVENTS = frozenset({"event", "reaction", "command"})


def carriers(system: System) -> Mapping[str, tuple[Event, ...]]:
    """Return the events whose payload holds a type, at any depth, by its qualified name."""
    found: dict[str, dict[str, Event]] = {}
    for event in system.events:
        pending = [name for field in event.payload for name in _names(field.type)]
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            found.setdefault(name, {})[event.qname] = event
            match system.types.get(name):
                case ObjectType(fields=fields):
                    pending += (one for field in fields for one in _names(field.type))
                case UnionType(variants=variants):
                    pending += (one for variant in variants for one in _names(variant.type))
                case ScalarType(type=type_):
                    pending += _names(type_)
                case _:
                    pass
    return {name: tuple(events.values()) for name, events in found.items()}


def effect_on_events(change: SpecChange, system: System) -> Effect:
    """Return what a change does to consumers; NONE for what no event carries."""
    return change.events if events_of(change, system) is not None else Effect.NONE


def effect_on_consumers(change: SpecChange, system: System) -> Effect:
    """Return what a change does to those outside who consume events: they know public ones."""
    events = events_of(change, system)
    if events is None:
        return Effect.NONE
    if not events:
        # It is gone; the change of one that was not public is no break.
        return change.events if change.element == "event" else Effect.NONE
    is_known = change.attribute == "public" or any(event.public for event in events)
    return change.events if is_known else Effect.NONE


def events_of(change: SpecChange, system: System) -> tuple[Event, ...] | None:
    """Return the events of today that a change shows in, None when it shows in none.

    Nothing is among them for an event that is gone.
    """
    if change.events is Effect.NONE:
        return None
    known = {event.qname: event for event in system.events}
    owner = change.symbol.rpartition(".")[0]
    for name in (change.symbol, owner):
        if name in known:
            return (known[name],)
    if change.element in _OF_EVENTS:
        return ()
    carried = carriers(system)
    return carried.get(change.symbol) or carried.get(owner)


def _names(type_: TypeRef) -> Iterator[str]:
    match type_:
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            yield target
        case Scalar(named=str(named)):
            yield named
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            yield from _names(item)
        case _:
            pass
