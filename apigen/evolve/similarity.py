"""AG801: something with data in it is gone and something like it is new. A rename nobody declared?

Renaming is never guessed: a guess that is wrong keeps the wrong data. The run stops until the
owner says which it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from apigen.diagnostics import Diagnostic, Span
from apigen.evolve.acknowledged import is_acknowledged, short
from apigen.evolve.classification import Row
from apigen.evolve.former import inline_enums
from apigen.evolve.identity import Identified
from apigen.evolve.record import Permissions, Symbol
from apigen.evolve.side import Side
from apigen.evolve.type_change import type_changes, words
from apigen.ir.field import Field, Origin
from apigen.ir.names import words as words_of
from apigen.ir.system import Child, Entity, EnumType, System
from apigen.ir.types import TypeRef
from apigen.values import dataclass

_ALIKE = 0.6
"""Of names, from 0 to 1, when the types are alike too."""
_ALMOST_EQUAL = 0.8
"""Of names, when the types are not."""
_SHARED_FIELDS = 0.5
"""Of the names of fields, when the names of two entities tell nothing."""


type _Sides = tuple[Mapping[str, str], Mapping[str, str]]
"""Ids by qualified name, then and today; None where the last run's spec is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    """What is gone or new, as far as it is known."""

    kind: str
    qname: str
    span: Span
    type: TypeRef | None = None
    """Of a field; None when the last run's spec is not known."""
    fields: frozenset[str] = frozenset()
    """Of an entity or child."""
    stored: str = ""
    """Of a member: its value in the database."""
    is_inline: bool = False
    """Of a member: its enum is written in place, where nothing can be said of it."""


def lookalikes(
    last: System | None, identity: Identified, permissions: Permissions
) -> tuple[Diagnostic, ...]:
    """Return AG801 for everything new that looks like something gone.

    Args:
        last: The last run's system; without it names alone are compared.
        identity: Today's system and what is gone.
        permissions: What is really gone, as the owner says.
    """
    allowed = permissions.removal | permissions.data_loss
    gone = [
        _was(symbol, last)
        for symbol in identity.gone
        if symbol.storage != "-"
        and symbol.kind in ("entity", "child", "field", "member")
        and not is_acknowledged(symbol.qname, allowed)
    ]
    if not gone:
        return ()
    found: list[Diagnostic] = []
    sides = None if last is None else (Side.of(last).ids, Side.of(identity.system).ids)
    for lost, born in _groups(gone, identity, last):
        found += _pairs(lost, born, sides)
    return tuple(found)


def _groups(
    gone: Sequence[_Thing], identity: Identified, last: System | None
) -> Iterator[tuple[list[_Thing], list[_Thing]]]:
    """Yield what is gone and what is new, of one kind and one owner.

    What went with its owner is told by the owner.
    """
    groups: dict[tuple[str, str], tuple[list[_Thing], list[_Thing]]] = {}
    today = {line.qname: key[1] for key, line in identity.before.items()}
    parents = _parents(last) if last is not None else {}
    for thing in gone:
        home = thing.qname.rpartition(".")[0]
        owner = today.get(home)
        if thing.kind == "child":
            owner = today.get(parents.get(thing.qname, ""))
        elif thing.kind == "entity":
            owner = home
        if owner is not None:
            groups.setdefault((thing.kind, owner), ([], []))[0].append(thing)
    new_parents = _parents(identity.system)
    for kind, thing in _new(identity):
        owner = new_parents.get(thing.qname, thing.qname.rpartition(".")[0])
        if (kind, owner) in groups:
            groups[kind, owner][1].append(thing)
    yield from groups.values()


def _parents(system: System) -> dict[str, str]:
    """Return the owner of every child, by qualified names."""
    owners: tuple[Entity | Child, ...] = (*system.entities.values(), *system.children.values())
    return {child.qname: owner.qname for owner in owners for child in owner.children}


def _new(identity: Identified) -> Iterator[tuple[str, _Thing]]:
    known = identity.before
    for entity in identity.system.entities.values():
        yield from _new_in("entity", entity, known)
    for child in identity.system.children.values():
        yield from _new_in("child", child, known)
    inline = inline_enums(identity.system)
    for declared in identity.system.types.values():
        if not isinstance(declared, EnumType):
            continue
        for member in declared.members:
            qname = f"{declared.qname}.{member.name}"
            if ("member", qname) not in known:
                yield (
                    "member",
                    _Thing(
                        kind="member",
                        qname=qname,
                        span=member.span or declared.span,
                        stored=member.value,
                        is_inline=declared.qname in inline,
                    ),
                )


def _new_in(
    kind: str, owner: Entity | Child, known: Mapping[tuple[str, str], Symbol]
) -> Iterator[tuple[str, _Thing]]:
    if (kind, owner.qname) not in known:
        yield kind, _Thing(kind=kind, qname=owner.qname, span=owner.span, fields=_names(owner))
    for field in owner.fields:
        if ("field", field.qname) in known or field.computed or field.origin is Origin.SYNTH:
            continue
        yield (
            "field",
            _Thing(kind="field", qname=field.qname, span=field.span, type=field.type),
        )


def _was(symbol: Symbol, last: System | None) -> _Thing:
    nowhere = Span(file="", line=1, column=1, end_line=1, end_column=1)
    if symbol.kind == "member":
        return _Thing(kind="member", qname=symbol.qname, span=nowhere, stored=symbol.storage)
    if last is None:
        return _Thing(kind=symbol.kind, qname=symbol.qname, span=nowhere)
    owner = last.entities.get(symbol.qname) or last.children.get(symbol.qname)
    if owner is not None:
        return _Thing(kind=symbol.kind, qname=symbol.qname, span=nowhere, fields=_names(owner))
    field = _field(last, symbol.qname)
    return _Thing(
        kind=symbol.kind,
        qname=symbol.qname,
        span=nowhere,
        type=field.type if field is not None else None,
    )


def _field(system: System, qname: str) -> Field | None:
    home = qname.rpartition(".")[0]
    owner = system.entities.get(home) or system.children.get(home)
    fields = owner.fields if owner is not None else ()
    return next((field for field in fields if field.qname == qname), None)


def _names(owner: Entity | Child) -> frozenset[str]:
    return frozenset(f.name.text for f in owner.fields if f.origin is not Origin.SYNTH)


def _pairs(lost: list[_Thing], born: list[_Thing], sides: _Sides | None) -> Iterator[Diagnostic]:
    """Pair what is most alike first, each thing once."""
    lone = len(lost) == len(born) == 1
    scored = [
        (score, -number, -place, old, new)
        for number, old in enumerate(lost)
        for place, new in enumerate(born)
        if (score := _likeness(old, new, sides, lone=lone)) > 0
    ]
    used: set[str] = set()
    for _, _, _, old, new in sorted(scored, key=lambda pair: pair[:3], reverse=True):
        if old.qname not in used and new.qname not in used:
            used |= {old.qname, new.qname}
            yield _report(old, new)


def _likeness(old: _Thing, new: _Thing, sides: _Sides | None, *, lone: bool) -> float:
    """Return how much two things look alike; 0 for not enough."""
    before, after = short(old.qname).rpartition(".")[2], short(new.qname).rpartition(".")[2]
    ratio = SequenceMatcher(None, before.lower(), after.lower(), autojunk=False).ratio()
    if set(words_of(before)) & set(words_of(after)):
        ratio = max(ratio, _ALIKE)
    if old.kind == "member":
        # Rows that say the same thing need no rename to be right.
        is_told = old.stored == new.stored
        return 0.0 if is_told or not (lone or ratio >= _ALIKE) else 1 + ratio
    if old.kind != "field":
        union = old.fields | new.fields
        shared = len(old.fields & new.fields) / len(union) if union else 0.0
        alike = shared >= _SHARED_FIELDS or (ratio >= _ALIKE and (shared > 0 or sides is None))
        return ratio + shared if alike else 0.0
    if old.type is None or new.type is None or sides is None:
        return ratio if ratio >= _ALIKE or lone else 0.0
    if _are_alike(old.type, new.type, sides):
        return 1 + ratio if lone or ratio >= _ALIKE else 0.0
    return ratio if ratio >= _ALMOST_EQUAL else 0.0


def _are_alike(old: TypeRef, new: TypeRef, sides: _Sides) -> bool:
    """Whether the values of one could stand in the other: the type itself did not change."""
    changes = type_changes(old, new, *sides)
    return (
        all(found.attribute != "type" or found.row is Row.TYPE_WIDENED for found in changes)
        or words(old).partition("(")[0] == words(new).partition("(")[0]
    )


def _report(old: _Thing, new: _Thing) -> Diagnostic:
    before, after = short(old.qname), short(new.qname)
    name = old.qname.rpartition(".")[2]
    keep = f"keep the data with `renamed_from: {name}`"
    drop = f"drop it with `apigen regenerate --accept-data-loss {before}`"
    if new.kind == "member":
        enum = after.rpartition(".")[0]
        place = f" in a type `{enum}` of its own, under `types`" if new.is_inline else ""
        keep = f"rows keep it with `renamed_from: {name}`{place}"
        drop = f"else say `apigen regenerate --accept-removal {before}`"
    return Diagnostic(
        code="AG801",
        message=f"{old.kind} `{after}` is new and `{before}` is gone: a rename?",
        span=new.span,
        help=f"{keep}; {drop}",
    )
