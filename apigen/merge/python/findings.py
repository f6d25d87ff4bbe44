"""What a merge collects on its way: conflicts, remarks, imports that wait for the rest."""

import re
from collections.abc import Callable
from dataclasses import field

from apigen.merge.conflict_text import MINE, conflict_lines
from apigen.merge.merged import Happened, Merged, Remark, SymbolConflict
from apigen.values import dataclass


class Clash(Exception):
    """Both sides changed the same part of an expression; the statement around it conflicts."""


type Names = Callable[[], frozenset[str]]
"""Gives the names that a merged module uses; dear, so asked for only when it matters."""


@dataclass(slots=True)
class Findings:
    """Grows during one merge."""

    restore: frozenset[str]
    limit: int
    """How long a line may become."""
    unit: str
    """One step of the owner's indentation."""
    conflicts: list[SymbolConflict] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    """Generated text that is left out because its owner deleted the symbol."""
    waiting: list[Callable[[Names], str]] = field(default_factory=list)

    def conflict(self, symbol: str, mine: str | None, base: str | None, theirs: str | None) -> str:
        """Give the lines of a conflict; its number tells it from markers in the owner's text."""
        number = len(self.conflicts)
        self.conflicts.append(
            SymbolConflict(symbol=symbol, line=0, mine=mine, base=base, theirs=theirs)
        )
        lines = conflict_lines(mine or "", base or "", theirs or "")
        return f"{MINE}\0{number}\0{lines.removeprefix(MINE)}"

    def remark(self, happened: Happened, symbol: str, detail: str = "") -> None:
        """Tell something of a symbol, once."""
        found = Remark(happened=happened, symbol=symbol, detail=detail)
        if found not in self.remarks:
            self.remarks.append(found)

    def stays_deleted(self, symbol: str, text: str, detail: str = "") -> None:
        """Tell that a symbol has a new version, which is left out."""
        self.withheld.append(text)
        self.remark(Happened.STAYS_DELETED, symbol, detail)

    def restores(self, symbol: str) -> bool:
        """Whether a deleted symbol is to come back."""
        return symbol in self.restore or symbol.rpartition(".")[2] in self.restore

    def wait(self, resolve: Callable[[Names], str]) -> str:
        """Give a placeholder line for text that depends on the names the rest of the file uses."""
        self.waiting.append(resolve)
        return f"\0{len(self.waiting) - 1}\0\n"

    def merged(self, text: str) -> Merged:
        """Number the lines of the conflicts that are in the text."""
        found: list[SymbolConflict] = []
        lines = text.split("\n")
        pattern = re.compile(rf"^{re.escape(MINE)}\0(\d+)\0$")
        for index, line in enumerate(lines):
            if match := pattern.match(line):
                conflict = self.conflicts[int(match[1])]
                lines[index] = MINE
                found.append(
                    SymbolConflict(
                        symbol=conflict.symbol,
                        line=index + 1,
                        mine=conflict.mine,
                        base=conflict.base,
                        theirs=conflict.theirs,
                    )
                )
        return Merged(text="\n".join(lines), conflicts=tuple(found), remarks=tuple(self.remarks))
