"""Which references samples follow, so that making one ends."""

from collections.abc import Iterator, Sequence

from apigen.ir.field import Field
from apigen.ir.system import Child, System
from apigen.ir.types import (
    ManyOf,
    RefTo,
)


def acyclic_references(system: System) -> frozenset[tuple[str, str]]:
    """Return the (owner, target) pairs that samples follow: required ones, then others in order."""
    required: list[tuple[str, str]] = []
    optional: list[tuple[str, str]] = []
    for context in system.contexts:
        for entity in context.entities:
            for field in (*entity.fields, *_child_fields(entity.children)):
                if isinstance(field.type, RefTo | ManyOf):
                    pair = (entity.qname, field.type.target)
                    must = isinstance(field.type, RefTo) and not field.nullable
                    (required if must else optional).append(pair)
    edges: set[tuple[str, str]] = set()
    for owner, target in (*required, *optional):
        if not _reaches(edges, target, owner):
            edges.add((owner, target))
    return frozenset(edges)


def _child_fields(children: Sequence[Child]) -> Iterator[Field]:
    for child in children:
        yield from child.fields
        yield from _child_fields(child.children)


def _reaches(edges: set[tuple[str, str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(target for owner, target in edges if owner == here)
    return False
