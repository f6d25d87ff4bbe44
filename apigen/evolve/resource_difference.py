"""What is different for clients: paths, operations, what lists offer."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apigen.diagnostics import Span
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.limit_difference import limit_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.version_difference import version_changes
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, Resource, System


class Exposed(NamedTuple):
    """What has a REST surface: an entity or a projection."""

    title: str
    qname: str
    span: Span
    resource: Resource | None
    fields: tuple[Field, ...]
    children: tuple[Child, ...] = ()

    @staticmethod
    def of(entity: Entity) -> "Exposed":
        """Return an entity as what it exposes."""
        return Exposed(
            title=entity.name.text,
            qname=entity.qname,
            span=entity.span,
            resource=entity.resource,
            fields=entity.fields,
            children=entity.children,
        )


def api_changes(last: System, today: System) -> Iterator[SpecChange]:
    """Yield what changed for the API as a whole."""
    span = today.contexts[0].span if today.contexts else None
    subject = Subject("api", "api", _start(span), is_stored=False)
    old, new = last.api, today.api
    if old.prefix != new.prefix:
        yield change(
            Row.WIRE_NAME,
            subject,
            f"all paths begin with `{new.prefix}/{new.version}`",
            attribute="prefix",
            before=old.prefix,
            after=new.prefix,
        )
    yield from version_changes(old, new, subject)
    for syntax in old.filter_syntax:
        if syntax not in new.filter_syntax:
            yield _offer(subject, "filter_syntax", syntax, gone=True, text=f"filters as {syntax}")
    for syntax in new.filter_syntax:
        if syntax not in old.filter_syntax:
            yield _offer(subject, "filter_syntax", syntax, gone=False, text=f"filters as {syntax}")
    if new.body_limit_bytes < old.body_limit_bytes:
        yield change(
            Row.TIGHTENED,
            subject,
            f"bodies are at most {new.body_limit_bytes:,} bytes",
            attribute="body_limit",
            before=str(old.body_limit_bytes),
            after=str(new.body_limit_bytes),
        )
    yield from limit_changes(old.rate_limit, new.rate_limit, subject, "the API")


def resource_changes(before: Exposed, after: Exposed) -> Iterator[SpecChange]:
    """Yield what changed of a REST surface."""
    title = after.title
    subject = Subject("operation", after.qname, after.span, is_stored=False, in_events=False)
    was, now = before.resource, after.resource
    if was is None and now is None:
        return
    if was is None or now is None:
        row = Row.OPERATION_ADDED if was is None else Row.OPERATION_REMOVED
        text = f"`{title}` is {'in' if was is None else 'no longer in'} the API"
        yield change(row, subject, text, attribute="api")
        return
    if _path(was, before) != _path(now, after):
        yield change(
            Row.WIRE_NAME,
            subject,
            f"`{title}` is at `{now.path}`",
            attribute="path",
            before=was.path,
            after=now.path,
        )
    for operation in now.operations:
        if operation not in was.operations:
            text = f"`{title}` has the operation `{operation}`"
            yield change(Row.OPERATION_ADDED, subject._replace(symbol=_op(after, operation)), text)
    for operation in was.operations:
        if operation not in now.operations:
            text = f"operation `{operation}` of `{title}` is gone"
            gone = subject._replace(symbol=_op(after, operation))
            yield change(Row.OPERATION_REMOVED, gone, text)
    yield from _offers(before, after, was, now, subject)
    yield from _paging(was, now, subject, title)
    yield from _promises(was, now, subject, title)


def _op(entity: Exposed, operation: str) -> str:
    return f"{entity.qname}.{operation}"


def _path(resource: Resource, entity: Exposed) -> tuple[str, str]:
    ids = {field.attribute: field.id for field in entity.fields}
    return resource.path, ids.get(resource.nested_under or "", "")


def _offers(
    before: Exposed, after: Exposed, was: Resource, now: Resource, subject: Subject
) -> Iterator[SpecChange]:
    """Yield filters, sorts, search, embedding and formats that came or went.

    What goes with a field that is gone or renamed is told once, by the field.
    """
    title = after.title
    renamed = _names(before, after)
    then: dict[tuple[str, str], None] = {}
    for path, op in _filters(was):
        first, dot, rest = path.partition(".")
        if renamed.get(first, first):
            then[f"{renamed.get(first, first)}{dot}{rest}", op] = None
    today = dict.fromkeys(_filters(now))
    fresh = {field.name.text for field in after.fields} - {*renamed.values()}
    for path, op in then:
        if (path, op) not in today:
            text = f"filter `{op}` on `{title}.{path}`"
            yield _offer(subject, "filters", f"{path} {op}", gone=True, text=text)
    for path, op in today:
        if (path, op) not in then and path.partition(".")[0] not in fresh:
            text = f"filter `{op}` on `{title}.{path}`"
            yield _offer(subject, "filters", f"{path} {op}", gone=False, text=text)
    for attribute, old, new, words in (
        ("sort", was.sorts, now.sorts, f"sorting `{title}` by `{{}}`"),
        ("expand", was.expand, now.expand, f"embedding `{{}}` in `{title}`"),
        ("search", _each(was.search), _each(now.search), f"searching in `{title}.{{}}`"),
        ("export", _each(was.export), _each(now.export), f"exporting `{title}` as `{{}}`"),
    ):
        previous = _translated(old, renamed)
        current = {".".join(path): path[0] for path in new}
        for path in previous:
            if path not in current:
                yield _offer(subject, attribute, path, gone=True, text=words.format(path))
        for path, head in current.items():
            if path not in previous and head not in fresh:
                yield _offer(subject, attribute, path, gone=False, text=words.format(path))


def _each(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((name,) for name in names)


def _translated(paths: tuple[tuple[str, ...], ...], renamed: Mapping[str, str]) -> dict[str, None]:
    """Return the paths of the last run in today's words, without those of fields that are gone."""
    found: dict[str, None] = {}
    for first, *rest in paths:
        name = renamed.get(first, first)
        if name:
            found[".".join((name, *rest))] = None
    return found


def _names(before: Exposed, after: Exposed) -> dict[str, str]:
    """Return today's name of each field and child of the last run; empty for what is gone.

    Paths hold names as written; attributes (`customer_id`) stand for themselves too.
    """
    found: dict[str, str] = {}
    current = {field.id: field for field in after.fields}
    for field in before.fields:
        now = current.get(field.id)
        found[field.attribute] = now.attribute if now is not None else ""
        found[field.name.text] = now.name.text if now is not None else ""
    children = {child.id: child.attribute for child in after.children}
    for child in before.children:
        found[child.attribute] = children.get(child.id, "")
    return found


def _filters(resource: Resource) -> Iterator[tuple[str, str]]:
    for known in resource.filters:
        yield from ((".".join(known.path), op.value) for op in known.ops)


def _offer(subject: Subject, attribute: str, value: str, *, gone: bool, text: str) -> SpecChange:
    return change(
        Row.OFFER_REMOVED if gone else Row.OFFER_ADDED,
        subject,
        f"{text} is {'gone' if gone else 'possible'}",
        attribute=attribute,
        before=value if gone else "",
        after="" if gone else value,
    )


def _paging(was: Resource, now: Resource, subject: Subject, title: str) -> Iterator[SpecChange]:
    if was.paging.style is not now.paging.style:
        yield change(
            Row.OFFER_REMOVED,
            subject,
            f"lists of `{title}` are cut in another way",
            attribute="pagination",
            before=was.paging.style.value,
            after=now.paging.style.value,
        )
    if was.paging.size != now.paging.size:
        # A client that never asked for a size gets another one, which it must bear in any case.
        yield change(
            Row.PAGE_LARGER,
            subject,
            f"pages of `{title}` have {now.paging.size} rows",
            attribute="page_size.size",
            before=str(was.paging.size),
            after=str(now.paging.size),
        )
    if was.paging.max_size != now.paging.max_size:
        smaller = now.paging.max_size < was.paging.max_size
        yield change(
            Row.PAGE_SMALLER if smaller else Row.PAGE_LARGER,
            subject,
            f"pages of `{title}` have at most {now.paging.max_size} rows",
            attribute="page_size.max_size",
            before=str(was.paging.max_size),
            after=str(now.paging.max_size),
        )
    if was.limits_itself or now.limits_itself:
        yield from limit_changes(was.rate_limit, now.rate_limit, subject, f"`{title}`")
    limits = [one.body_limit_bytes for one in (was, now)]
    if limits[0] != limits[1]:
        tighter = limits[1] is not None and (limits[0] is None or limits[1] < limits[0])
        yield change(
            Row.TIGHTENED if tighter else Row.LOOSENED,
            subject,
            f"bodies of `{title}` have another limit",
            attribute="body_limit",
            before=str(limits[0]),
            after=str(limits[1]),
        )


def _promises(was: Resource, now: Resource, subject: Subject, title: str) -> Iterator[SpecChange]:
    """Yield what is asked of writers for safe repetition, and what is announced to end."""
    if was.idempotency_required != now.idempotency_required:
        verb = "need" if now.idempotency_required else "no longer need"
        yield change(
            Row.KEY_REQUIRED if now.idempotency_required else Row.KEY_FREE,
            subject,
            f"writes of `{title}` {verb} an Idempotency-Key",
            attribute="idempotency",
        )
    elif was.idempotency != now.idempotency:
        text = f"repeating writes of `{title}` by Idempotency-Key"
        yield _offer(subject, "idempotency", "key", gone=was.idempotency, text=text)
    if (was.deprecated, was.sunset) != (now.deprecated, now.sunset):
        end = f"gone from {now.sunset} on" if now.sunset else "deprecated"
        announced = end if now.sunset or now.deprecated else "no longer deprecated"
        text = f"`{title}` is {announced}"
        yield change(Row.DEPRECATED, subject, text, attribute="deprecated")


def _start(span: Span | None) -> Span | None:
    if span is None:
        return None
    return Span(file=span.file, line=1, column=1, end_line=1, end_column=2)
