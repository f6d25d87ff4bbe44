"""AG106: a declared type that nothing uses, an event that nothing emits."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic, Severity
from apigen.ir.field import Field
from apigen.ir.system import Child, ObjectType, ScalarType, System, UnionType
from apigen.ir.types import (
    EnumRef,
    ListOf,
    LocalizedText,
    MapOf,
    ObjectRef,
    Scalar,
    SetOf,
    TypeRef,
    UnionRef,
)


def unused(system: System) -> Iterator[Diagnostic]:
    """Yield a warning for each type that nothing mentions, and each event that nothing emits."""
    yield from _types(system)
    yield from _events(system)


def _events(system: System) -> Iterator[Diagnostic]:
    emitted = {emission.event for command in system.commands for emission in command.emits}
    for event in system.events:
        if event.qname not in emitted:
            yield Diagnostic(
                code="AG106",
                message=f"event `{event.name.text}` is never emitted",
                span=event.span,
                severity=Severity.WARNING,
                help=f"`emits: {event.name.text}` in a command, or remove it",
            )


def _types(system: System) -> Iterator[Diagnostic]:
    used: set[str] = set()
    for declared in system.types.values():
        match declared:
            case ObjectType(fields=fields):
                used.update(_of_fields(fields))
            case UnionType(variants=variants):
                for variant in variants:
                    used.update(_names(variant.type))
            case _:
                pass
    for entity in system.entities.values():
        used.update(_of_fields(entity.fields))
        used.update(_of_children(entity.children))
    for command in system.commands:
        used.update(_of_fields(command.input))
        if command.returns is not None:
            used.update(_names(command.returns))
    for event in system.events:
        used.update(_of_fields(event.payload))
    for qname, declared in system.types.items():
        if qname in used:
            continue
        kind = "type" if not isinstance(declared, ScalarType) else "named type"
        yield Diagnostic(
            code="AG106",
            message=f"{kind} `{declared.name.text}` is never used",
            span=declared.span,
            severity=Severity.WARNING,
            help="use it in a field, or remove it",
        )


def _of_children(children: tuple[Child, ...]) -> Iterator[str]:
    for child in children:
        yield from _of_fields(child.fields)
        yield from _of_children(child.children)


def _of_fields(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield from _names(field.type)


def _names(type_: TypeRef) -> Iterator[str]:
    match type_:
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            yield target
        case Scalar(named=str() as named):
            yield named
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item) | LocalizedText(item=item):
            yield from _names(item)
        case _:
            return
