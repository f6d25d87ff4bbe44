"""How the key of an entity stands in a path: its segments, and the parameters of a route.

A parameter refuses what a database could not take (NUL in a text, a number of too many bits) and
what no identifier of this kind looks like; whether there is such a resource is asked later.
"""

from collections.abc import Collection, Mapping

from apigen.ir.field import Field
from apigen.ir.system import Entity, IdKind, System
from apigen.ir.types import EnumRef, IdOf, RefTo, Scalar, ScalarKind, TypeRef
from apigen.python import layout
from apigen.python.annotations import domain_annotation, id_base, rule_arguments
from apigen.python.identifiers import spell_variable
from apigen.python.imports import ImportSet
from apigen.values import dataclass

_PLAIN: Mapping[ScalarKind, tuple[str, str]] = {
    ScalarKind.INT: ("", "int"),
    ScalarKind.BIGINT: ("", "int"),
    ScalarKind.BOOL: ("", "bool"),
    ScalarKind.FLOAT: ("", "float"),
    ScalarKind.DECIMAL: ("decimal", "Decimal"),
    ScalarKind.DATE: ("datetime", "date"),
    ScalarKind.TIME: ("datetime", "time"),
    ScalarKind.DATETIME: ("datetime", "datetime"),
    ScalarKind.DURATION: ("datetime", "timedelta"),
    ScalarKind.UUID: ("uuid", "UUID"),
    ScalarKind.ULID: ("ulid", "ULID"),
}
"""Types that are no text in Python, and where they come from."""

_MOMENTS: Mapping[ScalarKind, str] = {
    ScalarKind.DATE: "Day",
    ScalarKind.TIME: "TimeOfDay",
    ScalarKind.DATETIME: "Moment",
    ScalarKind.DURATION: "Duration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathKey:
    """The key of one entity."""

    expression: str
    """The identifier, made of the parameters."""
    path: str
    """`/{order_id}`, one segment for each part."""
    parameters: tuple[tuple[str, str], ...]
    """Name and annotation: `order_id`, `OrderId`."""


def is_text(type_: TypeRef) -> bool:
    """Tell whether a value of this type is free text."""
    return isinstance(type_, Scalar) and type_.kind not in _PLAIN


def key_fields(entity: Entity) -> tuple[Field, ...]:
    """Return the fields that make up the key."""
    by_name = {field.attribute: field for field in entity.fields}
    return tuple(by_name[name] for name in entity.identity.fields)


def path_key(system: System, entity: Entity, imports: ImportSet, taken: Collection[str]) -> PathKey:
    """Return the key of `entity` in a path; its parameters avoid the names `taken`."""
    if entity.identity.kind is not IdKind.COMPOSITE:
        wanted = entity.identity.fields[0]
        if wanted == "id":
            wanted = f"{entity.name.snake}_id"
        name = spell_variable(wanted, taken)
        annotation = id_annotation(system, entity, imports)
        return PathKey(expression=name, path=f"/{{{name}}}", parameters=((name, annotation),))
    names: list[str] = []
    parameters: list[tuple[str, str]] = []
    for field in key_fields(entity):
        name = spell_variable(field.attribute, {*taken, *names})
        names.append(name)
        parameters.append((name, _field_annotation(system, field, imports)))
    return PathKey(
        expression=f"{imports.use(layout.id_type(system, entity.qname))}({', '.join(names)})",
        path="".join(f"/{{{name}}}" for name in names),
        parameters=tuple(parameters),
    )


def id_annotation(system: System, entity: Entity, imports: ImportSet) -> str:
    """Return how a path parameter that is the whole key of `entity` is annotated."""
    name = imports.use(layout.id_type(system, entity.qname))
    identity = entity.identity
    if identity.kind is IdKind.NATURAL:
        return _checked(system, name, key_fields(entity)[0].type, imports)
    if identity.prefix is not None:
        # What has another form is no identifier: a word may have that place in the path.
        form = id_base(system, entity.qname)
        assert isinstance(form, Scalar)
        check = imports.use(layout.support(system, "application.fields", "Text"))
        arguments = ", ".join(rule_arguments(form, imports))
        return f"{imports.add('typing', 'Annotated')}[{name}, {check}({arguments})]"
    if identity.kind is IdKind.STR:
        return _checked(system, name, Scalar(kind=ScalarKind.STR), imports)
    kinds = {
        IdKind.ULID: ScalarKind.ULID,
        IdKind.INT: ScalarKind.INT,
        IdKind.BIGINT: ScalarKind.BIGINT,
    }
    return _checked(system, name, Scalar(kind=kinds.get(identity.kind, ScalarKind.UUID)), imports)


def input_annotation(system: System, field: Field, imports: ImportSet) -> str:
    """Return how a path parameter that is an input of a command or query is annotated."""
    match field.type:
        case RefTo(target=target) | IdOf(target=target) if target in system.entities:
            return id_annotation(system, system.entities[target], imports)
        case other:
            plain = domain_annotation(other, system=system, imports=imports)
            return _checked(system, plain, other, imports)


def _field_annotation(system: System, field: Field, imports: ImportSet) -> str:
    """Return how a path parameter that is one part of a composite key is annotated."""
    match field.type:
        case RefTo(target=target) | IdOf(target=target) if target in system.entities:
            return id_annotation(system, system.entities[target], imports)
        case EnumRef(target=target):
            return imports.use(layout.value_type(system, target))
        case Scalar(kind=kind) if kind in _PLAIN:
            module, name = _PLAIN[kind]
            plain = imports.add(module, name) if module else name
            return _checked(system, plain, field.type, imports)
        case other:
            return _checked(system, "str", other, imports)


def _checked(system: System, annotation: str, type_: TypeRef, imports: ImportSet) -> str:
    """Return `annotation` with the check that a text of a path needs."""

    def support(module: str, name: str) -> str:
        return imports.use(layout.support(system, f"application.{module}", name))

    match type_:
        case Scalar(kind=ScalarKind.INT | ScalarKind.BIGINT as kind):
            bits = 31 if kind is ScalarKind.INT else 63
            check = f"{imports.add('fastapi', 'Path')}(ge={-(2**bits)}, le={2**bits - 1})"
        case Scalar(kind=ScalarKind.ULID):
            check = f"{support('fields', 'UlidText')}()"
        case Scalar(kind=ScalarKind.DECIMAL, constraints=limits):
            digits = support("fields", "Digits")
            check = f"{digits}(precision={limits.precision}, scale={limits.scale})"
        case Scalar(kind=kind) if kind in _MOMENTS:
            check = f"{support('moments', _MOMENTS[kind])}()"
        case Scalar(constraints=limits) if is_text(type_):
            arguments = f"normalize={limits.normalize!r}" if limits.normalize else ""
            check = f"{support('fields', 'Text')}({arguments})"
        case _:
            return annotation
    return f"{imports.add('typing', 'Annotated')}[{annotation}, {check}]"
