"""What is different between two systems, matched by id and not by name. Order is nothing.

Entities and types here; their fields are `field_difference`, their REST surface is
`resource_difference`. What apigen adds by itself follows from switches and is told by these.
"""

from collections.abc import Iterator, Mapping

from apigen.diagnostics import Span
from apigen.evolve.access_difference import access_changes, security_changes
from apigen.evolve.child_difference import child_changes, stored_name
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.command_difference import command_changes
from apigen.evolve.event_difference import event_changes, reaction_changes
from apigen.evolve.field_difference import field_changes
from apigen.evolve.identity import Identified
from apigen.evolve.lifecycle_difference import lifecycle_changes
from apigen.evolve.platform_difference import platform_changes
from apigen.evolve.query_difference import projection_changes, query_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.resource_difference import Exposed, api_changes, resource_changes
from apigen.evolve.rule_difference import (
    custom_changes,
    exclusion_changes,
    key_changes,
    rule_changes,
)
from apigen.evolve.side import Side
from apigen.evolve.task_difference import task_changes
from apigen.evolve.type_difference import type_difference
from apigen.evolve.version_difference import lifespan_changes
from apigen.ir.access import Role
from apigen.ir.system import Context, Entity, System


def differences(last: System, identity: Identified) -> tuple[SpecChange, ...]:
    """Return the changes from the last run's system to today's, in the order of today's spec.

    Args:
        last: Lowered from the last run's spec, with the ids of the lock.
        identity: Today's system; both sides' ids are of one lock.
    """
    today = identity.system
    old, new = Side.of(last, identity.renames), Side.of(today)
    found = [*api_changes(last, today)]
    subject = Subject("system", "system", _start(today), is_stored=False, in_events=False)
    found += security_changes(last, today, subject)
    found += platform_changes(last, today, subject)
    roles = today.security.roles if today.security is not None else ()
    states = {one.lifecycle.enum for one in today.entities.values() if one.lifecycle is not None}
    befores = {context.qname: context for context in last.contexts}
    if len(last.contexts) == len(today.contexts) == 1:
        befores = {today.contexts[0].qname: last.contexts[0]}
    for context in today.contexts:
        for declared in context.types:
            found += type_difference(
                old.types.get(declared.id), declared, old, new, of_states=declared.qname in states
            )
        for entity in context.entities:
            found += _entity(old.entities.get(entity.id), entity, roles, old, new)
        was = befores.get(context.qname)
        if was is not None:
            found += _context(was, context, roles, old, new)
        found += _gone(context.qname, context.span, old, new)
    here = {context.qname for context in today.contexts}
    for context in last.contexts:
        if context.qname not in here:
            first = today.contexts[0].span if today.contexts else context.span
            found += _gone(context.qname, first, old, new)
    return tuple(found)


def _gone(context: str, span: Span, old: Side, new: Side) -> Iterator[SpecChange]:
    """Yield what the last run had in a context and nothing of today has taken over."""
    for declared in old.types.values():
        if declared.qname.rpartition(".")[0] == context and declared.id not in new.types:
            subject = Subject("type", declared.qname, span)
            yield change(Row.TYPE_REMOVED, subject, f"type `{declared.name.text}` is gone")
    for entity in old.entities.values():
        if entity.context == context and entity.id not in new.entities:
            subject = Subject("entity", entity.qname, span, in_api=entity.resource is not None)
            yield change(Row.ENTITY_REMOVED, subject, f"entity `{entity.name.text}` is gone")


def _context(
    before: Context, after: Context, roles: tuple[Role, ...], old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of what a context has and no entity owns."""
    yield from command_changes(before.commands, after.commands, after.span, old, new)
    yield from event_changes(before.events, after.events, after.span, old, new)
    yield from query_changes(before.queries, after.queries, after.span, old, new)
    yield from reaction_changes(before.reactions, after.reactions, after.span, old, new)
    yield from task_changes(before.tasks, after.tasks, after.span, old, new)
    yield from projection_changes(
        before.projections, after.projections, roles, after.span, old, new
    )
    subject = Subject("context", after.qname, after.span)
    yield from access_changes(before.access, after.access, roles, subject, after.name.text, old)


def _start(system: System) -> Span | None:
    """Return the beginning of the spec, where the whole system is told of."""
    if not system.contexts:
        return None
    return Span(file=system.contexts[0].span.file, line=1, column=1, end_line=1, end_column=2)


def _entity(
    before: Entity | None, after: Entity, roles: tuple[Role, ...], old: Side, new: Side
) -> Iterator[SpecChange]:
    title = after.name.text
    subject = Subject("entity", after.qname, after.span, in_api=after.resource is not None)
    if before is None:
        yield change(Row.ENTITY_ADDED, subject, f"entity `{title}` is new")
        return
    if before.name.text != after.name.text:
        yield change(
            Row.ENTITY_RENAMED,
            subject._replace(in_api=subject.in_api and not _same_path(before, after)),
            f"entity `{before.name.text}` is called `{title}`",
            before=before.qname,
            after=after.qname,
        )
    if before.context != after.context:
        yield change(
            Row.MOVED,
            subject,
            f"entity `{title}` moved from `{before.context}` to `{after.context}`",
            attribute="context",
            before=before.context,
            after=after.context,
        )
    yield from stored_name(before, after, subject, title)
    if before.schema != after.schema:
        yield change(
            Row.STORED_NAME,
            subject,
            f"the table of `{title}` is in another schema of the database",
            attribute="schema",
            before=before.schema or "",
            after=after.schema or "",
        )
    yield from _identity(before, after, subject, title)
    yield from _switches(before, after, subject)
    is_in_api = after.resource is not None
    yield from field_changes(before, after, old, new, in_api=is_in_api)
    yield from child_changes(before, after, old, new, in_api=is_in_api)
    yield from rule_changes(before.invariants, after.invariants, subject, old)
    yield from key_changes(before, after, subject, old)
    yield from custom_changes(before, after, subject)
    yield from exclusion_changes(before, after, subject, old)
    yield from resource_changes(Exposed.of(before), Exposed.of(after))
    yield from lifespan_changes(before.lifespan, after.lifespan, subject, title, old, new)
    yield from lifecycle_changes(before, after, subject, old)
    yield from command_changes(before.commands, after.commands, after.span, old, new)
    yield from event_changes(before.events, after.events, after.span, old, new)
    yield from query_changes(before.queries, after.queries, after.span, old, new)
    yield from access_changes(before.access, after.access, roles, subject, title, old)


def _same_path(before: Entity, after: Entity) -> bool:
    """Whether clients find it where it was, whatever it is called."""
    was, now = before.resource, after.resource
    return was is not None and now is not None and was.path == now.path


def _identity(before: Entity, after: Entity, subject: Subject, title: str) -> Iterator[SpecChange]:
    old, new = before.identity, after.identity
    keys = [{field.attribute: field.id for field in entity.fields} for entity in (before, after)]
    parts = [
        (one.kind, one.prefix, [ids.get(name, name) for name in one.fields])
        for one, ids in zip((old, new), keys, strict=True)
    ]
    # The synthesized `id` of a renamed entity has its own id in the lock; only kinds count there.
    if old.fields == new.fields == ("id",):
        parts = [(one.kind, one.prefix, []) for one in (old, new)]
    if parts[0] != parts[1]:
        yield change(
            Row.ID_STRATEGY,
            subject,
            f"`{title}` has another kind of id",
            attribute="id",
            before=_strategy(before),
            after=_strategy(after),
        )
    elif old.client_supplied != new.client_supplied:
        row = Row.SURFACE_GAINED if new.client_supplied else Row.SURFACE_LOST
        verb = "may" if new.client_supplied else "may no longer"
        yield change(
            row,
            subject,
            f"clients {verb} choose the id of a `{title}`",
            attribute="id.client",
            before=str(old.client_supplied).lower(),
            after=str(new.client_supplied).lower(),
        )


def _strategy(entity: Entity) -> str:
    key = entity.identity
    parts = "" if key.fields == ("id",) else f"({'|'.join(key.fields)})"
    return f"{key.kind}{parts}" + (f" prefix={key.prefix}" if key.prefix else "")


def _switches(before: Entity, after: Entity, subject: Subject) -> Iterator[SpecChange]:
    title = after.name.text
    switches: Mapping[str, tuple[bool, bool, str]] = {
        "soft_delete": (
            before.soft_delete is not None,
            after.soft_delete is not None,
            "soft delete",
        ),
        "versioned": (before.versioned, after.versioned, "the version"),
        "timestamps": (before.timestamps, after.timestamps, "the times of change"),
        "audit": (before.audit is not None, after.audit is not None, "the log of changes"),
    }
    for attribute, (was, now, words) in switches.items():
        if was == now:
            continue
        row = Row.SYNTHESIZED_ON if now else Row.SYNTHESIZED_OFF
        yield change(
            row,
            subject,
            f"{words} of `{title}` is switched {'on' if now else 'off'}",
            attribute=attribute,
            before=str(was).lower(),
            after=str(now).lower(),
        )
    yield from _settings(before, after, subject)
    if before.etag != after.etag and before.versioned == after.versioned:
        row = Row.OFFER_ADDED if after.etag else Row.OFFER_REMOVED
        yield change(
            row,
            subject,
            f"`{title}` has {'an' if after.etag else 'no'} ETag",
            attribute="versioned.etag",
            before=str(before.etag).lower(),
            after=str(after.etag).lower(),
        )


def _settings(before: Entity, after: Entity, subject: Subject) -> Iterator[SpecChange]:
    """Yield what is different about switches that stay on, and no client can see."""
    title = after.name.text
    if before.soft_delete is not None and after.soft_delete is not None:
        was, now = before.soft_delete.purge_after_s, after.soft_delete.purge_after_s
        if was != now:
            words = "kept" if now is None else f"removed for good after {now / 86400:g} days"
            yield change(
                Row.RUN_CHANGED,
                subject,
                f"deleted rows of `{title}` are {words}",
                attribute="soft_delete.purge_after",
            )
    if before.logs_reads != after.logs_reads:
        yield change(
            Row.TABLE_ON if after.logs_reads else Row.TABLE_OFF,
            subject,
            f"reads of `{title}` are {'' if after.logs_reads else 'no longer '}logged",
            attribute="audit.reads",
            before=str(before.logs_reads).lower(),
            after=str(after.logs_reads).lower(),
        )
    logs = [one.audit and one.audit.fields for one in (before, after)]
    if before.audit is not None and after.audit is not None and logs[0] != logs[1]:
        yield change(
            Row.RUN_CHANGED,
            subject,
            f"other changes of `{title}` are logged",
            attribute="audit.fields",
        )
