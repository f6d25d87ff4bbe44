"""The lines of a run of imports, edited in place.

Names are taken out, and names are put where isort wants them.
"""

import ast
from collections.abc import Sequence

from apigen.merge.python import layout
from apigen.merge.python.findings import Findings
from apigen.merge.python.import_order import member_key
from apigen.merge.python.import_statements import (
    Atom,
    Statement,
    atom_of,
    comments_of,
    names_slot,
    origin_of,
    read_statement,
    root_of,
    section_of,
)
from apigen.merge.python.items import Element, Placed, printed
from apigen.merge.python.units import Unit
from apigen.values import dataclass


@dataclass(slots=True, kw_only=True)
class Lines:
    """A run that is edited."""

    statements: list[Statement]
    indent: str
    findings: Findings

    @classmethod
    def of(cls, units: Sequence[Unit], *, indent: str, findings: Findings) -> "Lines":
        """Take a run as it is."""
        return cls(
            statements=[
                read_statement(unit, is_first=index == 0) for index, unit in enumerate(units)
            ],
            indent=indent,
            findings=findings,
        )

    def drop(self, gone: set[Atom]) -> None:
        """Take names out; a statement without names goes."""
        left: list[Statement] = []
        blank = ""
        for statement in self.statements:
            kept = [each for each in statement.names if atom_of(statement, each) not in gone]
            if len(kept) < len(statement.names):
                statement.names, statement.is_changed = kept, True
                if not kept:
                    blank = max(blank, statement.blank, key=len)
                    continue
            statement.blank = max(blank, statement.blank, key=len) if left else ""
            blank = ""
            left.append(statement)
        self.statements = left

    def take(self, wanted: Sequence[Atom], donor: Sequence[Unit]) -> None:
        """Put names in as they stand in another version's run."""
        if not wanted:
            return
        theirs = [read_statement(unit, is_first=index == 0) for index, unit in enumerate(donor)]
        for index, statement in enumerate(theirs):
            names = [each for each in statement.names if atom_of(statement, each) in wanted]
            if not names:
                continue
            same = self._of_module(statement)
            if same is not None:
                same.names = _inserted(same.names, names)
                same.is_changed = True
                continue
            arriving = Statement(
                blank="",
                unit=statement.unit,
                names=names,
                is_changed=len(names) < len(statement.names),
                is_new=True,
            )
            self._insert(arriving, index, theirs)

    def _of_module(self, wanted: Statement) -> Statement | None:
        for statement in self.statements:
            if (
                isinstance(statement.unit.node, ast.ImportFrom)
                and isinstance(wanted.unit.node, ast.ImportFrom)
                and statement.module == wanted.module
                and not statement.has_alias
                and not wanted.has_alias
                and statement.names
                and statement.names[0].key[1] != "*"
            ):
                return statement
        return None

    def _insert(self, arriving: Statement, index: int, theirs: Sequence[Statement]) -> None:
        """Put a statement into the section where its neighbours of the other version stand."""
        section = section_of(theirs, index)
        place = self._section_with([theirs[at] for at in section if at != index])
        place = place or self._section_like([theirs[at] for at in section])
        if place is None:
            self._new_section(arriving, section, theirs)
            return
        at = place.start
        for position in place:
            if self.statements[position].names and self.statements[position].key <= arriving.key:
                at = position + 1
        if at == place.start:
            arriving.blank, self.statements[at].blank = self.statements[at].blank, ""
        self.statements.insert(at, arriving)

    def _section_with(self, wanted: Sequence[Statement]) -> range | None:
        keys = {
            (each.module, each.names[0].key[1] if not each.module else "")
            for each in wanted
            if each.names
        }
        best: range | None = None
        most = 0
        index = 0
        while index < len(self.statements):
            section = section_of(self.statements, index)
            count = sum(
                (each.module, each.names[0].key[1] if not each.module else "") in keys
                for each in (self.statements[at] for at in section)
                if each.names
            )
            if count > most:
                best, most = section, count
            index = section.stop
        return best

    def _section_like(self, wanted: Sequence[Statement]) -> range | None:
        """Give the section of the same standing: of the standard library, or of one package."""
        roots = {root_of(each) for each in wanted if each.names}
        for index, statement in enumerate(self.statements):
            if statement.names and root_of(statement) in roots:
                return section_of(self.statements, index)
        return None

    def _new_section(
        self, arriving: Statement, section: range, theirs: Sequence[Statement]
    ) -> None:
        before = section.start
        while before > 0:
            other = section_of(theirs, before - 1)
            place = self._section_with([theirs[at] for at in other])
            if place is not None:
                arriving.blank = "\n"
                self.statements.insert(place.stop, arriving)
                if (
                    place.stop + 1 < len(self.statements)
                    and not self.statements[place.stop + 1].blank
                ):
                    self.statements[place.stop + 1].blank = "\n"
                return
            before = other.start
        first = next((at for at, each in enumerate(self.statements) if each.names), 0)
        # A name of `__future__` comes first whatever stands there.
        while (
            first < len(self.statements)
            and arriving.module != "__future__"
            and self.statements[first].module == "__future__"
        ):
            first += 1
        self.statements.insert(first, arriving)
        if first + 1 < len(self.statements):
            arriving.blank = self.statements[first + 1].blank
            self.statements[first + 1].blank = "\n"
        if first > 0:
            arriving.blank = arriving.blank or "\n"
        else:
            arriving.blank = ""

    def refresh(self, base: Sequence[Unit], theirs: Sequence[Unit]) -> None:
        """Take the comments that theirs changed, of statements whose comments are as in base."""
        old = {origin_of(unit): unit for unit in reversed(base)}
        new = {origin_of(unit): unit for unit in reversed(theirs)}
        for statement in self.statements:
            origin = origin_of(statement.unit)
            if statement.is_new or not statement.names or origin not in old or origin not in new:
                continue
            before, mine, after = (
                comments_of(unit) for unit in (old[origin], statement.unit, new[origin])
            )
            if mine[0] == before[0] != after[0]:
                statement.above = "".join(f"{self.indent}{line}\n" for line in after[0])
            if mine[1] == before[1] != after[1]:
                statement.after = f"  {after[1]}" if after[1] else ""

    def text(self) -> str:
        """Give the lines."""
        return "".join(statement.blank + self._line(statement) for statement in self.statements)

    def _line(self, statement: Statement) -> str:
        unit = statement.unit
        if statement.is_new and not statement.is_changed:
            return layout.moved(
                unit.source, unit.top, unit.end, indent=self.indent, unit=self.findings.unit
            )
        slot = names_slot(unit)
        source = unit.source.text
        if slot is None or slot.items is None:
            return unit.text
        items = slot.items
        inner = printed(
            items,
            [
                Placed(text=each.text, element=each, is_mine=each in items.elements)
                for each in statement.names
            ],
            limit=self.findings.limit,
            unit=self.findings.unit,
        )
        code_end = unit.source.solid_span(unit.start, unit.end)[1]
        above = source[unit.top : unit.start] if statement.above is None else statement.above
        after = source[code_end : unit.end].rstrip() if statement.after is None else statement.after
        head = source[unit.start : items.start]
        return f"{above}{head}{inner}{source[items.end : code_end]}{after}\n"


def _inserted(names: Sequence[Element], arriving: Sequence[Element]) -> list[Element]:
    keys = [member_key(each.key[1]) for each in names]
    result = list(names)
    if keys == sorted(keys):
        return sorted([*names, *arriving], key=lambda each: member_key(each.key[1]))
    return [*result, *arriving]
