"""The table: base, mine and theirs of a body, unit by unit.

In a module and a class a unit is a symbol, known by its name wherever it stands. In a function
it is a statement, known by what it says and where. The descent into one unit that both sides
changed is `apigen.merge.python.descent`.
"""

import ast
from collections.abc import Callable, Hashable, Sequence

from apigen.merge.merged import Happened
from apigen.merge.python import layout
from apigen.merge.python.arrangement import Row, arranged, rows
from apigen.merge.python.clauses import rank
from apigen.merge.python.findings import Findings
from apigen.merge.python.imports import Runs, import_runs
from apigen.merge.python.matching import Pairs, by_key
from apigen.merge.python.spacing import Laid, joined
from apigen.merge.python.unit_matching import match_statements, match_symbols, match_with_renames
from apigen.merge.python.units import Block, Kind, Unit
from apigen.values import dataclass

type Versions = tuple[Sequence[Unit], Sequence[Unit], Sequence[Unit]]
"""Base, mine and theirs."""
type Descend = Callable[[Unit | None, Unit, Unit, "Scope"], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a body stands."""

    findings: Findings
    path: str
    """Dotted name of the symbol around it, empty in the module."""
    is_symbols: bool
    """Whether its units are symbols."""
    is_module: bool = False

    def symbol(self, unit: Unit) -> str:
        """Give the dotted name of a unit; of a statement that of the function around it."""
        if not self.is_symbols and unit.kind is not Kind.DEFINITION:
            return self.path or unit.name
        return f"{self.path}.{unit.name}" if self.path else unit.name


def merge_bodies(
    base: Block | None, mine: Block, theirs: Block, scope: Scope, descend: Descend
) -> str:
    """Give the text of a body, from after its header line to its end."""
    runs: Runs | None = None
    versions: Versions = (base.units if base else (), mine.units, theirs.units)
    if scope.is_symbols:
        runs = import_runs(*versions, scope.findings)
        versions = (runs.base, runs.mine, runs.theirs)
    text = merge_units(versions, scope, descend, runs=runs, indent=mine.indent)
    if not scope.is_module and all(
        not line.strip() or line.lstrip().startswith("#") for line in text.split("\n")
    ):
        text += f"{mine.indent}pass\n"
    return text + mine.tail


def merge_units(
    versions: Versions,
    scope: Scope,
    descend: Descend,
    *,
    indent: str,
    runs: Runs | None = None,
    is_lines: bool = False,
) -> str:
    """Give the text of a sequence of units.

    Args:
        versions: Of base, mine and theirs.
        scope: Where they stand.
        descend: Merges one unit that both sides changed.
        indent: The indentation in mine.
        runs: What is to become of runs of imports.
        is_lines: Whether these are decorators or clauses: known by key, without names.
    """
    old, own, new = versions
    match = match_symbols if scope.is_symbols or is_lines else match_statements

    def added(left: list[int], right: list[int]) -> Pairs:
        mine = [own[index] for index in left]
        theirs = [new[index] for index in right]
        named = scope.is_symbols or is_lines

        def key(unit: Unit) -> Hashable:
            # Of what has no name, only a condition says that two are the same.
            is_named = named and (
                unit.kind not in {Kind.SIMPLE, Kind.COMMENT, Kind.COMPOUND} or unit.key[0] == "if"
            )
            return unit.key if is_named or unit.kind is Kind.DEFINITION else unit.norm

        pairs = by_key(
            [key(each) for each in mine],
            [key(each) for each in theirs],
            [each.norm for each in mine],
            [each.norm for each in theirs],
        )
        return {left[a]: right[b] for a, b in pairs.items()}

    if scope.is_symbols:
        to_mine = match_with_renames(old, own)
    elif is_lines:
        to_mine = match_symbols(old, own)
    else:
        to_mine = match_statements(old, own, is_owners=True)
    table = rows((len(old), len(own), len(new)), to_mine, match(old, new), added)
    own_keys = {unit.key for unit in own if unit.key[0] == "bind"} if scope.is_symbols else set()
    laid: dict[int, Laid] = {}
    for row in table:
        units = (
            None if row.base is None else old[row.base],
            None if row.mine is None else own[row.mine],
            None if row.theirs is None else new[row.theirs],
        )
        text = _outcome(*units, scope, descend, runs=runs, indent=indent, is_lines=is_lines)
        if text and units[0] is None and units[1] is None and units[2] and units[2].key in own_keys:
            # The owner gave something else this name.
            text = scope.findings.conflict(scope.symbol(units[2]), None, None, text)
        if text is not None:
            unit = units[1] or units[2] or units[0]
            assert unit is not None
            laid[id(row)] = Laid(text=text, mine=row.mine, theirs=row.theirs, unit=unit)

    def passes(row: Row, other: Row) -> bool:
        assert row.mine is not None
        assert other.theirs is not None
        return rank(own[row.mine]) >= rank(new[other.theirs])

    is_clauses = any(unit.kind is Kind.CLAUSE for unit in own)
    order = arranged(table, lambda row: id(row) in laid, passes if is_clauses else None)
    sequence = [laid[id(row)] for row in order]
    if not scope.is_symbols and not is_lines:
        sequence = _undecided(sequence, own, new, table, scope)
    return joined(sequence, own, new, is_module=scope.is_module, is_symbols=scope.is_symbols)


def _outcome(
    old: Unit | None,
    own: Unit | None,
    new: Unit | None,
    scope: Scope,
    descend: Descend,
    *,
    runs: Runs | None,
    indent: str,
    is_lines: bool,
) -> str | None:
    """Give the text of one row without blank lines above, None when it is gone."""
    findings = scope.findings
    unit = own or new or old
    assert unit is not None
    if runs and unit.kind is Kind.IMPORTS:
        return runs.text(own, new, indent)
    symbol = scope.symbol(unit)
    is_part = is_lines or (unit.kind is Kind.DOCSTRING and not scope.is_symbols)
    if own is None and new is None:
        return None
    if own is None:
        assert new is not None
        arriving = moved(new, indent, findings)
        if old is None:
            return arriving
        if (scope.is_symbols or is_part) and findings.restores(symbol):
            findings.remark(Happened.RESTORED, symbol, new.name if is_part else "")
            return arriving
        if old.norm == new.norm:
            return None
        if scope.is_symbols or is_part:
            findings.stays_deleted(symbol, new.text, new.name if is_part else "")
            return None
        return findings.conflict(symbol, None, moved(old, indent, findings), arriving)
    if new is None:
        if old is None:
            return own.text
        if old.norm == own.norm:
            return None
        if own.kind is Kind.DOCSTRING:
            return own.text
        if scope.is_symbols and not is_lines:
            findings.remark(Happened.ORPHANED, scope.symbol(own))
            return own.text
        return findings.conflict(symbol, own.text, moved(old, indent, findings), None)
    if old is not None:
        if (
            old.name != own.name
            and scope.is_symbols
            and old.kind in {Kind.DEFINITION, Kind.ASSIGNMENT}
        ):
            findings.remark(Happened.RENAMED, scope.symbol(old), own.name)
        is_container = own.kind in {Kind.DEFINITION, Kind.COMPOUND, Kind.CLAUSE}
        if new.norm == old.norm and not (findings.restore and is_container):
            return own.text
    if own.norm == new.norm:
        return own.text
    if old is not None and old.text == own.text and old.indent == own.indent:
        return moved(new, indent, findings)
    return descend(old, own, new, scope)


def moved(unit: Unit, indent: str, findings: Findings) -> str:
    """Give the lines of a unit as they are at the owner's indentation."""
    return layout.moved(unit.source, unit.top, unit.end, indent=indent, unit=findings.unit)


def _names(units: Sequence[Unit]) -> tuple[set[str], set[str], bool]:
    """Give the names that statements bind and use, and whether one of them leaves the body."""
    stored: set[str] = set()
    used: set[str] = set()
    leaves = False
    for unit in units:
        if unit.node is None:
            continue
        leaves = leaves or isinstance(unit.node, ast.Return | ast.Raise | ast.Break | ast.Continue)
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Name):
                used.add(node.id)
                if not isinstance(node.ctx, ast.Load):
                    stored.add(node.id)
    return stored, used, leaves


def _undecided(
    sequence: list[Laid],
    own: Sequence[Unit],
    new: Sequence[Unit],
    table: Sequence[Row],
    scope: Scope,
) -> list[Laid]:
    """Make a conflict of statements that both sides added at one place, when order matters."""
    old_mine = {row.mine for row in table if row.base is not None}
    old_theirs = {row.theirs for row in table if row.base is not None}
    result: list[Laid] = []
    index = 0
    while index < len(sequence):
        theirs: list[Laid] = []
        mine: list[Laid] = []
        position = index
        while (
            position < len(sequence)
            and sequence[position].mine is None
            and sequence[position].theirs not in old_theirs
        ):
            theirs.append(sequence[position])
            position += 1
        while (
            theirs
            and position < len(sequence)
            and sequence[position].theirs is None
            and sequence[position].mine not in old_mine
        ):
            mine.append(sequence[position])
            position += 1
        if not theirs or not mine:
            result.append(sequence[index])
            index += 1
            continue
        stored, used, leaves = _names([each.unit for each in mine])
        other_stored, other_used, other_leaves = _names([each.unit for each in theirs])
        if leaves or other_leaves or stored & other_used or other_stored & used:
            texts = [
                joined(each, own, new, is_module=False, is_symbols=False).lstrip("\n")
                for each in (mine, theirs)
            ]
            text = scope.findings.conflict(scope.path, texts[0], None, texts[1])
            first = mine[0]
            result.append(Laid(text=text, mine=first.mine, theirs=first.theirs, unit=first.unit))
        else:
            result += [*theirs, *mine]
        index = position
    return result
