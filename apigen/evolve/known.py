"""What the lock knows: one line a thing, also after git has united the locks of two branches."""

from collections.abc import Mapping

from apigen.evolve.record import Lock, Symbol
from apigen.values import dataclass

type Key = tuple[str, str]
"""Kind and qualified name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The lines of a lock, each thing once."""

    live: Mapping[Key, Symbol]
    tombstones: Mapping[str, Symbol]
    """By id."""
    disputes: tuple[tuple[Symbol, ...], ...]
    """Lines of one thing that can not both be right."""

    @property
    def ids(self) -> frozenset[str]:
        """Every id that was ever given."""
        return frozenset({*self.tombstones, *(symbol.id for symbol in self.live.values())})


def known(lock: Lock, today: frozenset[Key]) -> Known:
    """Choose a line of everything; what today's spec still has decides between two branches.

    Hashes and places do not count: both branches may have changed what a thing means. A stale
    line comes back when git could not tell which of two neighbouring lines was changed where.
    """
    by_id: dict[str, list[Symbol]] = {}
    for symbol in lock.symbols:
        by_id.setdefault(symbol.id, []).append(symbol)
    homes: dict[Key, set[str]] = {}
    for symbol in lock.symbols:
        if not symbol.removed:
            homes.setdefault(_key(symbol), set()).add(symbol.id)
    live: dict[Key, Symbol] = {}
    tombstones: dict[str, Symbol] = {}
    disputes: list[tuple[Symbol, ...]] = []
    for id, lines in by_id.items():
        chosen = _chosen(lines, today, homes)
        if chosen is None:
            disputes.append(tuple(lines))
        elif chosen.removed:
            tombstones[id] = chosen
        elif _key(chosen) in live:
            disputes.append((live[_key(chosen)], chosen))
        else:
            live[_key(chosen)] = chosen
    return Known(live=live, tombstones=tombstones, disputes=tuple(disputes))


def _chosen(
    lines: list[Symbol], today: frozenset[Key], homes: Mapping[Key, set[str]]
) -> Symbol | None:
    """Return the line that counts, None when nothing tells."""
    living = [line for line in lines if not line.removed]
    if not living:
        return lines[0]
    names = {_key(line) for line in living}
    present = [name for name in names if name in today]
    if len(living) < len(lines):
        # One branch removed it. A second thing of its name is what came after it.
        present = [name for name in present if len(homes[name]) == 1]
        if not present:
            return next(line for line in lines if line.removed)
    if len(names) == 1:
        return living[-1]
    return next(line for line in living if _key(line) == present[0]) if len(present) == 1 else None


def _key(symbol: Symbol) -> Key:
    return (symbol.kind, symbol.qname)
