"""What is different between the queries and projections of then and today."""

from collections.abc import Iterator
from dataclasses import replace

from apigen.evolve.access_difference import access_changes
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.command_difference import route_changes
from apigen.evolve.input_difference import sent_changes, told_changes
from apigen.evolve.lifespan_difference import lifespan_changes
from apigen.evolve.pairing import paired
from apigen.evolve.record import Effect, SpecChange
from apigen.evolve.side import Side
from apigen.ir.behaviour import Projection, Query
from apigen.ir.element import Element
from apigen.ir.field import Field
from apigen.ir.system import ProjectionResource


def query_changes(
    owner: Element, before: tuple[Query, ...], after: tuple[Query, ...], old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of queries; `owner` is what they are declared in today."""
    for was, now in paired(before, after):
        if now is None:
            assert was is not None
            gone = _subject(was)._replace(span=owner.span)
            yield change(Row.QUERY_REMOVED, gone, f"query `{was.name.text}` is gone")
        elif was is None:
            yield change(Row.QUERY_ADDED, _subject(now), f"query `{now.name.text}` is new")
        else:
            yield from _query(was, now, old, new)


def _subject(query: Query) -> Subject:
    return Subject(
        "query",
        query.qname,
        query.span,
        is_stored=False,
        in_api=query.route is not None,
        in_events=False,
    )


def _query(before: Query, after: Query, old: Side, new: Side) -> Iterator[SpecChange]:
    subject, name = _subject(after), f"`{after.name.text}`"
    if before.name.text != after.name.text:
        yield change(
            Row.QUERY_RENAMED,
            subject,
            f"query `{before.name.text}` is called {name}",
            before=before.qname,
            after=after.qname,
        )
    else:
        yield from route_changes(before.route, after.route, subject, f"query {name}")
    in_api = after.route is not None
    yield from sent_changes(after, before.input, after.input, old, new, in_api=in_api)
    if before.shape is not after.shape:
        yield change(
            Row.TYPE_NARROWED,
            subject,
            f"query {name} answers a {after.shape.value}",
            attribute="returns",
            before=before.shape.value,
            after=after.shape.value,
        )
    if not old.says(before.where, after.where):
        yield change(
            Row.QUERY_CHANGED,
            subject,
            f"query {name} finds other rows",
            attribute="where",
            before=before.where.source if before.where is not None else "",
            after=after.where.source if after.where is not None else "",
        )
    for attribute, was, now in (
        ("sort", before.sort, after.sort),
        ("limit", before.limit, after.limit),
        ("cache", before.cache_ttl_s, after.cache_ttl_s),
        ("handler", before.handler, after.handler),
    ):
        if was != now:
            text = f"query {name} has another `{attribute}`"
            yield change(Row.QUERY_CHANGED, subject, text, attribute=attribute)
    yield from lifespan_changes(before.lifespan, after.lifespan, subject, f"query {name}")


def projection_changes(
    owner: Element,
    before: tuple[ProjectionResource, ...],
    after: tuple[ProjectionResource, ...],
    old: Side,
    new: Side,
) -> Iterator[SpecChange]:
    """Yield the changes of views of the current state: none of them has a table."""
    then = {one.projection.qname: one for one in before}
    now = {one.projection.qname: one for one in after}
    pairs = paired(tuple(one.projection for one in before), tuple(one.projection for one in after))
    for was, today in pairs:
        shown = today or was
        assert shown is not None
        view = now[shown.qname] if today is not None else then[shown.qname]
        subject = Subject(
            "projection",
            shown.qname,
            shown.span,
            is_stored=False,
            in_api=view.resource is not None,
            in_events=False,
        )
        name = shown.name.text
        if today is None:
            gone = subject._replace(span=owner.span)
            yield change(Row.PROJECTION_REMOVED, gone, f"projection `{name}` is gone")
            continue
        if was is None:
            yield change(Row.PROJECTION_ADDED, subject, f"projection `{name}` is new")
            continue
        in_api = subject.in_api
        told = told_changes(today, _columns(was), _columns(today), old, new, in_api=in_api)
        # A view is asked for, nobody is told of it.
        yield from (replace(one, events=Effect.NONE) for one in told)
        if (was.name.text, then[was.qname].resource is None) != (name, view.resource is None):
            row = Row.OPERATION_REMOVED if view.resource is None else Row.PROJECTION_RENAMED
            text = f"projection `{name}` is found elsewhere"
            yield change(row, subject._replace(in_api=True), text, attribute="api")
        yield from query_changes(today, then[was.qname].queries, view.queries, old, new)
        yield from access_changes(then[was.qname].access, view.access, today, old)


def _columns(projection: Projection) -> tuple[Field, ...]:
    """Return the fields as what they are: computed, from the row behind."""
    return tuple(replace(one.field, computed=one.value) for one in projection.fields)
