"""The symbol table (normalisation 5): what a name means, seen from a context."""

from collections.abc import Iterable
from enum import StrEnum

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.lower.contexts import SHARED, Declarations
from apigen.spec.located import Located
from apigen.values import dataclass


class SymbolKind(StrEnum):
    """What a name can stand for; the value is the word in messages."""

    TYPE = "type"
    ENTITY = "entity"
    CHILD = "child"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A named thing and where it was declared."""

    kind: SymbolKind
    context: str
    name: str
    span: Span
    owner: str = ""
    """Qualified name of the aggregate root that owns a child."""

    @property
    def qname(self) -> str:
        """`context.Name`."""
        return f"{self.context}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The name is known and may be used here."""

    symbol: Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class NotVisible:
    """The name exists in a context that is not used here."""

    symbol: Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nothing has this name; `near` may be meant, `elsewhere` names contexts that have it."""

    near: tuple[str, ...]
    elsewhere: tuple[str, ...]


type Lookup = Found | NotVisible | Unknown


ROOT = "the root"
"""Where the sections of the whole system stand, which see every context."""


class SymbolTable:
    """All names of a system."""

    def __init__(self, contexts: dict[str, Declarations]) -> None:
        """Enter the types and entities of every context; children are entered by `add`."""
        self._symbols: dict[str, Symbol] = {}
        self._visible: dict[str, frozenset[str]] = {}
        self._contexts = tuple(contexts)
        self._visible[ROOT] = frozenset(contexts)
        for context in contexts.values():
            self._visible[context.name] = frozenset(
                (context.name, SHARED, *(used.value for used in context.uses))
            )
            for kind, names in (
                (SymbolKind.TYPE, [(n, t.name.span) for n, t in context.types.items()]),
                (SymbolKind.ENTITY, [(n, e.name.span) for n, e in context.entities.items()]),
            ):
                for name, span in names:
                    self.add(Symbol(kind=kind, context=context.name, name=name, span=span))

    def add(self, symbol: Symbol) -> Symbol:
        """Enter a symbol unless the name is taken; return the one that has the name."""
        return self._symbols.setdefault(symbol.qname, symbol)

    def of(self, qname: str) -> Symbol | None:
        """Return the symbol with a qualified name."""
        return self._symbols.get(qname)

    def look_up(self, name: str, here: str) -> Lookup:
        """Say what `name` means in context `here`."""
        context, dot, short = name.rpartition(".")
        if dot:
            symbol = self._symbols.get(name)
            if symbol is None:
                names = [s.qname for s in self._symbols.values() if s.context == context]
                return Unknown(near=nearest(name, names), elsewhere=())
            if symbol.context in self._visible[here]:
                return Found(symbol=symbol)
            return NotVisible(symbol=symbol)
        for place in (here, SHARED):
            symbol = self._symbols.get(f"{place}.{short}")
            if symbol is not None:
                return Found(symbol=symbol)
        elsewhere = tuple(c for c in self._contexts if f"{c}.{short}" in self._symbols)
        return Unknown(near=nearest(short, self.names(here)), elsewhere=elsewhere)

    def names(self, here: str, kinds: Iterable[SymbolKind] = SymbolKind) -> tuple[str, ...]:
        """Return the plain names that mean something in context `here`."""
        wanted = frozenset(kinds)
        return tuple(
            symbol.name
            for symbol in self._symbols.values()
            if symbol.context in (here, SHARED) and symbol.kind in wanted
        )

    def find(
        self, name: Located[str], here: str, kind: SymbolKind, found: Collector
    ) -> Symbol | None:
        """Return the symbol `name` means, or report AG103 or AG105."""
        match self.look_up(name.value, here):
            case Found(symbol=symbol):
                return symbol
            case NotVisible(symbol=symbol):
                not_visible(name, symbol, here, found)
            case Unknown(near=near, elsewhere=elsewhere):
                help = did_you_mean(near)
                if elsewhere:
                    help = (
                        f"it exists in context `{elsewhere[0]}`: write"
                        f" `{elsewhere[0]}.{name.value}`"
                    )
                found.error("AG103", f"no {kind} named `{name.value}`", name.span, help=help)
        return None


def not_visible(name: Located[str], symbol: Symbol, here: str, found: Collector) -> None:
    """Report AG105 for a name of a context that `here` does not use."""
    place, way_out = f"`{here}`", f"add `uses: [{symbol.context}]` to the context `{here}`"
    if here == SHARED:
        place = "what all contexts share"
        way_out = f"declare it in `{symbol.context}`, or in a context that uses it"
    found.error("AG105", f"`{symbol.context}` is not visible from {place}", name.span, help=way_out)
