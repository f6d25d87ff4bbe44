"""AG405: a value that is required in a version of the API that does not have it."""

from collections.abc import Iterator

from apigen.check.fixed_versions import is_fixed
from apigen.diagnostics import Diagnostic
from apigen.ir.behaviour import Command, Query
from apigen.ir.element import ALWAYS
from apigen.ir.field import Field, Surface
from apigen.ir.system import Child, Entity, Nested, Operation, System
from apigen.ir.types import ManyOf
from apigen.ir.value_parts import parts_of

_CREATES = frozenset({Operation.CREATE, Operation.BULK_CREATE})
_CHANGES = frozenset({Operation.UPDATE, Operation.REPLACE, Operation.BULK_UPDATE})


def lacking_versions(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each input that clients of some version cannot send and must."""
    if len(system.api.versions) == 1:
        return
    # A part of a value object is found wherever its type is used.
    yield from {found.span: found for found in _findings(system)}.values()


def _findings(system: System) -> Iterator[Diagnostic]:
    for entity in system.entities.values():
        served = system.api.versions_with(entity.lifespan)
        operations = entity.resource.operations if entity.resource is not None else ()
        if not _CREATES.isdisjoint(operations):
            free = tuple(field for field in entity.fields if not is_fixed(field, entity))
            yield from _of(free, served, system)
            yield from _of_arcs(entity, served, system)
            yield from _of_children(entity.children, served, system)
        elif not _CHANGES.isdisjoint(operations):
            written = tuple(one for one in entity.children if one.nested is Nested.WRITE)
            yield from _of_children(written, served, system)
        yield from _of_messages((*entity.commands, *entity.queries), entity, system)
    for context in system.contexts:
        shown = (query for one in context.projections for query in one.queries)
        yield from _of_messages((*context.commands, *context.queries, *shown), None, system)


def _of_messages(
    messages: tuple[Command | Query, ...], owner: Entity | None, system: System
) -> Iterator[Diagnostic]:
    above = ALWAYS if owner is None else owner.lifespan
    for message in messages:
        if message.route is not None:
            served = system.api.versions_with(above, message.lifespan)
            free = tuple(field for field in message.input if not is_fixed(field, message))
            yield from _of(free, served, system)


def _of_children(
    children: tuple[Child, ...], served: tuple[str, ...], system: System
) -> Iterator[Diagnostic]:
    for child in children:
        if child.nested is not Nested.NONE:
            yield from _of(child.fields, served, system)
            yield from _of_children(child.children, served, system)


def _of(fields: tuple[Field, ...], served: tuple[str, ...], system: System) -> Iterator[Diagnostic]:
    for field in fields:
        lacking = _lacking(field, served, system)
        if lacking and _is_required(field):
            yield _finding(
                field, f"`{field.name.text}` has no source for clients of `{lacking[0]}`"
            )
        if Surface.CREATE in field.writes or Surface.UPDATE in field.writes:
            known = tuple(name for name in served if name not in lacking)
            yield from _of(tuple(parts_of(field.type, system.types)), known, system)


def _of_arcs(entity: Entity, served: tuple[str, ...], system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each choice of references that a version cannot make."""
    for arc in entity.arcs:
        fields = [field for field in entity.fields if field.attribute in arc.attributes]
        lacking = _lacking(fields[0], served, system) if fields and not arc.nullable else ()
        if lacking:
            yield _finding(fields[0], f"`{arc.name}` has no source for clients of `{lacking[0]}`")


def _lacking(field: Field, served: tuple[str, ...], system: System) -> tuple[str, ...]:
    there = system.api.versions_with(field.lifespan)
    return tuple(name for name in served if name not in there)


def _is_required(field: Field) -> bool:
    if isinstance(field.type, ManyOf):
        return isinstance(field.type.constraints.min, int) and field.type.constraints.min > 0
    return field.required_on_create


def _finding(field: Field, message: str) -> Diagnostic:
    return Diagnostic(
        code="AG405",
        message=message,
        span=field.span,
        label="required, and not in every version",
        help="make it optional with `?`, or give it a default",
    )
