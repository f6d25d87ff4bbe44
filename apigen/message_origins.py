"""Which command, event, query, reaction, projection or policy a line of a project speaks of.

Beside `origins`, which knows entities, types and their parts.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from apigen.diagnostics import Span
from apigen.ir.names import stands_in, words
from apigen.values import dataclass

if TYPE_CHECKING:
    from apigen.ir.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOrigin:
    """A message or policy, and how code spells it."""

    kind: str
    qname: str
    span: Span
    owner: str
    """Qualified name of the entity or context it belongs to."""
    spellings: tuple[str, ...]


def messages_on(
    system: "System", names: Sequence[str], symbols: Sequence[str], identifiers: Sequence[str]
) -> tuple[MessageOrigin, ...]:
    """Return what a line speaks of.

    Args:
        system: Today's.
        names: Qualified names of the elements of the file.
        symbols: Names of the classes and functions around the line, the outermost first.
        identifiers: Names on the line.
    """
    known = [one for one in _all(system) if one.owner in names or one.qname in names]
    around = [words(name) for name in symbols if name]
    on_line = [words(name) for name in identifiers]
    return tuple(_said(known, around) or _said(known, on_line))


def messages_named(system: "System", names: Sequence[str]) -> tuple[MessageOrigin, ...]:
    """Return the messages among qualified names."""
    return tuple(one for one in _all(system) if one.qname in names)


def _said(known: Sequence[MessageOrigin], said: Sequence[tuple[str, ...]]) -> list[MessageOrigin]:
    """Return what is named: as it is, or in a name that begins or ends with a class of its own."""
    exact = [one for one in known if any(words(spelling) in said for spelling in one.spellings)]
    if exact:
        return exact
    return [
        one
        for one in known
        if any(
            len(words(spelling)) > 1 and any(stands_in(words(spelling), name) for name in said)
            for spelling in one.spellings
        )
    ]


def _all(system: "System") -> Iterator[MessageOrigin]:
    from apigen.ir.behaviour_names import (
        command_class,
        event_class,
        payload_class,
        query_class,
        task_class,
    )

    for command in system.commands:
        yield MessageOrigin(
            kind="command",
            qname=command.qname,
            span=command.span,
            owner=command.owner or command.context,
            spellings=(command.name.text, command_class(command)),
        )
    for event in system.events:
        yield MessageOrigin(
            kind="event",
            qname=event.qname,
            span=event.span,
            owner=event.owner or event.context,
            spellings=(payload_class(event), event_class(event)),
        )
    for reaction in system.reactions:
        yield MessageOrigin(
            kind="reaction",
            qname=reaction.qname,
            span=reaction.span,
            owner=reaction.context,
            spellings=(reaction.name.text,),
        )
    for task in system.tasks:
        yield MessageOrigin(
            kind="task",
            qname=task.qname,
            span=task.span,
            owner=task.context,
            spellings=(task.name.text, task_class(task)),
        )
    sources = {entity.qname: entity.name for entity in system.entities.values()}
    groups = [(entity.qname, entity.queries) for entity in system.entities.values()]
    for context in system.contexts:
        groups.append((context.qname, context.queries))
        for held in context.projections:
            projection = held.projection
            sources[projection.qname] = projection.name
            groups.append((projection.qname, held.queries))
            yield MessageOrigin(
                kind="projection",
                qname=projection.qname,
                span=projection.span,
                owner=projection.source,
                spellings=(projection.name.text,),
            )
    for owner, queries in groups:
        for query in queries:
            yield MessageOrigin(
                kind="query",
                qname=query.qname,
                span=query.span,
                owner=owner,
                spellings=(query.name.text, query_class(query, source=sources[query.source])),
            )
    for entity in system.entities.values():
        for rule in entity.access.rules:
            yield MessageOrigin(
                kind="policy",
                qname=f"{entity.qname}.{rule.name}",
                span=rule.condition.span,
                owner=entity.qname,
                spellings=(rule.name,),
            )
