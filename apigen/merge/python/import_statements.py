"""The statements of a run of imports, one by one."""

import ast
import sys
from collections.abc import Sequence

from apigen.merge.python.import_order import SortKey, statement_key
from apigen.merge.python.items import Element
from apigen.merge.python.slot import Slot
from apigen.merge.python.slots import slots
from apigen.merge.python.units import Unit
from apigen.values import dataclass

type Atom = tuple[str, str, str]


@dataclass(slots=True, kw_only=True)
class Statement:
    """One statement or comment of a run."""

    blank: str
    """The blank lines above."""
    unit: Unit
    names: list[Element]
    """What is imported, in order; empty for a comment."""
    is_changed: bool = False
    is_new: bool = False
    above: str | None = None
    """Other comment lines than those of the unit."""
    after: str | None = None
    """Another comment behind it."""

    @property
    def module(self) -> str:
        """The module names come from; empty for `import`."""
        node = self.unit.node
        return "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""

    @property
    def has_alias(self) -> bool:
        """Whether it gives a name another name."""
        return any(element.key[2] for element in self.names)

    @property
    def key(self) -> SortKey:
        """Its place in a section."""
        is_from = isinstance(self.unit.node, ast.ImportFrom)
        first = self.names[0].key if self.names else ("name", "", "")
        module = self.module if is_from else first[1]
        return statement_key(module, is_from=is_from, first=first[1] if is_from else first[2])


def names_slot(unit: Unit) -> Slot | None:
    """Give the names of a statement as a list."""
    return slots(unit.source, unit.node)[0] if unit.node is not None else None


def read_statement(unit: Unit, *, is_first: bool) -> Statement:
    """Read one statement or comment."""
    slot = names_slot(unit)
    return Statement(
        blank="" if is_first else unit.source.text[unit.lead : unit.top],
        unit=unit,
        names=list(slot.items.elements) if slot and slot.items else [],
    )


def atom_of(statement: Statement, element: Element) -> Atom:
    """Give module, name and alias of one name of a statement."""
    if isinstance(statement.unit.node, ast.ImportFrom):
        return (statement.module, element.key[1], element.key[2])
    return (element.key[1], "", element.key[2])


def origin_of(unit: Unit) -> tuple[str, ...]:
    """Tell a statement by where its names come from."""
    statement = read_statement(unit, is_first=True)
    names = [] if statement.module and not statement.has_alias else statement.names
    return (statement.module, *(part for each in names for part in each.key))


def comments_of(unit: Unit) -> tuple[list[str], str]:
    """Give the comment lines above a statement, and the comment behind it."""
    source = unit.source
    end = source.solid_span(unit.start, unit.end)[1]
    return (
        [line.strip() for line in source.text[unit.top : unit.start].splitlines()],
        source.text[end : unit.end].strip(),
    )


def section_of(statements: Sequence[Statement], index: int) -> range:
    """Give the statements around one that no blank line parts from it."""
    start = index
    while start > 0 and not statements[start].blank:
        start -= 1
    stop = index + 1
    while stop < len(statements) and not statements[stop].blank:
        stop += 1
    return range(start, stop)


def root_of(statement: Statement) -> str:
    """Give the package of a statement; all of the standard library are one."""
    module = statement.module or statement.names[0].key[1]
    root = module.partition(".")[0]
    return (
        "the standard library" if root in sys.stdlib_module_names and root != "__future__" else root
    )
