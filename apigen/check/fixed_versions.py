"""AG605: what every version of the API needs, and one does not have; what none has."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic
from apigen.ir.behaviour import Command, Query
from apigen.ir.element import Lifespan
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, ProjectionResource, System


def fixed_versions(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each key and part of a path that has `since` or `until`."""
    for context in system.contexts:
        for entity in context.entities:
            yield from _of_entity(entity, system)
        for one in context.projections:
            yield from _of_projection(one)
        yield from _of_messages((*context.commands, *context.queries))


def is_fixed(field: Field, owner: Entity | Command | Query) -> bool:
    """Tell whether a field is part of a key or of a path."""
    if isinstance(owner, Entity):
        parent = owner.resource.nested_under if owner.resource is not None else None
        return field.attribute in (*owner.identity.fields, parent)
    return owner.route is not None and f"{{{field.attribute}}}" in owner.route.path


def _of_entity(entity: Entity, system: System) -> Iterator[Diagnostic]:
    for field in entity.fields:
        if is_fixed(field, entity):
            what = "key" if field.attribute in entity.identity.fields else "paths"
            yield from _fixed(field, f"`{field.name.text}` is part of the {what}")
    yield from _of_messages((*entity.commands, *entity.queries))
    owners: tuple[Entity | Child, ...] = (entity, *_below(entity))
    for owner in owners:
        for field in owner.fields:
            if not system.api.versions_with(entity.lifespan, field.lifespan):
                yield Diagnostic(
                    code="AG605",
                    message=f"no version has `{field.name.text}`: those of `{entity.name.text}`"
                    f" are others",
                    span=field.span,
                    help="`since` and `until` of a field are within those of its entity",
                )


def _below(owner: Entity | Child) -> Iterator[Child]:
    for child in owner.children:
        yield child
        yield from _below(child)


def _of_projection(one: ProjectionResource) -> Iterator[Diagnostic]:
    for part in one.projection.fields:
        if part.field.attribute == one.projection.key:
            yield from _fixed(part.field, f"`{part.field.name.text}` is the key")
    yield from _of_messages(one.queries)


def _of_messages(messages: tuple[Command | Query, ...]) -> Iterator[Diagnostic]:
    for message in messages:
        for field in message.input:
            if is_fixed(field, message):
                yield from _fixed(field, f"`{field.name.text}` is part of the path")


def _fixed(field: Field, message: str) -> Iterator[Diagnostic]:
    if field.lifespan == Lifespan(deprecated=field.lifespan.deprecated):
        return
    yield Diagnostic(
        code="AG605",
        message=f"{message}, which every version has",
        span=field.span,
        help="leave `since` and `until` out, or set them on what it belongs to",
    )
