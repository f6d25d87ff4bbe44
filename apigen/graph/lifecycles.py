"""Tell how the commands of an entity move it from state to state.

Where a state goes on paper is the business of `state_drawing`, the notation that of `mermaid`.
"""

from collections.abc import Iterator

from apigen.ir.behaviour import Lifecycle
from apigen.ir.system import Entity, System
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMark:
    """One state."""

    name: str
    is_initial: bool
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """An arrow: everything that moves from one state to another."""

    source: str
    target: str
    label: str
    """Commands, in the order of the spec: `cancel, refuse`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChart:
    """The lifecycle of one entity; every transition joins states of it."""

    key: str
    """Qualified name of the entity."""
    title: str
    group: str
    """Its context."""
    states: tuple[StateMark, ...]
    transitions: tuple[Transition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycles:
    """Those of a whole system, in the order of the spec."""

    title: str
    charts: tuple[StateChart, ...]


def lifecycles(system: System) -> Lifecycles:
    """Return the lifecycles of the entities that have one."""
    return Lifecycles(
        title=system.app.title or system.app.name,
        charts=tuple(
            _chart(entity, entity.lifecycle, context.name.text)
            for context in system.contexts
            for entity in context.entities
            if entity.lifecycle is not None
        ),
    )


def _chart(entity: Entity, lifecycle: Lifecycle, context: str) -> StateChart:
    return StateChart(
        key=entity.qname,
        title=entity.name.pascal,
        group=context,
        states=tuple(
            StateMark(
                name=state.name,
                is_initial=state.name == lifecycle.initial,
                is_final=state.final,
            )
            for state in lifecycle.states
        ),
        transitions=tuple(_transitions(entity, lifecycle)),
    )


def _transitions(entity: Entity, lifecycle: Lifecycle) -> Iterator[Transition]:
    """Yield the arrows, by source and target in the order of the states."""
    names = [state.name for state in lifecycle.states]
    moves: dict[tuple[str, str], list[str]] = {}
    for command in entity.commands:
        if command.move is not None:
            for source in command.move.sources:
                moves.setdefault((source, command.move.target), []).append(command.name.text)
    for source, target in sorted(moves, key=lambda one: (names.index(one[0]), names.index(one[1]))):
        label = ", ".join(moves[source, target])
        yield Transition(source=source, target=target, label=label)
