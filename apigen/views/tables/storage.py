"""How values of the IR are stored: the columns of a field, and the source of their types.

Knows types and names of columns. Tables, keys and constraints are `apigen.views.tables.tables`.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import assert_never

from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.schema import ColumnType
from apigen.ir.system import EnumType, ObjectStore, ObjectType, System
from apigen.ir.types import (
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
from apigen.python import layout
from apigen.python.annotations import domain_annotation, id_base, optional
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, text
from apigen.values import dataclass

_PLAIN = {
    ScalarKind.TEXT: "Text",
    ScalarKind.INT: "Integer",
    ScalarKind.BIGINT: "BigInteger",
    ScalarKind.FLOAT: "Double",
    ScalarKind.BOOL: "Boolean",
    ScalarKind.DATE: "Date",
    ScalarKind.TIME: "Time",
    ScalarKind.UUID: "Uuid",
    ScalarKind.BYTES: "LargeBinary",
}
_OWN = {
    ScalarKind.DATETIME: "UtcDateTime",
    ScalarKind.DURATION: "Microseconds",
    ScalarKind.ULID: "UlidString",
}
_OWN_CLASSES = frozenset({*_OWN.values(), "ScaledDecimal", "Json", "BIG_KEY"})
_MODULE = "infrastructure.column_types"
CIPHERTEXT = "Ciphertext"
"""Name of the stored type of encrypted fields; its arguments are the type of the plaintext."""
_LOCALIZED = "LocalizedTexts"
_IDENTIFIER_BYTES = 63
"""PostgreSQL cuts longer identifiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One column of a field."""

    path: tuple[Field, ...]
    """The field, and for value objects in columns the fields inside, down to the column."""
    column: str
    type: TypeRef
    nullable: bool

    @property
    def id(self) -> str:
        """Stable id: those of the fields on the path, joined."""
        return ".".join(field.id for field in self.path)

    @property
    def attribute(self) -> str:
        """The attribute of the row."""
        return spell("_".join(field.attribute for field in self.path))

    @property
    def cipher(self) -> Field | None:
        """The field, when what is stored are ciphertexts of it."""
        return self.path[0] if self.path[0].encrypted is not None else None

    @property
    def wire(self) -> tuple[str, ...]:
        """What clients call it."""
        return tuple(field.wire for field in self.path)


def has_columns(field: Field) -> bool:
    """Tell whether a field is kept: computed ones are when the spec says `stored`."""
    return (field.computed is None or field.stored) and not isinstance(field.type, ManyOf)


def stored_columns(field: Field, system: System) -> tuple[Stored, ...]:
    """Return the columns of a field; none of a `many` or of what is worked out on reading."""
    if not has_columns(field):
        return ()
    return tuple(_columns((field,), field.column, field.nullable, system))


def _columns(
    path: tuple[Field, ...], column: str, nullable: bool, system: System
) -> Iterator[Stored]:
    type_ = path[-1].type
    object_ = in_columns(type_, system)
    if object_ is None:
        yield Stored(path=path, column=shortened(column), type=type_, nullable=nullable)
        return
    for inner in object_.fields:
        if inner.computed is None:
            yield from _columns(
                (*path, inner), f"{column}_{inner.column}", nullable or inner.nullable, system
            )


def in_columns(type_: TypeRef, system: System) -> ObjectType | None:
    """Return the value object of a type that is stored in columns; None for any other type."""
    if not isinstance(type_, ObjectRef):
        return None
    declared = system.types[type_.target]
    if isinstance(declared, ObjectType) and declared.store is ObjectStore.COLUMNS:
        return declared
    return None


def shortened(name: str) -> str:
    """Return an identifier that both databases take as it is; a long one ends in a hash."""
    if len(name.encode()) <= _IDENTIFIER_BYTES:
        return name
    return f"{name[: _IDENTIFIER_BYTES - 9]}_{sha256(name.encode()).hexdigest()[:8]}"


def base_type(type_: TypeRef, system: System) -> TypeRef:
    """Return what an identifier is stored as; other types stay as they are."""
    if isinstance(type_, IdOf | RefTo):
        return id_base(system, type_.target) or type_
    return type_


def column_type(
    type_: TypeRef, *, nullable: bool, system: System, imports: ImportSet, generated: bool = False
) -> str:
    """Return source of the column type in a row class; `generated` for keys the database draws."""
    if generated and base_type(type_, system) == Scalar(kind=ScalarKind.BIGINT):
        return imports.use(layout.support(system, _MODULE, "BIG_KEY"))
    match base_type(type_, system):
        case Scalar() as scalar:
            return _scalar(scalar, nullable=nullable, system=system, imports=imports)
        case EnumRef(target=target):
            return _enum(target, system, imports)
        case ObjectRef() | UnionRef() | ListOf() | SetOf() | MapOf() | IdOf() | RefTo():
            kind = domain_annotation(type_, system=system, imports=imports)
            return f"{imports.use(layout.support(system, _MODULE, 'JsonOf'))}({kind})"
        case LocalizedText() as texts:
            stored = stored_type(texts, system, nullable=nullable)
            return type_source(stored, imports, package=system.app.package)
        case ManyOf():
            raise ValueError("a many has a table, not a column")
        case unreachable:
            assert_never(unreachable)


def stored_type(
    type_: TypeRef, system: System, *, nullable: bool, generated: bool = False
) -> ColumnType:
    """Return the column type of a migration, which must not import the domain."""
    if generated and base_type(type_, system) == Scalar(kind=ScalarKind.BIGINT):
        return ColumnType(name="BIG_KEY")
    match base_type(type_, system):
        case EnumRef(target=target):
            longest = max(len(member.value) for member in _enum_type(target, system).members)
            return ColumnType(name="String", arguments=(str(longest),))
        case Scalar(kind=kind, constraints=bounds):
            if kind in _PLAIN:
                return ColumnType(name=_PLAIN[kind])
            if kind in _OWN:
                return ColumnType(name=_OWN[kind])
            if kind is ScalarKind.DECIMAL:
                digits = (str(bounds.precision), str(bounds.scale))
                return ColumnType(name="ScaledDecimal", arguments=digits)
            if kind is not ScalarKind.JSON:
                return ColumnType(name="String", arguments=(str(bounds.max),))
        case LocalizedText(default=default):
            return ColumnType(name=_LOCALIZED, arguments=(text(default),))
        case _:
            pass
    return ColumnType(name="Json", arguments=(f"nullable={nullable}",))


def sealed_type(type_: TypeRef, system: System) -> ColumnType:
    """Return the type of a column of ciphertexts, which says what was encrypted."""
    plain = stored_type(type_, system, nullable=True)
    # Whether JSON may be missing, the column says.
    digits = () if plain.name == "Json" else plain.arguments
    return ColumnType(name=CIPHERTEXT, arguments=(plain.name, *digits))


def type_source(type_: ColumnType, imports: ImportSet, *, package: str) -> str:
    """Return source of a stored type."""
    if type_.name == CIPHERTEXT:
        return f"{imports.module('sqlalchemy', 'sa')}.LargeBinary()"
    if type_.name in _OWN_CLASSES:
        name = imports.add(f"{package}.support.{_MODULE}", type_.name)
    elif type_.name == _LOCALIZED:
        name = imports.add(f"{package}.support.infrastructure.localized_columns", type_.name)
    else:
        name = f"{imports.module('sqlalchemy', 'sa')}.{type_.name}"
    return name if type_.name == "BIG_KEY" else f"{name}({', '.join(type_.arguments)})"


def migration_type(
    type_: TypeRef, *, nullable: bool, system: System, imports: ImportSet, generated: bool = False
) -> str:
    """Return source of the column type in a migration, which must not import the domain."""
    kind = stored_type(type_, system, nullable=nullable, generated=generated)
    return type_source(kind, imports, package=system.app.package)


def _scalar(scalar: Scalar, *, nullable: bool, system: System, imports: ImportSet) -> str:
    kind = stored_type(scalar, system, nullable=nullable)
    return type_source(kind, imports, package=system.app.package)


def _enum_type(target: str, system: System) -> EnumType:
    declared = system.types[target]
    assert isinstance(declared, EnumType)
    return declared


def _enum(target: str, system: System, imports: ImportSet) -> str:
    enum = _enum_type(target, system)
    name = imports.use(layout.support(system, _MODULE, "EnumText"))
    kind = imports.use(layout.value_type(system, target))
    renamed = {member.name: member.value for member in enum.members if member.value != member.name}
    return f"{name}({kind}, {literal(renamed, imports)})" if renamed else f"{name}({kind})"


def row_annotation(type_: TypeRef, *, nullable: bool, system: System, imports: ImportSet) -> str:
    """Return the annotation of a row's attribute: the type that the domain has."""
    return optional(domain_annotation(type_, system=system, imports=imports), nullable)


def stored_values(target: str, system: System) -> list[str]:
    """Return the stored texts of an enum."""
    return [member.value for member in _enum_type(target, system).members]


def row_class(qname: str, system: System) -> str:
    """Return the name of the row class of an entity or child."""
    if qname in system.entities:
        return f"{system.entities[qname].name.pascal}Row"
    return f"{system.children[qname].class_name.pascal}Row"


def join_class(owner: str, field: Field, system: System) -> str:
    """Return the name of the row class of a join table: `OrderTagsRow`."""
    return row_class(owner, system).removesuffix("Row") + Name.of(field.name.text).pascal + "Row"
