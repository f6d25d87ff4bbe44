"""Exclusions of an entity as source of what its repository refuses."""

from apigen.expr.sql_printer import SqlNames, print_sql
from apigen.ir.expr import TypedExpr
from apigen.ir.system import Entity, Exclusion, System
from apigen.ir.types import TypeRef
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.table_source import object_scopes, spelling
from apigen.views.tables import stored_fields

_ROW = "row"


def exclusions_source(entity: Entity, system: System, imports: ImportSet) -> str | None:
    """Return the exclusions of an entity over the columns of its table; None without any."""
    if not entity.exclusions:
        return None
    name = imports.use(layout.support(system, "infrastructure.exclusions", "Exclusions"))
    rules = "".join(f"{_exclusion(one, entity, system, imports)}, " for one in entity.exclusions)
    return f"{name}(({rules}))"


def _exclusion(exclusion: Exclusion, entity: Entity, system: System, imports: ImportSet) -> str:
    columns = {
        tuple(field.attribute for field in stored.path): stored.column
        for stored in stored_fields(entity, system)
    }

    def column(attribute: str) -> str:
        return text(columns[tuple(attribute.split("."))])

    begin, end = exclusion.overlap
    equal = "".join(f"{column(name)}, " for name in exclusion.equal)
    arguments = [
        f"name={text(exclusion.name)}",
        f"equal=({equal})",
        f"begin={column(begin)}",
        f"end={column(end)}",
    ]
    if exclusion.where is not None:
        condition = _condition(exclusion.where, entity, columns, system, imports)
        arguments.append(f"where=lambda {_ROW}: {condition}")
    name = imports.use(layout.support(system, "infrastructure.exclusions", "RowExclusion"))
    return f"{name}({', '.join(arguments)})"


def _condition(
    rule: TypedExpr,
    entity: Entity,
    columns: dict[tuple[str, ...], str],
    system: System,
    imports: ImportSet,
) -> str:
    def column(owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
        return f"{row or _ROW}.c[{text(columns[path])}]"

    names = SqlNames(column=column, objects=object_scopes(system))
    printing = spelling(system, imports)
    return print_sql(rule, owner=entity.qname, names=names, spelling=printing).text
