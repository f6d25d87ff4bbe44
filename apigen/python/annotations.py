"""Spell a type of the IR as an annotation: plain in the domain, with its constraints in a DTO."""

from collections.abc import Mapping
from typing import assert_never

from apigen.ir.field import Field
from apigen.ir.system import IdKind, ObjectType, System, UnionType
from apigen.ir.types import (
    Constraints,
    EnumRef,
    IdOf,
    ListOf,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.ir.value_parts import held_by
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, pattern, text, tuple_of

FORMAT_TYPES: Mapping[ScalarKind, str] = {
    ScalarKind.EMAIL: "Email",
    ScalarKind.URL: "Url",
    ScalarKind.SLUG: "Slug",
    ScalarKind.PHONE: "Phone",
    ScalarKind.IP: "Ip",
    ScalarKind.COUNTRY: "Country",
    ScalarKind.CURRENCY: "Currency",
    ScalarKind.LOCALE: "Locale",
    ScalarKind.TIMEZONE: "Timezone",
}
"""Names of `support.core.formats`."""

_TEMPORAL_RULES: Mapping[ScalarKind, str] = {
    ScalarKind.DATE: "Day",
    ScalarKind.TIME: "TimeOfDay",
    ScalarKind.DATETIME: "Moment",
    ScalarKind.DURATION: "Duration",
}
_TEMPORAL_TYPES: Mapping[ScalarKind, str] = {
    ScalarKind.DATE: "date",
    ScalarKind.TIME: "time",
    ScalarKind.DATETIME: "datetime",
    ScalarKind.DURATION: "timedelta",
}
_BUILTINS: Mapping[ScalarKind, str] = {
    ScalarKind.STR: "str",
    ScalarKind.TEXT: "str",
    ScalarKind.INT: "int",
    ScalarKind.BIGINT: "int",
    ScalarKind.FLOAT: "float",
    ScalarKind.BOOL: "bool",
    ScalarKind.BYTES: "bytes",
}


def domain_annotation(
    type_: TypeRef, *, system: System, imports: ImportSet, hashable: bool = False
) -> str:
    """Return the annotation of a value in the domain; `hashable` makes lists tuples."""

    def inner(item: TypeRef) -> str:
        return domain_annotation(item, system=system, imports=imports, hashable=hashable)

    match type_:
        case Scalar():
            return scalar_type(type_, system=system, imports=imports)
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            return imports.use(layout.value_type(system, target))
        case IdOf(target=target) | RefTo(target=target):
            return imports.use(layout.id_type(system, target))
        case ManyOf(target=target):
            return f"frozenset[{imports.use(layout.id_type(system, target))}]"
        case ListOf(item=item):
            return f"tuple[{inner(item)}, ...]" if hashable else f"list[{inner(item)}]"
        case SetOf(item=item):
            return f"frozenset[{inner(item)}]"
        case MapOf(item=item):
            return f"dict[str, {inner(item)}]"
        case LocalizedText():
            name = imports.use(layout.support(system, "domain.localized", "Localized"))
            return f"{name}[str]"
        case _:
            assert_never(type_)


def scalar_type(scalar: Scalar, *, system: System, imports: ImportSet, base: bool = False) -> str:
    """Return the Python type of a scalar: its NewType when it is a declared one.

    With `base` the type below the NewType.
    """
    if scalar.named is not None and not base:
        return imports.use(layout.value_type(system, scalar.named))
    kind = scalar.kind
    if kind in _BUILTINS:
        return _BUILTINS[kind]
    if kind in _TEMPORAL_TYPES:
        return f"{imports.module('datetime', 'dt')}.{_TEMPORAL_TYPES[kind]}"
    if kind in FORMAT_TYPES:
        return imports.use(layout.support(system, "core.formats", FORMAT_TYPES[kind]))
    match kind:
        case ScalarKind.DECIMAL:
            return imports.add("decimal", "Decimal")
        case ScalarKind.UUID:
            return imports.add("uuid", "UUID")
        case ScalarKind.ULID:
            return imports.add("ulid", "ULID")
        case _:
            return imports.use(layout.support(system, "core.json", "Json"))


def optional(annotation: str, nullable: bool) -> str:
    """Return the annotation with None added where that is wanted."""
    return f"{annotation} | None" if nullable else annotation


def key_field(system: System, target: str) -> Field | None:
    """Return the field that is the key of an entity or child; None when several are."""
    owner = layout.owner(system, target)
    if owner.identity.kind is IdKind.COMPOSITE:
        return None
    (attribute,) = owner.identity.fields
    return next(field for field in owner.fields if field.attribute == attribute)


def id_base(system: System, target: str) -> Scalar | EnumRef | None:
    """Return the type below an identifier's NewType, references followed; None for several."""
    identity = layout.owner(system, target).identity
    match identity.kind:
        case IdKind.COMPOSITE:
            return None
        case IdKind.UUID7 | IdKind.UUID4 if identity.prefix is None:
            return Scalar(kind=ScalarKind.UUID)
        case IdKind.ULID if identity.prefix is None:
            return Scalar(kind=ScalarKind.ULID)
        case IdKind.UUID7 | IdKind.UUID4 | IdKind.ULID:
            form = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
            if identity.kind is not IdKind.ULID:
                form = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
            whole = f"{identity.prefix}_{form}"
            limit = len(identity.prefix or "") + 1 + (26 if identity.kind is IdKind.ULID else 36)
            return Scalar(kind=ScalarKind.STR, constraints=Constraints(max=limit, pattern=whole))
        case IdKind.INT:
            return Scalar(kind=ScalarKind.INT)
        case IdKind.BIGINT:
            return Scalar(kind=ScalarKind.BIGINT)
        case IdKind.STR:
            return Scalar(kind=ScalarKind.STR, constraints=Constraints(min=1, max=255))
        case IdKind.NATURAL:
            field = key_field(system, target)
            match field.type if field is not None else None:
                case Scalar() | EnumRef() as type_:
                    return type_
                case IdOf(target=other) | RefTo(target=other):
                    return id_base(system, other)
                case _:
                    return None
        case _:
            assert_never(identity.kind)


def dto_suffix(system: System, qname: str, *, reading: bool) -> str:
    """Return how the DTO of a value object or union is called, in requests or in responses.

    One class serves both, unless some part is computed: that is shown and never sent.
    """
    return "Read" if reading and _shows_more(system, qname) else "Dto"


def _shows_more(system: System, qname: str) -> bool:
    declared = system.types[qname]
    if isinstance(declared, ObjectType):
        return any(f.computed is not None for f in declared.fields) or any(
            _shows_more(system, target) for f in declared.fields for target in held_by(f.type)
        )
    if isinstance(declared, UnionType):
        targets = [target for v in declared.variants for target in held_by(v.type)]
        return any(_shows_more(system, target) for target in targets)
    return False


def dto_annotation(
    type_: TypeRef,
    *,
    system: System,
    imports: ImportSet,
    reading: bool = False,
    is_new_key: bool = False,
) -> str:
    """Return the annotation of a value in a DTO, with all its constraints.

    With `reading` as responses show it; `is_new_key` for a key that a client chooses. A change of
    a localized text has an annotation of its own, `localized_change`.
    """

    def inner(item: TypeRef) -> str:
        return dto_annotation(item, system=system, imports=imports, reading=reading)

    match type_:
        case Scalar():
            return constrained(
                scalar_type(type_, system=system, imports=imports),
                type_,
                system=system,
                imports=imports,
                is_new_key=is_new_key,
            )
        case EnumRef(target=target):
            return imports.use(layout.value_type(system, target))
        case ObjectRef(target=target) | UnionRef(target=target):
            suffix = dto_suffix(system, target, reading=reading)
            return imports.use(layout.dto(system, target, suffix))
        case IdOf(target=target) | RefTo(target=target):
            return id_annotation(target, system=system, imports=imports)
        case ManyOf(target=target, constraints=bounds):
            item = id_annotation(target, system=system, imports=imports)
            return _items(f"frozenset[{item}]", bounds, system, imports, always=True)
        case ListOf(item=element, constraints=bounds):
            item = inner(element)
            return _items(f"list[{item}]", bounds, system, imports)
        case SetOf(item=element, constraints=bounds):
            item = inner(element)
            return _items(f"frozenset[{item}]", bounds, system, imports, always=True)
        case MapOf(item=element, constraints=bounds):
            item = inner(element)
            key = constrained("str", Scalar(kind=ScalarKind.TEXT), system=system, imports=imports)
            return _items(f"dict[{key}, {item}]", bounds, system, imports)
        case LocalizedText():
            if reading:
                return _localized("str | dict[str, str]", "LocalizedOutput", type_, system, imports)
            kind = domain_annotation(type_, system=system, imports=imports)
            return _localized(kind, "LocalizedInput", type_, system, imports)
        case _:
            assert_never(type_)


def localized_change(
    type_: LocalizedText, *, system: System, imports: ImportSet, is_whole: bool
) -> str:
    """Return the annotation of what changes in a localized text, or of all of it."""
    kind = f"{imports.add('collections.abc', 'Mapping')}[str, str | None]"
    more = ("is_whole=True",) if is_whole else ()
    return _localized(kind, "LocalizedChange", type_, system, imports, *more)


def _localized(
    kind: str, rule: str, type_: LocalizedText, system: System, imports: ImportSet, *more: str
) -> str:
    name = imports.use(layout.support(system, "application.localized_fields", rule))
    text_rule = imports.use(layout.support(system, "application.fields", "Text"))
    each = f"{text_rule}({', '.join(rule_arguments(type_.item, imports))})"
    arguments = ", ".join((imports.use(layout.locales(system)), each, *more))
    return f"{imports.add('typing', 'Annotated')}[{kind}, {name}({arguments})]"


def id_annotation(target: str, *, system: System, imports: ImportSet, is_new: bool = False) -> str:
    """Return the annotation of an identifier in a DTO; `is_new` where a client chooses it."""
    name = imports.use(layout.id_type(system, target))
    base = id_base(system, target)
    if isinstance(base, Scalar):
        return constrained(name, base, system=system, imports=imports, is_new_key=is_new)
    return name


def constrained(
    name: str,
    scalar: Scalar,
    *,
    system: System,
    imports: ImportSet,
    is_new_key: bool = False,
) -> str:
    """Return `Annotated[name, …]` with the rule that holds the scalar's constraints."""
    kind = scalar.kind
    if kind is ScalarKind.UUID:
        return name
    annotated = imports.add("typing", "Annotated")
    if kind is ScalarKind.BOOL:
        return f"{annotated}[{name}, {imports.add('pydantic', 'Strict')}()]"
    module = "application.moments" if kind in _TEMPORAL_RULES else "application.fields"
    rule = imports.use(layout.support(system, module, _rule_name(kind)))
    arguments = ", ".join((*rule_arguments(scalar, imports), *_key_arguments(scalar, is_new_key)))
    return f"{annotated}[{name}, {rule}({arguments})]"


def _key_arguments(scalar: Scalar, is_new_key: bool) -> tuple[str, ...]:
    """Return what a key that a client chooses has to meet, so that a path can name it."""
    if not is_new_key:
        return ()
    if _rule_name(scalar.kind) == "Text":
        return ("in_path=True",)
    if _rule_name(scalar.kind) == "Integer" and scalar.constraints.min is None:
        # Zero stands for a key that is still to come.
        return ("minimum=1",)
    return ()


def _rule_name(kind: ScalarKind) -> str:
    if kind in _TEMPORAL_RULES:
        return _TEMPORAL_RULES[kind]
    match kind:
        case ScalarKind.INT | ScalarKind.BIGINT:
            return "Integer"
        case ScalarKind.FLOAT:
            return "Real"
        case ScalarKind.DECIMAL:
            return "Digits"
        case ScalarKind.BYTES:
            return "Binary"
        case ScalarKind.ULID:
            return "UlidText"
        case ScalarKind.JSON:
            return "JsonDocument"
        case _:
            return "Text"


def rule_arguments(scalar: Scalar, imports: ImportSet) -> list[str]:
    """Return the keyword arguments that state the scalar's constraints, in the rules' order."""
    bounds, kind = scalar.constraints, scalar.kind
    arguments: list[str] = []
    if kind is ScalarKind.BIGINT:
        arguments.append("bits=64")
    if kind is ScalarKind.DECIMAL:
        arguments += [f"precision={bounds.precision}", f"scale={bounds.scale}"]
    named = (("minimum", bounds.min), ("maximum", bounds.max), ("gt", bounds.gt), ("lt", bounds.lt))
    arguments += [
        f"{name}={literal(value, imports)}"
        for name, value in (*named, ("step", bounds.step))
        if value is not None
    ]
    if bounds.pattern is not None:
        arguments.append(f"pattern={pattern(bounds.pattern)}")
    if kind in FORMAT_TYPES:
        arguments.append(f"format={text(kind.value)}")
    if bounds.normalize:
        arguments.append(f"normalize={tuple_of(map(text, bounds.normalize))}")
    return arguments


def _items(
    annotation: str,
    bounds: Constraints,
    system: System,
    imports: ImportSet,
    *,
    always: bool = False,
) -> str:
    stated = [
        f"{name}={value}"
        for name, value in (("minimum", bounds.min), ("maximum", bounds.max))
        if value is not None
    ]
    if not stated and not always:
        return annotation
    rule = imports.use(layout.support(system, "application.fields", "Items"))
    return f"{imports.add('typing', 'Annotated')}[{annotation}, {rule}({', '.join(stated)})]"
