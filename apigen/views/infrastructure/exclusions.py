"""Exclusions of a table as source: of its row class, and of its repository."""

from apigen.ir.system import Entity, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.tables.exclusions import Exclusion
from apigen.views.tables.parts import Table
from apigen.views.tables.source import counted

_MODULE = "infrastructure.exclusions"


def exclusion_source(exclusion: Exclusion, table: Table, system: System, imports: ImportSet) -> str:
    """Return source of the constraint of a row class."""
    called = imports.use(layout.support(system, _MODULE, "no_overlap"))
    equal = ", ".join(map(text, exclusion.equal)) + ("," if len(exclusion.equal) == 1 else "")
    arguments = [
        text(exclusion.rule),
        f"name={text(exclusion.name)}",
        f"equal=({equal})",
        f"overlap=({text(exclusion.begin)}, {text(exclusion.end)})",
        f"kind={text(exclusion.range)}",
    ]
    where = counted(exclusion.where, table, system, imports, live_only=exclusion.live_only)
    if where is not None:
        arguments.append(f"where={where}")
    return f"{called}({', '.join(arguments)})"


def stored_check_source(entity: Entity, system: System, imports: ImportSet) -> str | None:
    """Return what a repository holds rows against; None for an entity without exclusions."""
    if not entity.exclusions:
        return None
    return f"{imports.use(layout.support(system, _MODULE, 'Exclusions'))}()"
