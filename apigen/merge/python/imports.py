"""Imports of a block: a set of names, in statements that keep their owner's layout.

The statements of a run are merged together, by (module, name, alias): what either side added is
there, and what apigen drops goes when nothing uses it. Which names are used is known only when
the rest of the file is merged, so a run is a placeholder until then.
"""

import ast
from collections.abc import Sequence

from apigen.merge.python.findings import Findings, Names
from apigen.merge.python.import_lines import Lines
from apigen.merge.python.names import bound, bound_name, used
from apigen.merge.python.units import Kind, Unit
from apigen.values import dataclass

type Atom = tuple[str, str, str]
"""Module, name (empty for `import module`), alias (empty for none)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The units of a block with each run of imports as one, and how to write the runs."""

    base: tuple[Unit, ...]
    mine: tuple[Unit, ...]
    theirs: tuple[Unit, ...]
    members: "dict[int, tuple[Unit, ...]]"
    """By the id of the unit that stands for the run."""
    findings: Findings

    def text(self, own: Unit | None, new: Unit | None, indent: str) -> str | None:
        """Give the placeholder of a run, None where there is none."""
        own_runs = [unit for unit in self.mine if unit.kind is Kind.IMPORTS]
        if own is None and (new is None or own_runs):
            return None

        def resolve(names: Names) -> str:
            return self._written(own, new, indent, names)

        return indent + self.findings.wait(resolve)

    def _changes(
        self, old: Sequence[Atom], own: Sequence[Atom], new: Sequence[Atom], names: Names
    ) -> tuple[list[Atom], set[Atom]]:
        """Give what is to be imported beside mine, and what of mine is not any more."""
        in_old, in_own, in_new = set(old), set(own), set(new)
        # What the owner imports from elsewhere instead is not brought back.
        replaced = {_name(atom) for atom in in_old - in_own} & {
            _name(atom) for atom in in_own - in_old
        }
        arriving = [atom for atom in new if atom not in in_own and _name(atom) not in replaced]
        leaving = [atom for atom in own if atom in in_old and atom not in in_new and atom[1] != "*"]
        if not arriving and not leaving:
            return [], set()
        tree = (self.theirs or self.mine)[0].source.tree
        theirs_uses, theirs_binds = used(tree), bound(tree)
        add = [
            atom
            for atom in arriving
            if _name(atom) in names()
            or atom[1] == "*"
            or (atom not in in_old and _name(atom) not in theirs_uses)
        ]
        remove = {
            atom
            for atom in leaving
            if _name(atom) not in names() or (self.theirs and _name(atom) in theirs_binds)
        }
        return add, remove

    def _written(self, own: Unit | None, new: Unit | None, indent: str, names: Names) -> str:
        base, mine, theirs = (
            [unit for unit in units if unit.kind is Kind.IMPORTS]
            for units in (self.base, self.mine, self.theirs)
        )
        old_atoms, own_atoms, new_atoms = (
            list(dict.fromkeys(atom for run in runs for atom in self._atoms(run)))
            for runs in (base, mine, theirs)
        )
        add, remove = self._changes(old_atoms, own_atoms, new_atoms, names)
        final = [atom for atom in (*own_atoms, *add) if atom not in remove]
        skeleton = own if own is not None else new
        assert skeleton is not None
        untouched = len(base) == len(mine) == len(theirs) == 1 and base[0].text == mine[0].text
        if untouched:
            skeleton = theirs[0]
        lines = Lines.of(self.members[id(skeleton)], indent=indent, findings=self.findings)
        present = set(self._atoms(skeleton))
        lines.drop(present - set(final))
        here = [
            atom
            for atom in final
            if atom not in present and self._is_place(atom, own, add, untouched)
        ]
        for donors in (theirs, base) if untouched or own is None else (theirs,):
            for donor in donors:
                there = [atom for atom in here if atom in self._atoms(donor)]
                lines.take(there, self.members[id(donor)])
                here = [atom for atom in here if atom not in there]
        if not untouched and own is not None:
            lines.refresh(
                [unit for run in base for unit in self.members[id(run)]],
                [unit for run in theirs for unit in self.members[id(run)]],
            )
        return lines.text()

    def _is_place(self, atom: Atom, own: Unit | None, add: Sequence[Atom], untouched: bool) -> bool:
        """Whether an arriving name goes into this run: where its module is, or the first."""
        if untouched or own is None:
            return True
        if atom not in add:
            return False
        runs = [unit for unit in self.mine if unit.kind is Kind.IMPORTS]
        same = [run for run in runs if any(each[0] == atom[0] for each in self._atoms(run))]
        near = same or [
            run
            for run in runs
            if any(each[0].split(".")[0] == atom[0].split(".")[0] for each in self._atoms(run))
        ]
        return (near or runs)[0] is own

    def _atoms(self, run: Unit) -> list[Atom]:
        return [atom for unit in self.members[id(run)] for atom in atoms(unit)]


def _name(atom: Atom) -> str:
    return bound_name(atom[1] or atom[0], atom[2])


def atoms(unit: Unit) -> list[Atom]:
    """Give what a statement imports."""
    match unit.node:
        case ast.Import(names=names):
            return [(alias.name, "", alias.asname or "") for alias in names]
        case ast.ImportFrom(names=names, level=level, module=module):
            origin = "." * level + (module or "")
            return [(origin, alias.name, alias.asname or "") for alias in names]
        case _:
            return []


def _collapsed(units: Sequence[Unit], members: dict[int, tuple[Unit, ...]]) -> tuple[Unit, ...]:
    result: list[Unit] = []
    index = count = 0
    while index < len(units):
        if units[index].kind is not Kind.IMPORT:
            result.append(units[index])
            index += 1
            continue
        last = after = index
        while after < len(units) and units[after].kind in {Kind.IMPORT, Kind.COMMENT}:
            if units[after].kind is Kind.IMPORT:
                last = after
            after += 1
        run = tuple(units[index : last + 1])
        source = run[0].source
        unit = Unit(
            source=source,
            lead=run[0].lead,
            top=run[0].top,
            start=run[0].start,
            end=run[-1].end,
            kind=Kind.IMPORTS,
            name="imports",
            key=("imports", str(count)),
            node=None,
            norm=source.norm(run[0].top, run[-1].end),
            indent=run[0].indent,
        )
        members[id(unit)] = run
        result.append(unit)
        count += 1
        index = last + 1
    return tuple(result)


def import_runs(
    base: Sequence[Unit], mine: Sequence[Unit], theirs: Sequence[Unit], findings: Findings
) -> Runs:
    """Put the runs of imports of a block together."""
    members: dict[int, tuple[Unit, ...]] = {}
    return Runs(
        base=_collapsed(base, members),
        mine=_collapsed(mine, members),
        theirs=_collapsed(theirs, members),
        members=members,
        findings=findings,
    )
