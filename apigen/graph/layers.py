"""Tell the layers of the project made from a system, and what each holds of every context.

The layers themselves are the same in every project; their contents are not.
"""

from collections.abc import Iterator

from apigen.ir.system import Child, Context, Entity, System
from apigen.values import dataclass

_LONGEST_CELL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one layer holds of one context; `lines` is cut when long."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One floor: it may import from those below it only."""

    name: str
    duty: str
    cells: tuple[Cell, ...]
    support: str
    """The vendored package of the same floor, empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layering:
    """All floors, the highest first."""

    title: str
    package: str
    layers: tuple[Layer, ...]


def layering(system: System) -> Layering:
    """Return the layers of the project; contexts keep the order of the spec."""
    contexts = [context for context in system.contexts if context.has_work]
    modules = ("commands, queries, dtos", "mappers, handlers")
    return Layering(
        title=system.app.title or system.app.name,
        package=system.app.package,
        layers=(
            Layer(
                name="main",
                duty="main.py, bootstrap.py and wiring.py put the application together",
                cells=(),
                support="",
            ),
            Layer(
                name="interface",
                duty="answers HTTP requests",
                cells=_cells((context, _paths(context, system)) for context in contexts),
                support="support/interface",
            ),
            Layer(
                name="infrastructure",
                duty="keeps rows in tables",
                cells=_cells((context, _tables(context)) for context in contexts),
                support="support/infrastructure",
            ),
            Layer(
                name="application",
                duty="carries out commands and answers queries",
                cells=_cells((context, modules) for context in contexts),
                support="support/application",
            ),
            Layer(
                name="domain",
                duty="holds the rules; knows no framework",
                cells=_cells((context, _aggregates(context)) for context in contexts),
                support="support/domain",
            ),
            Layer(
                name="core",
                duty="settings, errors and ports",
                cells=(),
                support="support/core",
            ),
        ),
    )


def _cells(contents: Iterator[tuple[Context, tuple[str, ...]]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(title=context.name.text, lines=_cut(lines)) for context, lines in contents if lines
    )


def _cut(lines: tuple[str, ...]) -> tuple[str, ...]:
    if len(lines) <= _LONGEST_CELL:
        return lines
    kept = lines[: _LONGEST_CELL - 1]
    return (*kept, f"… and {len(lines) - len(kept)} more")


def _paths(context: Context, system: System) -> tuple[str, ...]:
    prefix = system.api.root
    return tuple(
        f"{prefix}{entity.resource.path}" for entity in context.entities if entity.resource
    )


def _tables(context: Context) -> tuple[str, ...]:
    return tuple(table for entity in context.entities for table in _tables_of(entity))


def _tables_of(owner: Entity | Child) -> Iterator[str]:
    yield owner.table
    for field in owner.fields:
        if field.join is not None:
            yield field.join.table
    for child in owner.children:
        yield from _tables_of(child)


def _aggregates(context: Context) -> tuple[str, ...]:
    return tuple(
        " ▸ ".join(part for part in (entity.name.pascal, _owned(entity)) if part)
        for entity in context.entities
    )


def _owned(entity: Entity) -> str:
    return ", ".join(child.class_name.pascal for child in entity.children)
