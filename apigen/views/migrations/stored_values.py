"""What a stored computed field gets in rows that are there before its column is, as an expression.

The rule is worked out by the database, over the row and over the tables of its children; a rule
that only Python can work out has no such value, and the change of the schema is refused (AG805).
"""

from apigen.expr.sql_printer import SqlNames, print_sql, print_sql_columns
from apigen.ir.expr import SqlSupport, TypedExpr
from apigen.ir.schema import Condition
from apigen.ir.system import System
from apigen.ir.types import ObjectRef, TypeRef
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.migrations.conditions import over_columns, token
from apigen.views.tables.columns import key_column, stored_fields
from apigen.views.tables.parts import Column, Table
from apigen.views.tables.source import object_scopes, spelling
from apigen.views.tables.storage import migration_type


def stored_value(column: Column, table: Table, system: System) -> Condition | None:
    """Return the value of a column of a stored computed field."""
    rule = column.path[0].computed
    if rule is None or rule.sql is SqlSupport.NONE or rule.uses_clock:
        return None
    imports = ImportSet("")
    names = _Names(table, system, imports).sql_names()
    printing = spelling(system, imports)
    if isinstance(rule.type, ObjectRef):
        printed = print_sql_columns(rule, owner=table.owner, names=names, spelling=printing)
        wanted = tuple(field.attribute for field in column.path[1:])
        source = next((one.text for path, one in printed.columns if path == wanted), None)
        if source is None:
            return None
    else:
        source = print_sql(rule, owner=table.owner, names=names, spelling=printing).text
    return over_columns(_as_stored(source, rule, column, system, imports), imports, table, system)


def _as_stored(
    source: str, rule: TypedExpr, column: Column, system: System, imports: ImportSet
) -> str:
    """Return the value as its column holds it: a decimal at the column's own scale."""
    sa = imports.module("sqlalchemy", "sa")
    kind = migration_type(column.type, nullable=column.nullable, system=system, imports=imports)
    return f"{sa}.type_coerce({source}, {kind})"


class _Names:
    """Where a rule finds what it reads while a migration fills a column."""

    def __init__(self, table: Table, system: System, imports: ImportSet) -> None:
        self._table = table
        self._system = system
        self._imports = imports
        by_name = {column.name: column for column in table.columns}
        self._own = {
            tuple(field.attribute for field in stored.path): by_name[stored.column]
            for stored in stored_fields(layout.owner(system, table.owner), system)
        }

    def sql_names(self) -> SqlNames:
        return SqlNames(
            column=self._column,
            table=self._child,
            joined=self._joined,
            objects=object_scopes(self._system),
        )

    def _column(self, owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
        if row is None:
            return self._own_column(self._own[path], type_)
        known = {
            tuple(field.attribute for field in stored.path): stored.column
            for stored in stored_fields(layout.owner(self._system, owner), self._system)
        }
        return f"{row}.c[{text(known[path])}]"

    def _own_column(self, column: Column, type_: TypeRef) -> str:
        # With its table: a child's table may have a column of the same name.
        sa = self._imports.module("sqlalchemy", "sa")
        kind = migration_type(type_, nullable=True, system=self._system, imports=self._imports)
        name = f'"{self._table.name}"."{token(column)}"'
        return f"{sa}.literal_column({text(name)}, {kind})"

    def _child(self, qname: str) -> str:
        sa = self._imports.module("sqlalchemy", "sa")
        child = self._system.children[qname]
        columns = [f"{sa}.column({text(child.parent_column)})"]
        for stored in stored_fields(child, self._system):
            kind = migration_type(
                stored.type, nullable=True, system=self._system, imports=self._imports
            )
            columns.append(f"{sa}.column({text(stored.column)}, {kind})")
        schema = f", schema={text(self._table.schema)}" if self._table.schema else ""
        return f"{sa}.table({text(child.table)}, {', '.join(columns)}{schema})"

    def _joined(self, child: str, row: str, parent: str, parent_row: str | None) -> str:
        foreign = self._system.children[child].parent_column
        key = key_column(parent, self._system)
        if parent_row is not None:
            here = f"{parent_row}.c[{text(key)}]"
        else:
            own = next(column for column in self._table.columns if column.name == key)
            here = self._own_column(own, own.type)
        return f"{row}.c[{text(foreign)}] == {here}"
