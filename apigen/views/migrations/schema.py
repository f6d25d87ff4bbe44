"""The tables of a system as plain data, for the lock and for migrations.

Made from the same tables as the row classes. Conditions are printed with ids for column names.
"""

import re
from collections.abc import Mapping

from apigen.ir.expr import TypedExpr
from apigen.ir.field import IndexMethod
from apigen.ir.schema import (
    CheckShape,
    ColumnShape,
    ColumnType,
    Condition,
    ExclusionShape,
    ForeignKeyShape,
    IndexShape,
    KeyShape,
    Schema,
    TableShape,
)
from apigen.ir.system import EnumType, System
from apigen.ir.types import EnumRef, ListOf, SetOf, TypeRef
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.views.migrations.conditions import columns_read, over_columns, token
from apigen.views.migrations.fills import beside, fill, joined
from apigen.views.tables.parts import Check, Column, Table
from apigen.views.tables.service_tables import service_tables
from apigen.views.tables.source import check_expression, check_sql, rule_expression
from apigen.views.tables.storage import base_type, sealed_type, shortened, stored_type
from apigen.views.tables.tables import tables

_METHODS = {
    IndexMethod.BTREE: "",
    IndexMethod.HASH: "hash",
    IndexMethod.GIN: "gin",
    IndexMethod.TRGM: "gin",
}
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


def schema(system: System) -> Schema:
    """Return all tables, a referenced one before those that refer to it, as far as possible."""
    made = tables(system)
    by_name = {table.qualified: table for table in made}
    shapes = tuple(_table(table, by_name, system) for table in made)
    return Schema(tables=(*shapes, *service_tables(system, shapes)))


def _table(table: Table, by_name: Mapping[str, Table], system: System) -> TableShape:
    key = tuple(column.id for column in table.columns if column.primary_key)
    return TableShape(
        id=_id(table, system),
        name=table.name,
        schema=table.schema,
        symbol=table.owner if table.many is None else table.many.qname,
        columns=tuple(_column(column, table, system) for column in table.columns),
        key=KeyShape(name=shortened(f"pk_{table.name}"), columns=key),
        foreign_keys=tuple(
            _foreign_key(column, by_name, system)
            for column in table.columns
            if column.foreign_key is not None
        ),
        checks=tuple(_check(check, table, system) for check in table.checks),
        indexes=_indexes(table, system),
        exclusions=_exclusions(table, system),
    )


def _id(table: Table, system: System) -> str:
    return layout.owner(system, table.owner).id if table.many is None else table.many.id


def _column(column: Column, table: Table, system: System) -> ColumnShape:
    field = column.path[0] if column.path else column.digest or table.many
    return ColumnShape(
        id=column.id,
        name=column.name,
        symbol=field.qname if field is not None else table.owner,
        type=column_type(column, system),
        nullable=column.nullable,
        drawn=column.drawn,
        fill=fill(column, table, system),
        beside=beside(column, table),
        joined=joined(column, table, system),
        members=_names(column.type, system),
        derived=field is not None and field.computed is not None,
        sealed=column.cipher.id if column.cipher is not None else "",
        digests=column.digest.id if column.digest is not None else "",
    )


def column_type(column: Column, system: System) -> ColumnType:
    """Return the stored type of a column; of JSON, without what its column says."""
    if column.cipher is not None:
        return sealed_type(column.type, system)
    found = stored_type(column.type, system, nullable=column.nullable, generated=column.drawn)
    return ColumnType(name="Json") if found.name == "Json" else found


def _names(type_: TypeRef, system: System) -> tuple[tuple[str, str], ...]:
    if not isinstance(type_, ListOf | SetOf) or not isinstance(type_.item, EnumRef):
        return ()
    enum = system.types[type_.item.target]
    assert isinstance(enum, EnumType)
    return tuple((member.id or member.name, member.name) for member in enum.members)


def _foreign_key(column: Column, by_name: Mapping[str, Table], system: System) -> ForeignKeyShape:
    key = column.foreign_key
    assert key is not None
    target = by_name[key.target_table]
    return ForeignKeyShape(
        id=f"fk:{column.id}",
        name=key.name,
        column=column.id,
        target=_id(target, system),
        target_column=next(one.id for one in target.columns if one.name == key.target_column),
        on_delete=key.on_delete,
        deferred=key.deferred,
    )


def _check(check: Check, table: Table, system: System) -> CheckShape:
    condition = Condition()
    values: tuple[tuple[str, str], ...] = ()
    sql = check_sql(check)
    if check.values:
        column = next(one for one in table.columns if one.name == check.column)
        values = _members(column.type, system)
        columns = {column.id}
    elif sql is not None:
        ids = {column.name: column.id for column in table.columns}
        columns = {ids[name.replace('""', '"')] for name in _QUOTED.findall(sql)}
        escaped = sql.replace("{", "{{").replace("}", "}}")
        condition = Condition(
            sql=_QUOTED.sub(lambda name: f'"{{{ids[name[1].replace('""', '"')]}}}"', escaped)
        )
    else:
        imports = ImportSet("")
        source = check_expression(check, table, system, imports, token)
        condition = over_columns(source, imports, table, system)
        columns = columns_read(source, table)
    return CheckShape(
        id=check.id,
        name=check.name,
        columns=tuple(column.id for column in table.columns if column.id in columns),
        condition=condition,
        values=values,
    )


def _members(type_: TypeRef, system: System) -> tuple[tuple[str, str], ...]:
    ref = base_type(type_, system)
    assert isinstance(ref, EnumRef)
    enum = system.types[ref.target]
    assert isinstance(enum, EnumType)
    return tuple((member.id or member.name, member.value) for member in enum.members)


def _indexes(table: Table, system: System) -> tuple[IndexShape, ...]:
    ids = {column.name: column.id for column in table.columns}
    made: list[IndexShape] = []
    seen: dict[str, int] = {}
    for index in table.indexes:
        columns = tuple(ids[name] for name in index.columns)
        key = f"{'uq' if index.unique else 'ix'}:{','.join(columns)}"
        if index.locales:
            key += f"@{index.locales[0]}"
        seen[key] = seen.get(key, 0) + 1
        made.append(
            IndexShape(
                id=key if seen[key] == 1 else f"{key}:{seen[key]}",
                name=index.name,
                columns=columns,
                descending=tuple(ids[name] for name in index.descending),
                include=tuple(ids[name] for name in index.include),
                unique=index.unique,
                live_only=index.live_only,
                where=_where(index.where, table, system),
                method=_METHODS[index.method],
                trigrams=tuple(ids[name] for name in index.trigrams),
                localized=tuple(ids[name] for name in index.localized),
                locales=index.locales,
            )
        )
    return tuple(made)


def _exclusions(table: Table, system: System) -> tuple[ExclusionShape, ...]:
    ids = {column.name: column.id for column in table.columns}
    made: list[ExclusionShape] = []
    seen: dict[str, int] = {}
    for one in table.exclusions:
        columns = (*one.equal, one.begin, one.end)
        key = f"ex:{','.join(ids[name] for name in columns)}"
        seen[key] = seen.get(key, 0) + 1
        made.append(
            ExclusionShape(
                id=key if seen[key] == 1 else f"{key}:{seen[key]}",
                name=one.name,
                equal=tuple(ids[name] for name in one.equal),
                begin=ids[one.begin],
                end=ids[one.end],
                range=one.range,
                live_only=one.live_only,
                where=_where(one.where, table, system),
            )
        )
    return tuple(made)


def _where(rule: TypedExpr | None, table: Table, system: System) -> Condition | None:
    if rule is None:
        return None
    imports = ImportSet("")
    source = rule_expression(rule, table, system, imports, token)
    return over_columns(source, imports, table, system)
