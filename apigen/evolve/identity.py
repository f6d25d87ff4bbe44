"""Give today's system the ids of the lock: the same thing, the same id, whatever it is called.

A thing that the lock has under its name of today keeps its line, and `renamed_from` says nothing
new. One it does not have takes over the line of a declared or derived former name that is gone.
The rest is new. No clock, no counter: two branches come to the same ids.
"""

from collections.abc import Mapping
from dataclasses import replace

from apigen.diagnostics import Diagnostic
from apigen.diagnostics.collector import Collector
from apigen.evolve.former import Former, candidates, elements
from apigen.evolve.known import Key, Known, known
from apigen.evolve.reassigned import Assignment, reassigned
from apigen.evolve.record import Lock, Rename, Symbol
from apigen.evolve.symbols import symbols
from apigen.ir.system import Child, Entity, EnumType, System
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Today's system with its ids, and how they were found."""

    system: System
    symbols: tuple[Symbol, ...]
    """For the lock, tombstones included."""
    before: Mapping[Key, Symbol]
    """The last run's line of what was there already, by today's key."""
    gone: tuple[Symbol, ...]
    """Lines of the last run that nothing of today has taken over, sorted by name."""
    renames: tuple[Rename, ...]
    known: Known
    diagnostics: tuple[Diagnostic, ...]


def identified(today: System, lock: Lock | None, last: System | None = None) -> Identified:
    """Match a system with the lock; `last` is the last run's, for the names of collections.

    Returns:
        Errors AG802 for a `renamed_from` that can not hold, and AG212 for two members that would
        share a stored value.
    """
    found = Collector()
    present = {element.key: element for element in elements(today)}
    lines = known(lock or Lock(symbols=(), schema=None), frozenset(present))
    # Where the lock itself is in doubt, or too old to know, nothing can be said of its names.
    silent = lock is None or lock.schema is None or bool(lines.disputes)
    matches = _matches(present, lines, today, found, silent=silent)
    given = _ids(present, matches, lines)
    values = _kept_values(today, matches, found)
    changed = {key: id for key, id in given.items() if id != present[key].id}
    system = reassigned(today, Assignment(ids=changed, values=values))
    current = symbols(system)
    taken = {symbol.id for symbol in matches.values()}
    gone = sorted(
        (symbol for symbol in lines.live.values() if symbol.id not in taken),
        key=lambda symbol: (symbol.qname, symbol.kind),
    )
    buried = [*lines.tombstones.values(), *(replace(symbol, removed=True) for symbol in gone)]
    return Identified(
        system=system,
        symbols=(*current, *buried),
        before=matches,
        gone=tuple(gone),
        renames=_renames(present, matches, _collections(last)),
        known=lines,
        diagnostics=found.found,
    )


def with_lock(system: System, lock: Lock | None) -> System:
    """Give a system the ids and kept values of a lock, by names alone."""
    if lock is None:
        return system
    born = {element.key: element.id for element in elements(system)}
    lines = known(lock, frozenset(born))
    matches = {key: lines.live[key] for key in born if key in lines.live}
    values = _kept_values(system, matches, Collector())
    ids = {key: line.id for key, line in matches.items() if line.id != born[key]}
    return reassigned(system, Assignment(ids=ids, values=values))


def _matches(
    present: Mapping[Key, Former],
    lines: Known,
    today: System,
    found: Collector,
    *,
    silent: bool,
) -> dict[Key, Symbol]:
    """Return the line of each element that has one."""
    matches = {key: lines.live[key] for key in present if key in lines.live}
    claimed = {symbol.id: key for key, symbol in matches.items()}
    contexts = _renamed_context(lines, today)
    olds: dict[Key, tuple[str, ...]] = {}
    for key, element in present.items():
        _refuse_swap(key, element, present, found)
        names = candidates(element, olds, contexts)
        if key not in matches:
            refused: list[tuple[str, str]] = []
            for name, declared in names:
                source = lines.live.get((key[0], name))
                reason = _refusal(source, key[0], name, present, claimed, lines)
                if source is not None and not reason:
                    matches[key] = source
                    claimed[source.id] = key
                    break
                if declared:
                    refused.append((name, reason))
            owner_is_known = element.owner is None or element.owner in matches
            if key not in matches and refused and owner_is_known and not silent:
                _report(element, refused, found)
        was = (matches[key].qname,) if key in matches else ()
        # Under a name that something else has or had, what it owns is not to be looked for.
        free = (
            name
            for name, _ in names
            if (key[0], name) not in present and (key[0], name) not in lines.live
        )
        olds[key] = tuple(dict.fromkeys((key[1], *was, *free)))
    return matches


def _refusal(
    source: Symbol | None,
    kind: str,
    name: str,
    present: Mapping[Key, Former],
    claimed: Mapping[str, Key],
    lines: Known,
) -> str:
    """Return why a name can not be the former one; empty when it can."""
    short = name.rpartition(".")[2]
    if (kind, name) in present:
        return f"`{short}` is still there"
    if source is None:
        removed = any((s.kind, s.qname) == (kind, name) for s in lines.tombstones.values())
        return f"`{short}` was removed in an earlier run" if removed else f"no `{short}` was there"
    if source.id in claimed:
        other = claimed[source.id][1].rpartition(".")[2]
        return f"`{other}` was `{short}` already"
    return ""


def _refuse_swap(
    key: Key, element: Former, present: Mapping[Key, Former], found: Collector
) -> None:
    """Report two that name each other: which of them has which data could not be told."""
    owner = key[1].removesuffix(element.name)
    for name in element.declared:
        other = present.get((key[0], f"{owner}{name}"))
        if other is not None and element.name in other.declared and element.name < name:
            found.error(
                "AG802",
                f"`{element.name}` and `{name}` are both renamed from each other",
                element.at,
                help="rename one to a third name, run `apigen regenerate`, then do the rest",
            )


def _report(element: Former, refused: list[tuple[str, str]], found: Collector) -> None:
    reasons = list(dict.fromkeys(reason for _, reason in refused))
    # An owner that was renamed gives every name twice; "no such thing" says the least.
    telling = [reason for reason in reasons if not reason.startswith("no `")]
    if element.is_shared and not telling:
        return
    telling = telling or reasons
    found.error(
        "AG802",
        f"`{element.name}` cannot be renamed from `{element.declared[0]}`: {telling[0]}",
        element.at,
        help="name what the last run called it, or remove `renamed_from` when it is new",
    )


def _renamed_context(lines: Known, today: System) -> Mapping[str, str]:
    """Return the old name of the only context, when the app has another name now."""
    before = {qname.partition(".")[0] for _, qname in lines.live}
    now = [context.qname for context in today.contexts]
    if len(before) == 1 and len(now) == 1 and now[0] not in before:
        return {now[0]: before.pop()}
    return {}


def _ids(
    present: Mapping[Key, Former],
    matches: Mapping[Key, Symbol],
    lines: Known,
) -> dict[Key, str]:
    """Return the id of every element; one that an id was taken from gets another number."""
    used = set(lines.ids)
    given: dict[Key, str] = {}
    for key, element in present.items():
        if key in matches:
            given[key] = matches[key].id
            continue
        id, number = element.id, 2
        while id in used:
            id, number = f"{element.id}-{number}", number + 1
        used.add(id)
        given[key] = id
    return given


def _kept_values(system: System, matches: Mapping[Key, Symbol], found: Collector) -> dict[str, str]:
    """Return the stored values that members keep because the spec does not give them one."""
    kept: dict[str, str] = {}
    for declared in system.types.values():
        if not isinstance(declared, EnumType):
            continue
        mine: dict[str, str] = {}
        for member in declared.members:
            qname = f"{declared.qname}.{member.name}"
            line = matches.get(("member", qname))
            if line is not None and not member.has_own_value and line.storage != member.value:
                mine[qname] = line.storage
        if not mine:
            continue
        stored: dict[str, str] = {}
        for member in declared.members:
            value = mine.get(f"{declared.qname}.{member.name}", member.value)
            first = stored.setdefault(value, member.name)
            if first != member.name:
                found.error(
                    "AG212",
                    f"enum value `{value}` is stored for two members",
                    member.span or declared.span,
                    help=f"`{first}` and `{member.name}`: give one of them a `value` of its own",
                )
        kept.update(mine)
    return kept


def _renames(
    present: Mapping[Key, Former], matches: Mapping[Key, Symbol], collections: Mapping[str, str]
) -> tuple[Rename, ...]:
    """Return what is called differently by itself, not because its owner is."""
    found: list[Rename] = []
    for key, element in present.items():
        line = matches.get(key)
        if line is None:
            continue
        old = line.qname.rpartition(".")[2]
        if key[0] == "child":
            assert element.owner is not None
            before = collections.get(line.qname, "")
            attribute = before.rpartition(".")[2]
            if before and attribute != element.collection:
                after = f"{element.owner[1]}.{element.collection}"
                found.append(Rename(kind="child", old=before, new=after))
            elif old != element.name and old in element.declared:
                found.append(Rename(kind="child", old=line.qname, new=key[1]))
        elif line.qname in element.declared or (old != element.name and old in element.declared):
            found.append(Rename(kind=key[0], old=line.qname, new=key[1]))
    return tuple(found)


def _collections(last: System | None) -> dict[str, str]:
    """Return `context.Owner.collection` by the qualified name of the child's class."""
    found: dict[str, str] = {}
    owners: list[Entity | Child] = []
    if last is not None:
        owners = [*last.entities.values(), *last.children.values()]
    for owner in owners:
        for child in owner.children:
            found[child.qname] = f"{owner.qname}.{child.attribute}"
    return found
