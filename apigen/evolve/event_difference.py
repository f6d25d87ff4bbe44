"""What is different between events, and between what happens after them.

A payload may change as it likes under a higher version with an upcast from the one before: stored
events are read as that, and consumers tell the two apart. What is not public is stored too,
until it is handled.
"""

from collections.abc import Iterator
from dataclasses import replace

from apigen.diagnostics import Span
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.message_difference import READ, message_changes
from apigen.evolve.record import Effect, SpecChange
from apigen.evolve.side import Side
from apigen.evolve.version_difference import announced
from apigen.ir.behaviour import Assign, Event, Reaction


def event_changes(
    before: tuple[Event, ...], after: tuple[Event, ...], home: Span, old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of the events of an entity or context, which stands at `home`."""
    known = {event.id: event for event in before}
    for event in after:
        was = known.pop(event.id, None)
        subject = _subject(event)
        if was is None:
            yield change(Row.EVENT_ADDED, subject, f"event `{event.name.text}` is new")
            continue
        yield from _event(was, event, subject, old, new)
    for gone in known.values():
        subject = _subject(gone)._replace(span=home)
        text = f"event `{gone.name.text}` is gone"
        found = change(Row.EVENT_REMOVED, subject, text)
        # Nobody outside waits for what is not public.
        yield found if gone.public else replace(found, events=Effect.WARN)


def is_covered(before: Event, after: Event) -> bool:
    """Whether events of the last run's version are read as today's."""
    return after.version > before.version and any(
        upcast.version == before.version for upcast in after.upcasts
    )


def _subject(event: Event) -> Subject:
    return Subject("event", event.qname, event.span, is_stored=False, in_api=False)


def _event(
    before: Event, after: Event, subject: Subject, old: Side, new: Side
) -> Iterator[SpecChange]:
    title = after.name.text
    if before.name.text != title:
        yield change(
            Row.EVENT_RENAMED,
            subject,
            f"event `{before.name.text}` is called `{title}`",
            before=before.qname,
            after=after.qname,
        )
    if before.version != after.version:
        yield change(
            Row.EVENT_VERSION,
            subject,
            f"event `{title}` has version {after.version}",
            attribute="version",
            before=str(before.version),
            after=str(after.version),
        )
    if before.public != after.public:
        yield change(
            Row.EVENT_PUBLISHED if after.public else Row.EVENT_WITHDRAWN,
            subject,
            f"event `{title}` is {'public' if after.public else 'no longer public'}",
            attribute="public",
            before=str(before.public).lower(),
            after=str(after.public).lower(),
        )
    if before.lifespan.deprecated != after.lifespan.deprecated:
        text = f"event `{title}` is {announced(after.lifespan)}"
        yield change(Row.EVENT_DEPRECATED, subject, text, attribute="deprecated")
    covered = is_covered(before, after)
    for found in message_changes(
        before.payload,
        after.payload,
        subject,
        old,
        new,
        direction=READ,
        title=f"event `{title}`",
    ):
        # What a consumer is sent has a version of its own.
        is_told = covered and found.events is Effect.BREAKING
        yield replace(found, events=Effect.WARN) if is_told else found
    yield from _upcasts(before, after, subject, old)


def _upcasts(before: Event, after: Event, subject: Subject, old: Side) -> Iterator[SpecChange]:
    """Yield older versions that are read in another way, or not at all any more."""
    now = {upcast.version: upcast for upcast in after.upcasts}
    for upcast in before.upcasts:
        same = upcast.version in now and same_values(upcast.values, now[upcast.version].values, old)
        if not same:
            what = "read in another way" if upcast.version in now else "not read any more"
            yield change(
                Row.COMPUTED_CHANGED if upcast.version in now else Row.EVENT_REMOVED,
                subject,
                f"version {upcast.version} of event `{after.name.text}` is {what}",
                attribute=f"upcast.{upcast.version}",
            )


def same_values(before: tuple[Assign, ...], after: tuple[Assign, ...], old: Side) -> bool:
    """Whether attributes get the same values, renames aside."""
    was = {old.translated(one.attribute): old.translated(one.value.source) for one in before}
    return was == {one.attribute: one.value.source for one in after}


def reaction_changes(
    before: tuple[Reaction, ...], after: tuple[Reaction, ...], home: Span, old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of what happens after events."""
    known = {reaction.id: reaction for reaction in before}
    for reaction in after:
        was = known.pop(reaction.id, None)
        title = reaction.name.text
        subject = Subject("reaction", reaction.qname, reaction.span, is_stored=False, in_api=False)
        if was is None:
            yield change(Row.REACTION_ADDED, subject, f"reaction `{title}` is new")
            continue
        if was.name.text != title:
            # What was done is remembered under the name of the reaction.
            yield change(
                Row.REACTION_RENAMED,
                subject,
                f"reaction `{was.name.text}` is called `{title}`",
                before=was.qname,
                after=reaction.qname,
            )
        if not _same(was, reaction, old, new):
            text = f"reaction `{title}` does something else"
            yield change(Row.REACTION_CHANGED, subject, text, attribute="run")
        if (was.retry, was.delay_s, was.inbox) != (
            reaction.retry,
            reaction.delay_s,
            reaction.inbox,
        ):
            text = f"reaction `{title}` is run in another way"
            yield change(Row.RUN_CHANGED, subject, text, attribute="retry")
    for gone in known.values():
        subject = Subject("reaction", gone.qname, home, is_stored=False, in_api=False)
        yield change(Row.REACTION_REMOVED, subject, f"reaction `{gone.name.text}` is gone")


def _same(before: Reaction, after: Reaction, old: Side, new: Side) -> bool:
    return (
        old.ids.get(before.event) == new.ids.get(after.event)
        and old.ids.get(before.command) == new.ids.get(after.command)
        and old.says(before.target, after.target)
        and old.says(before.when, after.when)
        and same_values(before.values, after.values, old)
    )
