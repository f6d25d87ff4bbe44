"""Printed expressions as conditions of a schema: ids of columns instead of their names."""

from apigen.expr.printed import SUPPORT
from apigen.ir.schema import Condition
from apigen.ir.system import System
from apigen.python.imports import ImportSet
from apigen.views.tables.parts import Column, Table


def token(column: Column) -> str:
    """Return what to call a column while an expression is printed for `over_columns`."""
    return f"@@{column.id}@@"


def over_columns(source: str, imports: ImportSet, table: Table, system: System) -> Condition:
    """Return source in which columns are tokens as a condition of the table."""
    text = source.replace("{", "{{").replace("}", "}}")
    for column in table.columns:
        text = text.replace(token(column), f"{{{column.id}}}")
    own = f"{system.app.package}.{SUPPORT}."
    wanted = tuple(
        entry.replace(own, f"{SUPPORT}.", 1) if entry.startswith(own) else entry
        for entry in imports.entries()
    )
    return Condition(expression=text, imports=wanted)


def columns_read(source: str, table: Table) -> set[str]:
    """Return the ids of the columns whose tokens are in the source."""
    return {column.id for column in table.columns if token(column) in source}
