"""What checks an aggregate beside itself before it is stored: rules that are written by hand."""

from apigen.ir.system import Entity, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import tuple_of


def validators_source(system: System, entity: Entity, imports: ImportSet) -> str:
    """Return source of the hand-written rules of an aggregate; empty without any."""
    found: list[str] = []
    for rule in entity.custom_invariants:
        symbol = layout.custom_rule(system, entity, rule)
        package, _, module = symbol.module.rpartition(".")
        found.append(f"{imports.add(package, module)}.{symbol.name}")
    return tuple_of(found) if found else ""
