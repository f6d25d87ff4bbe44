"""What is different between the events and reactions of one owner, then and today."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.input_difference import told_changes
from apigen.evolve.lifespan_difference import lifespan_changes
from apigen.evolve.pairing import paired
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.behaviour import Event, Reaction
from apigen.ir.element import Element


def event_changes(
    owner: Element, before: tuple[Event, ...], after: tuple[Event, ...], old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of events; `owner` is the entity or context of today."""
    for was, now in paired(before, after):
        if now is None:
            assert was is not None
            yield change(
                Row.EVENT_REMOVED,
                _subject(was)._replace(span=owner.span),
                f"event `{was.name.text}` is gone",
            )
        elif was is None:
            yield change(Row.EVENT_ADDED, _subject(now), f"event `{now.name.text}` is new")
        else:
            yield from _event(was, now, old, new)


def _subject(event: Event) -> Subject:
    return Subject("event", event.qname, event.span, is_stored=False, in_api=False)


def _event(before: Event, after: Event, old: Side, new: Side) -> Iterator[SpecChange]:
    subject, name = _subject(after), f"`{after.name.text}`"
    if before.name.text != after.name.text:
        yield change(
            Row.EVENT_RENAMED,
            subject,
            f"event `{before.name.text}` is called {name}",
            before=before.qname,
            after=after.qname,
        )
    yield from told_changes(after, before.payload, after.payload, old, new, in_api=False)
    if before.version != after.version:
        yield change(
            Row.EVENT_VERSION,
            subject,
            f"event {name} has the version {after.version}",
            attribute="version",
            before=str(before.version),
            after=str(after.version),
        )
    lost = {one.version for one in before.upcasts} - {one.version for one in after.upcasts}
    for version in sorted(lost):
        yield change(
            Row.EVENT_REMOVED,
            subject,
            f"version {version} of event {name} is no longer read",
            attribute="upcast",
            before=str(version),
        )
    if before.public != after.public:
        yield change(
            Row.SURFACE_GAINED if after.public else Row.SURFACE_LOST,
            subject,
            f"event {name} is {'public' if after.public else 'no longer public'}",
            attribute="public",
            before=str(before.public).lower(),
            after=str(after.public).lower(),
        )
    yield from lifespan_changes(before.lifespan, after.lifespan, subject, f"event {name}")


def reaction_changes(
    owner: Element, before: tuple[Reaction, ...], after: tuple[Reaction, ...], old: Side
) -> Iterator[SpecChange]:
    """Yield reactions that came, went, or do something else."""
    for was, now in paired(before, after):
        shown = now or was
        assert shown is not None
        subject = Subject("reaction", shown.qname, shown.span, is_stored=False, in_api=False)
        name = shown.name.text
        if now is None:
            gone = subject._replace(span=owner.span)
            yield change(Row.REACTION_REMOVED, gone, f"reaction `{name}` is gone")
        elif was is None:
            yield change(Row.REACTION_ADDED, subject, f"reaction `{name}` is new")
        elif _said(was, old) != _said(now, None):
            text = f"reaction `{name}` does something else"
            yield change(Row.REACTION_CHANGED, subject, text, attribute="run")


def _said(reaction: Reaction, old: Side | None) -> tuple[object, ...]:
    def said(source: str) -> str:
        return source if old is None else old.translated(source)

    return (
        said(reaction.event),
        said(reaction.command),
        said(reaction.target.source) if reaction.target is not None else None,
        tuple((said(one.attribute), said(one.value.source)) for one in reaction.values),
        said(reaction.when.source) if reaction.when is not None else None,
        reaction.delay_s,
        reaction.retry,
        reaction.inbox,
    )
