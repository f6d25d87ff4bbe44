"""Spell a default of the spec as Python source: `Status.DRAFT`, `Money(amount=Decimal("0"))`.

Parts of collections and objects come as JSON, where decimals, dates and durations are texts.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import assert_never

from apigen.diagnostics.internal_error import InternalError
from apigen.ir.field import Field
from apigen.ir.system import EnumType, Identity, IdKind, ObjectType, System, UnionType
from apigen.ir.types import (
    ActorDefault,
    Default,
    DynamicDefault,
    EnumRef,
    IdOf,
    ListOf,
    LiteralDefault,
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
from apigen.python import layout
from apigen.python.annotations import FORMAT_TYPES, id_base, scalar_type
from apigen.python.identifiers import member_names, spell
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, text
from apigen.python.scalar_samples import at_scale
from apigen.values import dataclass

_MADE_BY_CALLS = frozenset({ScalarKind.DATETIME, ScalarKind.JSON, ScalarKind.UUID, ScalarKind.ULID})
"""Kinds whose values ruff takes for work where they are defaults of a dataclass."""

_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultSource:
    """Source of a default: a value, or a function that makes one each time."""

    value: str
    is_factory: bool


def default_source(
    field: Field, default: Default, *, system: System, imports: ImportSet
) -> DefaultSource:
    """Return the default of a field as the domain has it."""
    match default:
        case LiteralDefault(value=value):
            source = value_source(field.type, value, system=system, imports=imports)
            # Lists, dicts and value objects are made anew; so are calls that ruff takes for work.
            is_plain = isinstance(field.type, EnumRef) or (
                isinstance(field.type, Scalar) and _is_plain(field.type)
            )
            factory = source if is_plain else f"lambda: {source}"
            return DefaultSource(value=factory, is_factory=not is_plain)
        case DynamicDefault.NOW:
            now = imports.use(layout.support(system, "core.clock", "utc_now"))
            return _wrapped(field, now, system, imports)
        case DynamicDefault.TODAY:
            now = imports.use(layout.support(system, "core.clock", "utc_now"))
            return _wrapped(field, f"lambda: {now}().date()", system, imports)
        case DynamicDefault.UUID:
            new = imports.use(layout.support(system, "core.identifiers", "uuid7"))
            return _wrapped(field, new, system, imports)
        case ActorDefault():
            raise InternalError("who creates it is known to the application, not to the domain")
        case _:
            assert_never(default)


def _wrapped(field: Field, factory: str, system: System, imports: ImportSet) -> DefaultSource:
    """Return a factory whose result has the field's own NewType."""
    if isinstance(field.type, Scalar) and field.type.named is not None:
        name = scalar_type(field.type, system=system, imports=imports)
        made = factory.removeprefix("lambda: ") if "lambda" in factory else f"{factory}()"
        return DefaultSource(value=f"lambda: {name}({made})", is_factory=True)
    return DefaultSource(value=factory, is_factory=True)


def _is_plain(scalar: Scalar) -> bool:
    return (
        scalar.named is None
        and scalar.kind not in FORMAT_TYPES
        and scalar.kind not in _MADE_BY_CALLS
    )


def value_source(type_: TypeRef, value: object, *, system: System, imports: ImportSet) -> str:
    """Return source of a literal as the domain has it."""

    def inner(item: TypeRef, element: object) -> str:
        return value_source(item, element, system=system, imports=imports)

    match type_:
        case Scalar():
            return _scalar(type_, value, system, imports)
        case EnumRef(target=target):
            return _member(target, str(value), system, imports)
        case ObjectRef(target=target):
            name = imports.use(layout.value_type(system, target))
            return f"{name}({_parts(target, value, system, imports)})"
        case UnionRef(target=target):
            return _variant(target, value, system, imports)
        case IdOf(target=target) | RefTo(target=target):
            base = id_base(system, target)
            source = inner(base, value) if base is not None else literal(value, imports)
            return f"{imports.use(layout.id_type(system, target))}({source})"
        case ListOf(item=item):
            return "[" + ", ".join(inner(item, element) for element in _sequence(value)) + "]"
        case SetOf(item=item):
            elements = ", ".join(inner(item, element) for element in _sequence(value))
            return f"frozenset({{{elements}}})" if elements else "frozenset()"
        case ManyOf(target=target):
            ids = ", ".join(inner(IdOf(target=target), element) for element in _sequence(value))
            return f"frozenset({{{ids}}})" if ids else "frozenset()"
        case MapOf(item=item):
            entries = (f"{text(key)}: {inner(item, each)}" for key, each in _mapping(value).items())
            return "{" + ", ".join(entries) + "}"
        case LocalizedText(default=default):
            texts = value if isinstance(value, dict) else {default: value}
            name = imports.use(layout.support(system, "domain.localized", "Localized"))
            return f"{name}({literal(texts, imports)})"
        case _:
            assert_never(type_)


def _member(target: str, name: str, system: System, imports: ImportSet) -> str:
    enum = system.types[target]
    assert isinstance(enum, EnumType)
    return f"{imports.use(layout.value_type(system, target))}.{member_names(enum)[name]}"


def _parts(target: str, value: object, system: System, imports: ImportSet) -> str:
    """Return the keyword arguments that make a value object."""
    declared = system.types[target]
    assert isinstance(declared, ObjectType)
    given = _mapping(value)
    arguments: list[str] = []
    for field in declared.fields:
        if field.attribute not in given:
            continue
        part = given[field.attribute]
        source = "None"
        if part is not None:
            source = value_source(field.type, part, system=system, imports=imports)
            if isinstance(field.type, ListOf):
                source = f"tuple({source})"
        arguments.append(f"{spell(field.attribute)}={source}")
    return ", ".join(arguments)


def _variant(target: str, value: object, system: System, imports: ImportSet) -> str:
    union = system.types[target]
    assert isinstance(union, UnionType)
    given = _mapping(value)
    variant = next(v for v in union.variants if v.tag == given.get(union.tag))
    name = imports.use(layout.variant_class(system, target, variant))
    if isinstance(variant.type, ObjectRef):
        return f"{name}({_parts(variant.type.target, given, system, imports)})"
    source = value_source(variant.type, given["value"], system=system, imports=imports)
    return f"{name}(value={source})"


def _scalar(scalar: Scalar, value: object, system: System, imports: ImportSet) -> str:
    if scalar.kind is ScalarKind.JSON and isinstance(value, list | dict) and value:
        # Written out, it would have a narrower type than any JSON, and lists are invariant.
        loads = imports.use(layout.support(system, "core.json", "loads"))
        return f"{loads}({text(json.dumps(value, ensure_ascii=False))})"
    # In the form that one has that a client sends: all digits after the point, UTC.
    source = literal(at_scale(scalar, typed(scalar.kind, value)), imports)
    if scalar.kind is ScalarKind.UUID:
        source = f"{imports.add('uuid', 'UUID')}({source})"
    elif scalar.kind is ScalarKind.ULID:
        source = f"{imports.add('ulid', 'ULID')}.from_str({source})"
    if scalar.named is None and scalar.kind not in FORMAT_TYPES:
        return source
    if scalar.kind in (ScalarKind.JSON, ScalarKind.BOOL):
        return source
    base = scalar_type(scalar, system=system, imports=imports, base=True)
    if scalar.named is not None and scalar.kind in FORMAT_TYPES:
        source = f"{base}({source})"
    return f"{scalar_type(scalar, system=system, imports=imports)}({source})"


def typed(kind: ScalarKind, value: object) -> object:
    """Turn a JSON value into what Python has for it; moments are in UTC."""
    if kind is ScalarKind.FLOAT and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is ScalarKind.DECIMAL and not isinstance(value, Decimal):
        return Decimal(str(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str):
        return value
    match kind:
        case ScalarKind.DATE:
            return date.fromisoformat(value)
        case ScalarKind.TIME:
            return time.fromisoformat(value)
        case ScalarKind.DATETIME:
            return datetime.fromisoformat(value).astimezone(UTC)
        case ScalarKind.DURATION:
            parts = re.findall(r"(\d+)(ms|s|m|h|d)", value)
            return sum((timedelta(**{_UNITS[u]: int(n)}) for n, u in parts), timedelta())
        case _:
            return value


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def id_factory(identity: Identity, *, system: System, imports: ImportSet) -> str:
    """Return source of a new value of a generated key, without its NewType."""
    if identity.kind is IdKind.UUID4:
        made = f"{imports.add('uuid', 'uuid4')}()"
    else:
        name = "new_ulid" if identity.kind is IdKind.ULID else "uuid7"
        made = f"{imports.use(layout.support(system, 'core.identifiers', name))}()"
    if identity.prefix is None:
        return made
    prefixed = imports.use(layout.support(system, "core.identifiers", "prefixed"))
    return f"{prefixed}({text(identity.prefix)}, {made})"
