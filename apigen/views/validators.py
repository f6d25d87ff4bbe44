"""What checks an aggregate beside itself before it is stored: rules that are written by hand."""

from apigen.ir.system import Entity, System
from apigen.python import layout
from apigen.python.imports import ImportSet


def validators_source(system: System, entity: Entity, imports: ImportSet) -> str:
    """Return source of the hand-written rules of an aggregate; empty without any."""
    found: list[str] = []
    for rule in entity.custom_invariants:
        symbol = layout.custom_rule(system, entity, rule)
        package, _, module = symbol.module.rpartition(".")
        found.append(f"{imports.add(package, module)}.{symbol.name}")
    return f"({', '.join(found)},)" if found else ""
