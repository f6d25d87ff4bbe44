"""AG405: a required value that no client may send and nothing else fills."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import Child, Nested, Operation, System
from apigen.ir.types import ManyOf


def unfillable(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each field that makes every create of its entity fail."""
    for entity in system.entities.values():
        resource = entity.resource
        if resource is None or not {Operation.CREATE, Operation.BULK_CREATE}.intersection(
            resource.operations
        ):
            continue
        yield from _of(entity.name.text, entity.fields)
        yield from _of_children(entity.children)


def _of_children(children: tuple[Child, ...]) -> Iterator[Diagnostic]:
    for child in children:
        if child.nested is not Nested.NONE:
            yield from _of(child.class_name.text, child.fields)
            yield from _of_children(child.children)
        elif child.min is not None and child.min > 0:
            yield Diagnostic(
                code="AG405",
                message=f"`{child.attribute}` has no source, and at least {child.min}"
                f" {'is' if child.min == 1 else 'are'} wanted",
                span=child.span,
                label="no client may send them: `nested: none`",
                help="remove `min`, or `nested: none`",
            )


def _of(owner: str, fields: tuple[Field, ...]) -> Iterator[Diagnostic]:
    for field in fields:
        is_needed = not field.nullable and field.default is None and field.computed is None
        if isinstance(field.type, ManyOf):
            is_needed = (
                isinstance(field.type.constraints.min, int) and field.type.constraints.min > 0
            )
        if field.origin is Origin.SYNTH or not is_needed:
            continue
        if Surface.CREATE not in field.writes:
            yield Diagnostic(
                code="AG405",
                message=f"`{owner}.{field.name.text}` has no source",
                span=field.span,
                label="no client may send it, and it has no default",
                help="give it a default, make it optional with `?`, or let clients send it"
                " with `immutable` in place of `readonly`",
            )
