"""What personal data is overwritten with, as source: null, or a value that tells nothing.

A unique text has the identifier of its aggregate in it, so that two erased ones do not clash.
"""

from collections.abc import Mapping

from apigen.ir.field import Field
from apigen.ir.system import Entity, EnumType, ObjectType, System
from apigen.ir.types import (
    EnumRef,
    ListOf,
    LocalizedText,
    MapOf,
    ObjectRef,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    plain_type,
)
from apigen.python import layout
from apigen.python.annotations import FORMAT_TYPES, scalar_type
from apigen.python.defaults import value_source
from apigen.python.identifiers import member_names, spell
from apigen.python.imports import ImportSet
from apigen.python.literals import literal
from apigen.python.scalar_samples import accepts, scalar_value

_WORD = "erased"
_SHAPES: Mapping[ScalarKind, tuple[str, str]] = {
    ScalarKind.STR: ("", ""),
    ScalarKind.TEXT: ("", ""),
    ScalarKind.SLUG: ("", ""),
    ScalarKind.EMAIL: ("", "@erased.invalid"),
    ScalarKind.URL: ("https://erased.invalid/", ""),
}
"""What stands before and after the word in a unique text."""


def erased(field: Field, entity: Entity, *, owner: str, system: System, imports: ImportSet) -> str:
    """Return what a field of `owner` is overwritten with."""
    if field.nullable:
        return "None"
    is_unique = any(field.attribute in unique.attributes for unique in entity.unique)
    type_ = plain_type(field.type)
    if is_unique and isinstance(type_, Scalar) and type_.kind in _SHAPES:
        before, after = _SHAPES[type_.kind]
        made = f'f"{before}{_WORD}-{{{owner}.id}}{after}"'
        if isinstance(field.type, LocalizedText):
            return _localized(field.type, made, system, imports)
        return _typed(type_, made, system, imports)
    return _value(field.type, f"{owner}.{spell(field.attribute)}", system, imports)


def _value(type_: TypeRef, present: str, system: System, imports: ImportSet) -> str:
    match type_:
        case Scalar():
            return _typed(type_, literal(_sample(type_), imports), system, imports)
        case LocalizedText(item=item):
            return _localized(type_, literal(_sample(item), imports), system, imports)
        case ObjectRef(target=target):
            declared = system.types[target]
            assert isinstance(declared, ObjectType)
            replace = imports.add("dataclasses", "replace")
            parts = ", ".join(
                f"{spell(part.attribute)}="
                + (
                    "None"
                    if part.nullable
                    else _value(part.type, f"{present}.{spell(part.attribute)}", system, imports)
                )
                for part in _personal(declared)
            )
            return f"{replace}({present}, {parts})"
        case EnumRef(target=target):
            enum = system.types[target]
            assert isinstance(enum, EnumType)
            name = imports.use(layout.value_type(system, target))
            return f"{name}.{member_names(enum)[enum.members[0].name]}"
        case ListOf() | SetOf() | MapOf():
            empty: object = {} if isinstance(type_, MapOf) else []
            return value_source(type_, empty, system=system, imports=imports)
        case _:
            # A reference says nothing by itself, and has to lead somewhere.
            return present


def _localized(type_: LocalizedText, source: str, system: System, imports: ImportSet) -> str:
    """Return a text in the default locale, in place of those of all locales."""
    name = imports.use(layout.support(system, "domain.localized", "Localized"))
    return f"{name}({{{literal(type_.default, imports)}: {source}}})"


def _personal(declared: ObjectType) -> list[Field]:
    """Return the parts that are personal, all of them when none is marked."""
    stored = [part for part in declared.fields if part.computed is None]
    return [part for part in stored if part.pii is not None] or stored


def _sample(scalar: Scalar) -> object:
    if scalar.kind in _SHAPES and accepts(scalar, _WORD):
        return _WORD
    return scalar_value(scalar, 0, word=_WORD)


def _typed(scalar: Scalar, source: str, system: System, imports: ImportSet) -> str:
    if scalar.named is None and scalar.kind not in FORMAT_TYPES:
        return source
    return f"{scalar_type(scalar, system=system, imports=imports)}({source})"
