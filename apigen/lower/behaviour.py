"""Behaviour of all entities and contexts: events, then commands, then reactions and tasks."""

from collections.abc import Mapping
from dataclasses import replace

from apigen.ir.behaviour import Command, Event, Reaction, Task
from apigen.ir.system import Entity
from apigen.lower.command_routes import routed
from apigen.lower.command_scope import Owner
from apigen.lower.commands import lower_command
from apigen.lower.contexts import Declarations
from apigen.lower.entities import EntityDraft
from apigen.lower.events import EventDraft, lower_event
from apigen.lower.field_flags import is_true
from apigen.lower.lifecycle import warn_of_states
from apigen.lower.meanings import Meanings
from apigen.lower.reactions import lower_reaction
from apigen.lower.tasks import lower_task
from apigen.lower.workspace import Workspace
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What contexts do beside their entities, by name of the context."""

    commands: Mapping[str, tuple[Command, ...]]
    events: Mapping[str, tuple[Event, ...]]
    reactions: Mapping[str, tuple[Reaction, ...]]
    tasks: Mapping[str, tuple[Task, ...]]


def behave(
    entities: dict[str, Entity],
    drafts: dict[str, EntityDraft],
    meanings: Meanings,
    work: Workspace,
    *,
    inbox: bool,
) -> tuple[dict[str, Entity], Behaviour]:
    """Return the entities with their events and commands, and what belongs to contexts.

    Commands have no routes. `inbox` is what reactions do that say nothing.
    """
    own_events = {
        qname: {
            part.name.value: lower_event(part, entity.context, entity, meanings, work)
            for part in drafts[qname].flat.events
        }
        for qname, entity in entities.items()
    }
    shared_events = {
        context.name: {
            name: lower_event(named, context.name, None, meanings, work)
            for name, named in context.events.items()
        }
        for context in work.contexts.values()
    }
    finished = {
        qname: replace(
            entity,
            events=tuple(draft.event for draft in own_events[qname].values()),
            commands=tuple(
                lower_command(
                    named,
                    entity.context,
                    _owner(entity, drafts[qname], meanings),
                    entities,
                    (own_events[qname], shared_events[entity.context]),
                    meanings,
                    work,
                )
                for named in drafts[qname].flat.spec.commands or ()
            ),
        )
        for qname, entity in entities.items()
    }
    for qname, entity in finished.items():
        lifecycle = drafts[qname].lifecycle
        # Without the moves that were wrong, every state would look lost.
        moves = [named.value.moves for named in drafts[qname].flat.spec.commands or ()]
        understood = [command.move for command in entity.commands]
        if lifecycle is not None and moves.count(None) == understood.count(None):
            warn_of_states(lifecycle, entity.commands, work)
    commands = {
        context.name: tuple(
            lower_command(
                named,
                context.name,
                None,
                entities,
                ({}, shared_events[context.name]),
                meanings,
                work,
            )
            for named in context.commands.values()
        )
        for context in work.contexts.values()
    }
    all_events = {
        draft.event.qname: draft
        for by_name in (*own_events.values(), *shared_events.values())
        for draft in by_name.values()
    }
    all_commands = {
        command.qname: command
        for group in (*(entity.commands for entity in finished.values()), *commands.values())
        for command in group
    }
    return finished, Behaviour(
        commands=commands,
        events={
            name: tuple(draft.event for draft in by_name.values())
            for name, by_name in shared_events.items()
        },
        reactions={
            context.name: _reactions(context, all_events, all_commands, meanings, work, inbox=inbox)
            for context in work.contexts.values()
        },
        tasks={
            context.name: tuple(
                lower_task(named, context, all_commands, work) for named in context.tasks.values()
            )
            for context in work.contexts.values()
        },
    )


def _owner(entity: Entity, draft: EntityDraft, meanings: Meanings) -> Owner:
    scope = meanings.entity(entity.qname)
    return Owner(
        entity=entity,
        fields=scope.fields,
        children=scope.children,
        lifecycle=draft.lifecycle,
        immutable=frozenset(
            {
                *entity.identity.fields,
                *(one.name.value for one in draft.drafts if is_true(one.spec.immutable)),
            }
        ),
    )


def _reactions(
    context: Declarations,
    events: Mapping[str, EventDraft],
    commands: Mapping[str, Command],
    meanings: Meanings,
    work: Workspace,
    *,
    inbox: bool,
) -> tuple[Reaction, ...]:
    found = (
        lower_reaction(named, context, events, commands, meanings, work, inbox=inbox)
        for named in context.reactions.values()
    )
    return tuple(reaction for reaction in found if reaction is not None)


def with_routes(
    entities: dict[str, Entity], drafts: dict[str, EntityDraft], work: Workspace
) -> dict[str, Entity]:
    """Return the entities with the routes of their commands; resources are there."""
    return {
        qname: replace(
            entity,
            commands=routed(
                entity.commands,
                drafts[qname].flat.spec.commands or (),
                is_served=entity.resource is not None,
                work=work,
            ),
        )
        if entity.commands
        else entity
        for qname, entity in entities.items()
    }
