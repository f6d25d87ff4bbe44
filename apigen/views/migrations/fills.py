"""What rows that are there already get in a new column, as source of an expression.

The spec's `backfill` first, then the field's default, then what apigen itself puts into the
fields it adds. None: the spec does not say.
"""

from collections.abc import Mapping, Sequence

from apigen.ir.expr import TypedExpr
from apigen.ir.field import Origin
from apigen.ir.schema import Condition
from apigen.ir.system import EnumType, System
from apigen.ir.types import (
    ActorDefault,
    Default,
    DynamicDefault,
    EnumRef,
    LiteralDefault,
    LocalizedText,
    Scalar,
    ScalarKind,
)
from apigen.python.imports import ImportSet
from apigen.python.literals import literal
from apigen.views.migrations.conditions import over_columns, token
from apigen.views.migrations.stored_values import stored_value
from apigen.views.tables.parts import Column, Table
from apigen.views.tables.source import rule_expression
from apigen.views.tables.storage import base_type, migration_type

_SQL = "support.infrastructure.sql_expressions"
_PRESENT = Condition(expression="present()", imports=(f"{_SQL}:present",))
_DYNAMIC = {
    DynamicDefault.NOW: _PRESENT,
    DynamicDefault.TODAY: Condition(
        expression="day_of(present())", imports=(f"{_SQL}:day_of", f"{_SQL}:present")
    ),
    DynamicDefault.UUID: Condition(expression="random_uuid()", imports=(f"{_SQL}:random_uuid",)),
}
_ADDED: Mapping[str, DynamicDefault | int | bool] = {
    "created_at": DynamicDefault.NOW,
    "updated_at": DynamicDefault.NOW,
    "version": 1,
    "is_deleted": False,
}


def fill(column: Column, table: Table, system: System) -> Condition | None:
    """Return the value for rows that are there before the column is."""
    if not column.path:
        # A position: the order of rows that had none is as good as any other.
        is_position = base_type(column.type, system) == Scalar(kind=ScalarKind.INT)
        return (
            _constant(0, column, table, system) if is_position and not column.foreign_key else None
        )
    optional = optional_object(column)
    if optional is not None:
        return _said(column, range(optional + 1), table, system)
    found = _said(column, range(len(column.path)), table, system)
    field = column.path[0]
    if found is None and field.computed is not None:
        return stored_value(column, table, system)
    if found is None and field.origin is Origin.SYNTH and field.attribute in _ADDED:
        value = _ADDED[field.attribute]
        if isinstance(value, DynamicDefault):
            return _DYNAMIC[value]
        return _constant(value, column, table, system)
    return found


def beside(column: Column, table: Table) -> tuple[str, ...] | None:
    """Return the ids that `ColumnShape.beside` tells of."""
    optional = optional_object(column)
    if optional is None:
        return None
    depth = optional + 1
    if any(inner.nullable for inner in column.path[depth:]):
        return ()
    return tuple(
        one.id
        for one in table.columns
        if one.id != column.id and one.path[:depth] == column.path[:depth]
    )


def joined(column: Column, table: Table, system: System) -> Condition | None:
    """Return the value for rows that have the optional value object before the column is."""
    optional = optional_object(column)
    if optional is None:
        return None
    own = _said(column, range(optional + 1, len(column.path)), table, system)
    return own if own is not None else fill(column, table, system)


def optional_object(column: Column) -> int | None:
    """Return the place on a column's path of the innermost value object that may be absent."""
    return next(
        (at for at in reversed(range(len(column.path) - 1)) if column.path[at].nullable), None
    )


def _said(column: Column, places: Sequence[int], table: Table, system: System) -> Condition | None:
    """Return what the fields at some places of a column's path say: backfills, then defaults."""
    fields = [(at, column.path[at]) for at in places]
    for at, default in (
        *((at, field.backfill) for at, field in fields),
        *((at, field.default) for at, field in fields),
    ):
        found = _value(default, column, at, table, system) if default is not None else None
        if found is not None:
            return found
    return None


def _value(
    given: Default | TypedExpr, column: Column, at: int, table: Table, system: System
) -> Condition | None:
    """Return what the field at a place of a column's path says of the column."""
    if isinstance(given, TypedExpr):
        imports = ImportSet("")
        inside = tuple(field.attribute for field in column.path[:at])
        source = rule_expression(given, table, system, imports, token, inside)
        if isinstance(column.type, LocalizedText):
            module = "support.infrastructure.localized_columns"
            made = imports.add(f"{system.app.package}.{module}", "texts_of")
            source = f"{made}({literal(column.type.default, imports)}, {source})"
        return over_columns(source, imports, table, system)
    if isinstance(given, DynamicDefault):
        return _DYNAMIC[given]
    if isinstance(given, ActorDefault):
        return None
    value: object = given.value
    for field in column.path[at + 1 :]:
        if not isinstance(value, Mapping):
            return None
        names = (field.name.text, field.attribute, field.wire)
        value = next((value[name] for name in names if name in value), None)
        if value is None:
            inner = field.default
            if not isinstance(inner, LiteralDefault):
                return None
            value = inner.value
    return _constant(value, column, table, system)


def _constant(value: object, column: Column, table: Table, system: System) -> Condition:
    type_ = base_type(column.type, system)
    if isinstance(type_, EnumRef):
        enum = system.types[type_.target]
        assert isinstance(enum, EnumType)
        value = next((one.value for one in enum.members if one.name == value), value)
    if isinstance(type_, LocalizedText) and not isinstance(value, dict):
        value = {type_.default: value}
    imports = ImportSet("")
    sa = imports.module("sqlalchemy", "sa")
    kind = migration_type(column.type, nullable=column.nullable, system=system, imports=imports)
    source = f"{sa}.literal({literal(value, imports)}, {kind})"
    return over_columns(source, imports, table, system)
