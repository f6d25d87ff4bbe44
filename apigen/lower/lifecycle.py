"""Lifecycles: the states of an entity, the enumeration they make, and the field that holds one.

AG401 for states that are not there, AG402 for those that no command enters or leaves.
"""

from collections.abc import Iterable
from dataclasses import replace

from apigen.diagnostics import Label, Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.behaviour import Command, Lifecycle, Move, State
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import EnumStore, EnumType
from apigen.ir.types import EnumRef, LiteralDefault
from apigen.lower.enums import enum_members
from apigen.lower.fields import synthesized
from apigen.lower.former_names import former_at, former_names
from apigen.lower.identifiers import stable_id
from apigen.lower.mixins import FlatEntity
from apigen.lower.symbols import Symbol, SymbolKind
from apigen.lower.workspace import Workspace
from apigen.spec.commands import MoveSpec
from apigen.spec.fields import EnumMemberSpec
from apigen.spec.lifecycle import LifecycleSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule, check_name
from apigen.values import dataclass

ANY = "any"
"""As the source of a move: every state that is not final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleDraft:
    """A lifecycle and where the spec has its parts."""

    field: Located[str]
    """Name of the status field, at the spec's own name or at the states."""
    lifecycle: Lifecycle | None
    """None when the states are wrong, which is reported."""
    spans: dict[str, Span]
    """Of every state."""
    former: tuple[Located[str], ...] | None
    """What the field was called."""


def declare_lifecycle(flat: FlatEntity, work: Workspace) -> LifecycleDraft | None:
    """Enter the enumeration of an entity's states among the types; None without a lifecycle."""
    spec = flat.spec.lifecycle
    if spec is None:
        return None
    field = Located(value="status", span=spec.span)
    if spec.field is not None and check_name(
        spec.field, NameRule(kind="field", case="snake"), work.found
    ):
        field = spec.field
    broken = LifecycleDraft(field=field, lifecycle=None, spans={}, former=spec.renamed_from)
    owner = f"{flat.context}.{flat.name.value}"
    enum = _enum(flat, spec, work)
    if enum is None:
        work.poisoned.add(f"{owner}.{field.value}")
        return broken
    names = tuple(member.name for member in enum.members)
    final = {*_final(spec, names, flat, work)}
    initial = names[0]
    if spec.initial is not None:
        if spec.initial.value in names:
            initial = spec.initial.value
        else:
            unknown_state(spec.initial, names, flat.name.value, work)
    return LifecycleDraft(
        field=field,
        lifecycle=Lifecycle(
            field=field.value,
            enum=enum.qname,
            states=tuple(State(name=name, final=name in final) for name in names),
            initial=initial,
            history=spec.history is not None and spec.history.value,
        ),
        spans={state.name.value: state.name.span for state in spec.states or ()},
        former=spec.renamed_from,
    )


def _enum(flat: FlatEntity, spec: LifecycleSpec, work: Workspace) -> EnumType | None:
    """Return the enumeration; its name is taken even when it is wrong, so that uses stay silent."""
    name = f"{Name.of(flat.name.value).pascal}Status"
    symbol = Symbol(kind=SymbolKind.TYPE, context=flat.context, name=name, span=spec.span)
    first = work.symbols.add(symbol)
    if first is not symbol:
        work.found.error(
            "AG104",
            f"the states of `{flat.name.value}` and another declaration both become the class"
            f" `{name}`",
            spec.span,
            labels=(Label(span=first.span, text="the other one"),),
            help="rename the other one: states are an enumeration of this name",
        )
        return None
    if spec.states is None:
        return None
    members = tuple(
        Named(
            name=state.name,
            value=EnumMemberSpec(
                span=state.value.span,
                label=state.value.label,
                renamed_from=state.value.renamed_from,
            ),
        )
        for state in spec.states
    )
    lowered = enum_members(members, symbol.qname, spec.span, work)
    if lowered is None:
        return None
    enum = EnumType(
        id=stable_id("type", symbol.qname),
        qname=symbol.qname,
        name=work.settings.naming.name(name),
        doc=spec.doc.value if spec.doc is not None else "",
        span=spec.span,
        # An entity that is renamed takes the enumeration of its states along.
        renamed_from=former_names(flat.spec.renamed_from, suffix="Status"),
        renamed_at=former_at(flat.spec.renamed_from),
        members=lowered,
        store=EnumStore.CHECK,
    )
    work.types[symbol.qname] = enum
    return enum


def _final(
    spec: LifecycleSpec, names: tuple[str, ...], flat: FlatEntity, work: Workspace
) -> Iterable[str]:
    for state in spec.states or ():
        if state.value.final is not None and state.value.final.value:
            yield state.name.value
    for written in spec.final or ():
        if written.value in names:
            yield written.value
        else:
            unknown_state(written, names, flat.name.value, work)


def unknown_state(
    written: Located[str], names: tuple[str, ...], entity: str, work: Workspace
) -> None:
    """Report AG401."""
    work.found.error(
        "AG401",
        f"no state `{written.value}` in the lifecycle of `{entity}`",
        written.span,
        help=did_you_mean(nearest(written.value, names))
        or f"states: {', '.join(f'`{name}`' for name in names)}",
    )


def status_field(owner: str, draft: LifecycleDraft, work: Workspace) -> Field | None:
    """Return the field that holds the state: read-only, filterable, `initial` from the start."""
    lifecycle = draft.lifecycle
    if lifecycle is None:
        return None
    return replace(
        synthesized(
            owner,
            lifecycle.field,
            EnumRef(target=lifecycle.enum),
            work,
            draft.field.span,
            filterable=True,
        ),
        default=LiteralDefault(value=lifecycle.initial),
        renamed_from=former_names(draft.former),
        renamed_at=former_at(draft.former),
    )


def lower_move(spec: MoveSpec, lifecycle: Lifecycle, entity: str, work: Workspace) -> Move | None:
    """Return a move with its sources spelled out (AG401)."""
    names = tuple(state.name for state in lifecycle.states)
    final = {state.name for state in lifecycle.states if state.final}
    target = spec.target
    if target.value not in names:
        unknown_state(target, names, entity, work)
        return None
    sources: list[str] = []
    for source in spec.sources:
        if source.value == ANY and ANY not in names:
            sources += (name for name in names if name not in final and name != target.value)
        elif source.value not in names:
            unknown_state(source, names, entity, work)
            return None
        elif source.value in final:
            work.found.error(
                "AG401",
                f"`{source.value}` is final: no move leads out of it",
                source.span,
                help="take it off `final`, or leave it out here",
            )
            return None
        else:
            sources.append(source.value)
    if not sources:
        work.found.error(
            "AG401",
            f"no state of `{entity}` is left to move to `{target.value}` from",
            target.span,
            help="every other state is final",
        )
        return None
    return Move(sources=tuple(dict.fromkeys(sources)), target=target.value)


def warn_of_states(draft: LifecycleDraft, commands: tuple[Command, ...], work: Workspace) -> None:
    """Warn of states that no command enters, or that none leaves though they are not final."""
    lifecycle = draft.lifecycle
    if lifecycle is None:
        return
    moves = [command.move for command in commands if command.move is not None]
    reached = {lifecycle.initial}
    while True:
        more = {
            move.target
            for move in moves
            if move.target not in reached and reached.intersection(move.sources)
        }
        if not more:
            break
        reached |= more
    left = {source for move in moves for source in move.sources}
    for state in lifecycle.states:
        span = draft.spans[state.name]
        if state.name not in reached:
            work.found.warning(
                "AG402",
                f"state `{state.name}` is unreachable",
                span,
                help="add a command that moves to it, or remove it",
            )
        elif not state.final and state.name not in left:
            work.found.warning(
                "AG402",
                f"state `{state.name}` is a dead end",
                span,
                help="add a command that moves on from it, or list it in `final`",
            )
