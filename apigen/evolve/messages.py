"""What a system does, each with its kind: commands, events, queries, reactions, projections.

The kinds are those of `renamed_from` and of the lock.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from apigen.ir.behaviour import Command, Event, Projection, Query, Reaction
from apigen.ir.system import Context, Entity, ProjectionResource

type Message = Command | Event | Query | Reaction | Projection


def of_entity(entity: Entity) -> Iterator[tuple[str, Message]]:
    """Yield what an entity owns."""
    yield from (("command", one) for one in entity.commands)
    yield from (("event", one) for one in entity.events)
    yield from (("query", one) for one in entity.queries)


def of_context(context: Context) -> Iterator[tuple[str, Message]]:
    """Yield what a context has and no entity or projection owns."""
    yield from (("command", one) for one in context.commands)
    yield from (("event", one) for one in context.events)
    yield from (("query", one) for one in context.queries)
    yield from (("reaction", one) for one in context.reactions)
    yield from (("projection", one.projection) for one in context.projections)


class Edit:
    """How each message is changed, None to leave it out; applied to what holds messages."""

    def __init__(self, change: Callable[[str, Message], Message | None]) -> None:
        """Remember the function; it is given kind and message, and returns one of that kind."""
        self._change = change

    def entity(self, entity: Entity) -> Entity:
        """Return the entity with its messages changed."""
        return replace(
            entity,
            commands=self._all("command", entity.commands),
            events=self._all("event", entity.events),
            queries=self._all("query", entity.queries),
        )

    def context(self, context: Context) -> Context:
        """Return the context with its own messages changed; those of entities are not looked at."""
        return replace(
            context,
            commands=self._all("command", context.commands),
            events=self._all("event", context.events),
            queries=self._all("query", context.queries),
            reactions=self._all("reaction", context.reactions),
            projections=tuple(
                kept for one in context.projections for kept in self._projection(one)
            ),
        )

    def _projection(self, held: ProjectionResource) -> Iterator[ProjectionResource]:
        for projection in self._all("projection", (held.projection,)):
            queries = self._all("query", held.queries)
            yield replace(held, projection=projection, queries=queries)

    def _all[T: (Command, Event, Query, Reaction, Projection)](
        self, kind: str, messages: tuple[T, ...]
    ) -> tuple[T, ...]:
        found: list[T] = []
        for message in messages:
            changed = self._change(kind, message)
            if changed is not None:
                assert isinstance(changed, type(message))
                found.append(changed)
        return tuple(found)
