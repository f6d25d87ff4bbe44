"""The part of a system that the files of one context are made of, and a key of it.

A context sees what it uses and the shared kernel; of all others a view only ever asks whether
something there has the same name. The part is what views get, so its key covers all that they can
know: where it is the same, so are the files.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from apigen.ir.meaning import reduction
from apigen.ir.system import Context, Entity, PageStyle, Paging, Resource, System
from apigen.ir.types import NO_EXTENSION

_SERVED = Resource(
    path="",
    tags=(),
    nested_under=None,
    operations=(),
    export=(),
    paging=Paging(style=PageStyle.NONE, size=0, max_size=0),
    filters=(),
    sorts=(),
    search=(),
    expand=(),
    body_limit_bytes=None,
)
_meaning = reduction(keeps_order=True)


def part_of(system: System, context: Context) -> System:
    """Return the system as a context sees it: of what it does not use, names alone are left."""
    seen = _seen(system, context)
    contexts = tuple(one if one.qname in seen else _outline(one) for one in system.contexts)
    return replace(
        system,
        contexts=contexts,
        types={
            qname: one for qname, one in system.types.items() if qname.partition(".")[0] in seen
        },
        entities={
            qname: one if one.context in seen else _named(one)
            for qname, one in system.entities.items()
        },
        children={
            qname: one for qname, one in system.children.items() if qname.partition(".")[0] in seen
        },
    )


def part_keys(system: System) -> Mapping[str, str]:
    """Return the key of every context's part, by the context's name.

    Two parts with one key differ in spans only.
    """
    own = {one.qname: _hash(one) for one in system.contexts}
    frame = _hash(
        replace(
            system,
            contexts=tuple(_outline(one) for one in system.contexts),
            types={},
            entities={},
            children={},
        )
    )
    return {
        one.qname: _hash([frame, one.qname, *(own[name] for name in sorted(_seen(system, one)))])
        for one in system.contexts
    }


def _seen(system: System, context: Context) -> frozenset[str]:
    """Return the names of a context and of all it uses, directly or not."""
    uses = {one.qname: one.uses for one in system.contexts}
    seen: set[str] = set()
    waiting = [context.qname]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(uses[name])
    return frozenset(seen)


def _outline(context: Context) -> Context:
    return replace(
        context,
        doc="",
        ext=NO_EXTENSION,
        types=(),
        entities=tuple(_named(one) for one in context.entities),
    )


def _named(entity: Entity) -> Entity:
    """Return what is known of an entity elsewhere: its names, and whether it has routes."""
    return replace(
        entity,
        doc="",
        ext=NO_EXTENSION,
        fields=(),
        children=(),
        inverses=(),
        invariants=(),
        unique=(),
        indexes=(),
        arcs=(),
        resource=None if entity.resource is None else _SERVED,
    )


def _hash(value: object) -> str:
    return hashlib.sha256(repr(_meaning(value)).encode()).hexdigest()
