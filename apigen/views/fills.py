"""What rows that are there already get in a new column, as source of an expression.

The spec's `backfill` first, then the field's default, then what apigen itself puts into the
fields it adds. None: the spec does not say.
"""

from collections.abc import Mapping, Sequence

from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field, Origin
from apigen.ir.schema import Condition
from apigen.ir.system import EnumType, System
from apigen.ir.types import (
    ActorDefault,
    Default,
    DynamicDefault,
    EnumRef,
    LiteralDefault,
    Scalar,
    ScalarKind,
)
from apigen.python.imports import ImportSet
from apigen.python.literals import literal
from apigen.views.conditions import over_columns, token
from apigen.views.storage import base_type, migration_type
from apigen.views.stored_values import stored_value
from apigen.views.table_source import rule_expression
from apigen.views.tables import Column, Table

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
    field = column.path[0]
    if field.computed is not None:
        return stored_value(column, table, system)
    given = field.backfill
    if isinstance(given, TypedExpr):
        imports = ImportSet("")
        source = rule_expression(given, table, system, imports, token)
        return over_columns(source, imports, table, system)
    for default in (given, field.default):
        if default is not None:
            return _default(default, column, table, system)
    if field.origin is Origin.SYNTH and field.attribute in _ADDED:
        value = _ADDED[field.attribute]
        if isinstance(value, DynamicDefault):
            return _DYNAMIC[value]
        return _constant(value, column, table, system)
    if len(column.path) == 1:
        return None
    inner = column.path[-1].default
    found = _default(inner, column, table, system) if inner is not None else None
    return _where_present(found, column, table) if found is not None and field.nullable else found


def _where_present(found: Condition, column: Column, table: Table) -> Condition | None:
    """Return a value for the rows that have the value object: its columns are null together."""
    if any(inner.nullable for inner in column.path[1:]):
        return None
    others = [
        f'sa.column("{{{one.id}}}").is_not(None)'
        for one in table.columns
        if len(one.path) > 1
        and one.path[0] is column.path[0]
        and one.id != column.id
        and not any(inner.nullable for inner in one.path[1:])
    ]
    if not others:
        return None
    is_there = others[0] if len(others) == 1 else f"sa.or_({', '.join(others)})"
    return Condition(
        expression=f"sa.case(({is_there}, {found.expression}))",
        imports=tuple(dict.fromkeys(("sqlalchemy as sa", *found.imports))),
    )


def _default(default: Default, column: Column, table: Table, system: System) -> Condition | None:
    if isinstance(default, DynamicDefault):
        return _DYNAMIC[default]
    if isinstance(default, ActorDefault):
        return None
    value: object = default.value
    for field in _inside(default, column):
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


def _inside(default: LiteralDefault, column: Column) -> Sequence[Field]:
    """Return the fields to go down, none when the default is the innermost field's own."""
    return () if default is column.path[-1].default else column.path[1:]


def _constant(value: object, column: Column, table: Table, system: System) -> Condition:
    type_ = base_type(column.type, system)
    if isinstance(type_, EnumRef):
        enum = system.types[type_.target]
        assert isinstance(enum, EnumType)
        value = next((one.value for one in enum.members if one.name == value), value)
    imports = ImportSet("")
    sa = imports.module("sqlalchemy", "sa")
    kind = migration_type(column.type, nullable=column.nullable, system=system, imports=imports)
    source = f"{sa}.literal({literal(value, imports)}, {kind})"
    return over_columns(source, imports, table, system)
