"""AG104: two fields of one owner that become one attribute, column or JSON name."""

from collections.abc import Iterator, Mapping

from apigen.diagnostics import Diagnostic, Label, Span
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, ObjectStore, ObjectType, System, ValueType
from apigen.ir.types import ManyOf, ObjectRef


def field_collisions(system: System) -> Iterator[Diagnostic]:
    """Yield one finding for each pair of fields that share a derived name."""
    for declared in system.types.values():
        if isinstance(declared, ObjectType):
            yield from _of(declared.fields, (), system.types, ())
    for entity in system.entities.values():
        yield from _of(entity.fields, entity.children, system.types, ())
        if entity.resource is not None and entity.resource.expand:
            yield from _beside_expansions(entity)
        yield from _methods(entity)
    for command in system.commands:
        yield from _of(command.input, (), system.types, ())
    for event in system.events:
        yield from _of(event.payload, (), system.types, ())
    for child in system.children.values():
        own = (child.parent_column,)
        yield from _of(child.fields, child.children, system.types, own)


def _methods(entity: Entity) -> Iterator[Diagnostic]:
    """Yield a finding for each command that has the name of an attribute of its aggregate."""
    attributes = {field.attribute: field.span for field in entity.fields}
    attributes |= {child.attribute: child.span for child in entity.children}
    for command in entity.commands:
        first = attributes.get(command.name.snake)
        if first is not None:
            yield Diagnostic(
                code="AG104",
                message=f"a command and an attribute of `{entity.name.text}` are both named"
                f" `{command.name.text}`",
                span=command.span,
                labels=(Label(span=first, text="the other one"),),
                help="rename one: both stand on the class of the aggregate",
            )


def _beside_expansions(entity: Entity) -> Iterator[Diagnostic]:
    for field in entity.fields:
        if "expanded" in (field.attribute, field.wire) and field.reads:
            yield Diagnostic(
                code="AG104",
                message="this field and what `expand` embeds both become the JSON name `expanded`",
                span=field.span,
                help="rename the field, or allow no `expand` here",
            )
    for child in entity.children:
        if child.attribute == "expanded":
            yield Diagnostic(
                code="AG104",
                message="this list and what `expand` embeds both become the JSON name `expanded`",
                span=child.span,
                help="rename it, or allow no `expand` here",
            )


def _of(
    fields: tuple[Field, ...],
    children: tuple[Child, ...],
    types: Mapping[str, ValueType],
    own_columns: tuple[str, ...],
) -> Iterator[Diagnostic]:
    attributes: dict[str, Span] = {}
    wires: dict[str, Span] = {}
    columns: dict[str, Span] = {}
    for field in fields:
        clash = _claim(attributes, field.attribute, field.span, "attribute")
        if clash is not None:
            # Columns and JSON names follow from the attribute: one cause, one finding.
            yield clash
            continue
        clash = _claim(wires, field.wire, field.span, "JSON name")
        if clash is not None:
            yield clash
        if field.attribute in own_columns and field.column not in own_columns:
            yield _reserved(field.attribute, field.span, "attribute")
        for column in _columns(field, types):
            clash = _claim(columns, column.lower(), field.span, "column")
            if clash is None and column in own_columns:
                clash = _reserved(column, field.span, "column")
            if clash is not None:
                yield clash
    for child in children:
        clash = _claim(attributes, child.attribute, child.span, "attribute") or _claim(
            wires, child.attribute, child.span, "JSON name"
        )
        if clash is not None:
            yield clash


def _columns(field: Field, types: Mapping[str, ValueType]) -> Iterator[str]:
    if field.computed is not None or isinstance(field.type, ManyOf):
        return
    declared = types.get(field.type.target) if isinstance(field.type, ObjectRef) else None
    if isinstance(declared, ObjectType) and declared.store is ObjectStore.COLUMNS:
        for inner in declared.fields:
            for column in _columns(inner, types):
                yield f"{field.column}_{column}"
    else:
        yield field.column


def _claim(taken: dict[str, Span], name: str, span: Span, kind: str) -> Diagnostic | None:
    first = taken.setdefault(name, span)
    if first is span:
        return None
    return Diagnostic(
        code="AG104",
        message=f"two fields both become the {kind} `{name}`",
        span=span,
        labels=(Label(span=first, text="the other one"),),
        help={
            "attribute": "rename one; a ref `customer` has the attribute `customer_id`",
            "JSON name": "set `wire` on one of them",
            "column": "set `column` on one of them",
        }[kind],
    )


def _reserved(name: str, span: Span, kind: str) -> Diagnostic:
    return Diagnostic(
        code="AG104",
        message=f"this field and the link to its parent both become the {kind} `{name}`",
        span=span,
        help="set `column` on the field" if kind == "column" else "rename the field",
    )
