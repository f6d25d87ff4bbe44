"""AG405: a value that is required in a version of the API that does not have it."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic
from apigen.ir.behaviour import Command
from apigen.ir.element import Lifespan
from apigen.ir.field import Field
from apigen.ir.system import Child, Nested, Operation, System

_CREATES = frozenset({Operation.CREATE, Operation.BULK_CREATE})


def lacking_versions(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each input that clients of some version cannot send and must."""
    names = tuple(version.name for version in system.api.versions)
    if len(names) == 1:
        return
    for entity in system.entities.values():
        served = _versions(entity.lifespan, names)
        resource = entity.resource
        if resource is not None and _CREATES.intersection(resource.operations):
            yield from _of(entity.fields, served, names)
            yield from _of_children(entity.children, served, names)
    for command in system.commands:
        if command.route is not None:
            yield from _of(command.input, _asked_in(command, system, names), names)


def _asked_in(command: Command, system: System, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the versions that have a command and what it is for."""
    there = _versions(command.lifespan, names)
    if command.owner is None:
        return there
    owner = _versions(system.entities[command.owner].lifespan, names)
    return tuple(name for name in there if name in owner)


def _of_children(
    children: tuple[Child, ...], served: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Diagnostic]:
    for child in children:
        if child.nested is not Nested.NONE:
            yield from _of(child.fields, served, names)
            yield from _of_children(child.children, served, names)


def _of(
    fields: tuple[Field, ...], served: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Diagnostic]:
    for field in fields:
        there = _versions(field.lifespan, names)
        lacking = [name for name in served if name not in there]
        if field.required_on_create and lacking:
            yield Diagnostic(
                code="AG405",
                message=f"`{field.name.text}` has no source for clients of `{lacking[0]}`",
                span=field.span,
                label="required, and not in every version",
                help="make it optional with `?`, or give it a default",
            )


def _versions(lifespan: Lifespan, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the versions that have an element."""
    start = names.index(lifespan.since) if lifespan.since is not None else 0
    end = names.index(lifespan.until) if lifespan.until is not None else len(names)
    return names[start:end]
