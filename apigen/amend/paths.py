"""Dotted paths of a spec, part by part: over fields, refs, value objects, children, inverses."""

from collections.abc import Iterator

from apigen.amend.reference import (
    CollectionTarget,
    FieldTarget,
    InverseTarget,
    Reference,
    Role,
    Target,
)
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, ObjectType, System
from apigen.ir.types import ManyOf, ObjectRef, RefTo
from apigen.source.positions import Word
from apigen.spec.located import Located


def field_path(
    name: Located[str], fields: tuple[Field, ...], role: Role, system: System
) -> Iterator[Reference]:
    """Yield the parts of a path such as `customer.name` or `-price.amount`."""
    for word in _parts(name):
        field = field_named(word.written, fields)
        if field is None:
            return
        yield Reference(target=FieldTarget.of(field), word=word, role=role)
        fields = _inside(field, system)


def expansion(name: Located[str], entity: Entity, system: System) -> Iterator[Reference]:
    """Yield the parts of a path over refs, many, children and inverses."""
    holder: Entity | Child = entity
    for word in _parts(name):
        step = _step(holder, word.written, system)
        if step is None:
            return
        target, holder = step
        yield Reference(target=target, word=word, role=Role.API)


def field_named(name: str, fields: tuple[Field, ...]) -> Field | None:
    """Return the field that a name or an attribute means, None for no field."""
    for by_attribute in (True, False):
        for field in fields:
            if name == (field.attribute if by_attribute else field.name.text):
                return field
    return None


def _inside(field: Field, system: System) -> tuple[Field, ...]:
    match field.type:
        case RefTo(target=target) | ManyOf(target=target):
            return system.entities[target].fields
        case ObjectRef(target=target):
            declared = system.types.get(target)
            return declared.fields if isinstance(declared, ObjectType) else ()
        case _:
            return ()


def _step(
    holder: Entity | Child, part: str, system: System
) -> tuple[Target, Entity | Child] | None:
    for child in holder.children:
        if child.attribute == part:
            return CollectionTarget(declared=child.span, name=child.attribute), child
    for field in holder.fields:
        if field.name.text == part and isinstance(field.type, RefTo | ManyOf):
            return FieldTarget.of(field), system.entities[field.type.target]
    for inverse in holder.inverses if isinstance(holder, Entity) else ():
        if inverse.attribute == part:
            source = system.entities[inverse.source]
            known = next(one for one in source.fields if one.attribute == inverse.field)
            return InverseTarget(declared=known.span), source
    return None


def _parts(name: Located[str]) -> Iterator[Word]:
    at = 1 if name.value.startswith("-") else 0
    span, text = name.span, name.value
    if span.end_column - span.column != len(text) and text != text.lstrip("-"):
        text = text.lstrip("-")
        at = 0
    for part in text[at:].split("."):
        yield Word(span=span, text=text, start=at, end=at + len(part))
        at += len(part) + 1
