"""A spec as the amendments see it: its texts, what they say, and what that means."""

from collections.abc import Mapping
from dataclasses import field

from apigen.diagnostics import Diagnostic, Outcome, Span
from apigen.diagnostics.collector import Collector
from apigen.expr.mentions import Mention
from apigen.ir.field import Field, Origin
from apigen.ir.system import Child, Entity, ObjectType, System
from apigen.lower.contexts import SHARED, Declarations, declare
from apigen.lower.symbols import Found, Symbol, SymbolKind, SymbolTable
from apigen.lower.system import lower
from apigen.source.positions import Positions
from apigen.spec.document import SpecDocument
from apigen.spec.reader import read_texts
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A spec without errors."""

    texts: Mapping[str, str]
    """Text of every file by its path from the root file's folder, root first; seed files too."""
    document: SpecDocument
    system: System
    contexts: Mapping[str, Declarations]
    symbols: SymbolTable
    mentions: tuple[Mention, ...]
    """What its rules mention; those of a mixin once a user."""
    positions: Mapping[str, Positions] = field(repr=False)
    fields: Mapping[Span, tuple[Field, ...]] = field(repr=False)
    """By declaration: several for a ref to one of several, and for a field of a mixin."""
    collections: Mapping[Span, tuple[Child, ...]] = field(repr=False)
    """By declaration."""

    def class_named(self, name: str, here: str) -> str | None:
        """Return the qualified name of what a name means in a context."""
        match self.symbols.look_up(name, here):
            case Found(symbol=symbol):
                return symbol.qname
            case _:
                return None


def read_spec(texts: Mapping[str, str]) -> Outcome[Spec]:
    """Read and lower a spec; no value when it has errors."""
    read = read_texts(texts)
    found: tuple[Diagnostic, ...] = read.diagnostics
    if read.value is None:
        return Outcome(value=None, diagnostics=found)
    mentions: list[Mention] = []
    lowered = lower(read.value, mentions=mentions)
    found += lowered.diagnostics
    outcome = Outcome(value=lowered.value, diagnostics=found)
    if outcome.has_errors or outcome.value is None:
        return Outcome(value=None, diagnostics=found)
    contexts = declare(read.value, Collector())
    spec = Spec(
        texts=texts,
        document=read.value,
        system=outcome.value,
        contexts=contexts,
        symbols=_symbols(contexts, outcome.value),
        mentions=tuple(mentions),
        positions={name: Positions(text) for name, text in texts.items()},
        fields=_fields(outcome.value),
        collections=_collections(outcome.value),
    )
    return Outcome(value=spec, diagnostics=found)


def _symbols(contexts: Mapping[str, Declarations], system: System) -> SymbolTable:
    table = SymbolTable(dict(contexts))
    for child in system.children.values():
        context, _, name = child.qname.rpartition(".")
        table.add(Symbol(kind=SymbolKind.CHILD, context=context, name=name, span=child.span))
    for entity in system.entities.values():
        if entity.lifecycle is not None:
            context, _, name = entity.lifecycle.enum.rpartition(".")
            table.add(Symbol(kind=SymbolKind.TYPE, context=context, name=name, span=entity.span))
    return table


def _fields(system: System) -> dict[Span, tuple[Field, ...]]:
    found: dict[Span, tuple[Field, ...]] = {}
    holders: tuple[Entity | Child | ObjectType, ...] = (
        *system.entities.values(),
        *system.children.values(),
        *(known for known in system.types.values() if isinstance(known, ObjectType)),
    )
    for holder in holders:
        lifecycle = holder.lifecycle if isinstance(holder, Entity) else None
        for known in holder.fields:
            holds_state = lifecycle is not None and known.attribute == lifecycle.field
            if known.origin is not Origin.SYNTH or holds_state:
                found[known.span] = (*found.get(known.span, ()), known)
    return found


def _collections(system: System) -> dict[Span, tuple[Child, ...]]:
    found: dict[Span, tuple[Child, ...]] = {}
    for child in system.children.values():
        found[child.span] = (*found.get(child.span, ()), child)
    return found


__all__ = ["SHARED", "Spec", "read_spec"]
