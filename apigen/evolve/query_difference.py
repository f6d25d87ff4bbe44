"""What is different between queries, and between projections."""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.evolve.access_difference import access_changes
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.command_difference import route_changes, route_of
from apigen.evolve.message_difference import SENT, SHOWN, message_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.resource_difference import Exposed, resource_changes
from apigen.evolve.side import Side
from apigen.evolve.version_difference import lifespan_changes
from apigen.ir.access import Role
from apigen.ir.behaviour import Query
from apigen.ir.system import ProjectionResource


def query_changes(
    before: tuple[Query, ...], after: tuple[Query, ...], home: Span, old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of the queries of what stands at `home`."""
    known = {query.id: query for query in before}
    for query in after:
        was = known.pop(query.id, None)
        title = query.qname.partition(".")[2]
        subject = _subject(query)
        if was is None:
            yield change(Row.QUERY_ADDED, subject, f"query `{title}` is new")
            continue
        if was.name.text != query.name.text:
            yield change(
                Row.QUERY_RENAMED,
                subject._replace(in_api=route_of(was) != route_of(query)),
                f"query `{was.name.text}` is called `{title}`",
                before=was.qname,
                after=query.qname,
            )
        else:
            yield from route_changes(was, query, subject, title)
        yield from lifespan_changes(was.lifespan, query.lifespan, subject, title, old, new)
        yield from message_changes(
            was.input,
            query.input,
            subject,
            old,
            new,
            direction=SENT,
            title=f"query `{title}`",
        )
        yield from _answer(was, query, subject, title, old, new)
    for gone in known.values():
        text = f"query `{gone.qname.partition('.')[2]}` is gone"
        yield change(Row.QUERY_REMOVED, _subject(gone)._replace(span=home), text)


def _subject(query: Query) -> Subject:
    return Subject(
        "query",
        query.qname,
        query.span,
        is_stored=False,
        in_api=query.route is not None,
        in_events=False,
    )


def _answer(
    before: Query, after: Query, subject: Subject, title: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    if before.shape is not after.shape or old.ids.get(before.source) != new.ids.get(after.source):
        yield change(
            Row.ANSWER_CHANGED,
            subject,
            f"query `{title}` answers something else",
            attribute="shape",
            before=before.shape.value,
            after=after.shape.value,
        )
    if not old.says(before.where, after.where):
        yield change(
            Row.QUERY_CHANGED,
            subject,
            f"query `{title}` finds other rows",
            attribute="where",
            before=before.where.source if before.where is not None else "",
            after=after.where.source if after.where is not None else "",
        )
    orders = [[(one.attribute, one.descending) for one in query.sort] for query in (before, after)]
    orders[0] = [(old.translated(attribute), down) for attribute, down in orders[0]]
    if orders[0] != orders[1] or before.limit != after.limit:
        text = f"query `{title}` answers in another order, or another number"
        yield change(Row.QUERY_CHANGED, subject, text, attribute="sort")
    if before.handler is not after.handler:
        text = f"query `{title}` is {'hand-written' if after.handler == 'custom' else 'generated'}"
        yield change(Row.QUERY_CHANGED, subject, text, attribute="handler")
    if before.cache != after.cache:
        text = f"answers of query `{title}` are kept otherwise"
        yield change(Row.RUN_CHANGED, subject, text, attribute="cache")


def projection_changes(
    before: tuple[ProjectionResource, ...],
    after: tuple[ProjectionResource, ...],
    roles: tuple[Role, ...],
    home: Span,
    old: Side,
    new: Side,
) -> Iterator[SpecChange]:
    """Yield the changes of the projections of a context, which stands at `home`."""
    known = {held.projection.id: held for held in before}
    for held in after:
        was = known.pop(held.projection.id, None)
        title = held.projection.name.text
        subject = _of_projection(held)
        if was is None:
            yield change(Row.PROJECTION_ADDED, subject, f"projection `{title}` is new")
            continue
        if was.projection.name.text != title:
            is_elsewhere = was.resource is None or held.resource is None
            if was.resource is not None and held.resource is not None:
                is_elsewhere = was.resource.path != held.resource.path
            yield change(
                Row.PROJECTION_RENAMED,
                subject._replace(in_api=subject.in_api and is_elsewhere),
                f"projection `{was.projection.name.text}` is called `{title}`",
                before=was.projection.qname,
                after=held.projection.qname,
            )
        yield from _shape(was, held, subject, title, old, new)
        yield from resource_changes(_exposed(was), _exposed(held))
        yield from query_changes(was.queries, held.queries, held.projection.span, old, new)
        yield from access_changes(was.access, held.access, roles, subject, title, old)
    for gone in known.values():
        subject = _of_projection(gone)._replace(span=home)
        text = f"projection `{gone.projection.name.text}` is gone"
        yield change(Row.PROJECTION_REMOVED, subject, text)


def _shape(
    before: ProjectionResource,
    after: ProjectionResource,
    subject: Subject,
    title: str,
    old: Side,
    new: Side,
) -> Iterator[SpecChange]:
    yield from message_changes(
        tuple(one.field for one in before.projection.fields),
        tuple(one.field for one in after.projection.fields),
        subject,
        old,
        new,
        direction=SHOWN,
        title=f"projection `{title}`",
    )
    values = {one.field.wire: one.value for one in before.projection.fields}
    for one in after.projection.fields:
        was = values.get(one.field.wire)
        if was is not None and not old.says(was, one.value):
            yield change(
                Row.COMPUTED_CHANGED,
                subject,
                f"`{one.field.wire}` of projection `{title}` is worked out in another way",
                attribute=f"fields.{one.field.wire}",
                before=was.source,
                after=one.value.source,
            )
    sources = old.ids.get(before.projection.source), new.ids.get(after.projection.source)
    keys = old.translated(before.projection.key), after.projection.key
    if sources[0] != sources[1] or keys[0] != keys[1]:
        text = f"projection `{title}` is of something else"
        yield change(Row.ANSWER_CHANGED, subject, text, attribute="of")


def _of_projection(held: ProjectionResource) -> Subject:
    return Subject(
        "projection",
        held.projection.qname,
        held.projection.span,
        is_stored=False,
        in_api=held.resource is not None,
        in_events=False,
    )


def _exposed(held: ProjectionResource) -> Exposed:
    projection = held.projection
    return Exposed(
        title=projection.name.text,
        qname=projection.qname,
        span=projection.span,
        resource=held.resource,
        fields=tuple(one.field for one in projection.fields),
    )
