"""What is different between commands: what they ask, when they may run, what they do."""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.event_difference import same_values
from apigen.evolve.limit_difference import limit_changes
from apigen.evolve.message_difference import SENT, message_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.evolve.type_change import type_changes
from apigen.evolve.version_difference import lifespan_changes
from apigen.ir.behaviour import (
    Append,
    Assign,
    Command,
    Effect,
    Erase,
    Guard,
    Query,
    RemoveChildren,
)


def command_changes(
    before: tuple[Command, ...], after: tuple[Command, ...], home: Span, old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of the commands of an entity or context, which stands at `home`."""
    known = {command.id: command for command in before}
    for command in after:
        was = known.pop(command.id, None)
        title = _title(command)
        subject = _subject(command)
        if was is None:
            yield change(Row.COMMAND_ADDED, subject, f"command `{title}` is new")
            continue
        if was.name.text != command.name.text:
            yield change(
                Row.COMMAND_RENAMED,
                subject._replace(in_api=route_of(was) != route_of(command)),
                f"command `{was.name.text}` is called `{title}`",
                before=was.qname,
                after=command.qname,
            )
        else:
            yield from route_changes(was, command, subject, title)
        yield from lifespan_changes(was.lifespan, command.lifespan, subject, title, old, new)
        yield from message_changes(
            was.input,
            command.input,
            subject._replace(in_events=False),
            old,
            new,
            direction=SENT,
            title=f"command `{title}`",
        )
        yield from _guards(was.guards, command.guards, subject, title, old)
        yield from _moves(was, command, subject, title, old)
        yield from _emissions(was, command, subject, title, old, new)
        yield from _result(was, command, subject, title, old, new)
        yield from _running(was, command, subject, title, old)
    for gone in known.values():
        text = f"command `{_title(gone)}` is gone"
        yield change(Row.COMMAND_REMOVED, _subject(gone)._replace(span=home), text)


def route_of(message: Command | Query) -> tuple[str, str] | None:
    """Return where it is reached, None when it is not."""
    return None if message.route is None else (message.route.method, message.route.path)


def route_changes[M: (Command, Query)](
    before: M, after: M, subject: Subject, title: str
) -> Iterator[SpecChange]:
    """Yield another place in the API, or none."""
    was, now = before.route, after.route
    subject = subject._replace(in_api=True)
    if was is None or now is None:
        if was is not now:
            row = Row.OPERATION_ADDED if was is None else Row.OPERATION_REMOVED
            text = f"`{title}` is {'in' if was is None else 'no longer in'} the API"
            yield change(row, subject, text, attribute="api")
        return
    for attribute, old, new in (
        ("path", f"{was.method} {was.path}", f"{now.method} {now.path}"),
        ("status", str(was.status), str(now.status)),
    ):
        if old != new:
            text = f"`{title}` is at `{new}`" if attribute == "path" else f"`{title}` answers {new}"
            yield change(Row.WIRE_NAME, subject, text, attribute=attribute, before=old, after=new)
    yield from limit_changes(was.rate_limit, now.rate_limit, subject, f"`{title}`")


def _title(command: Command) -> str:
    """Return the command as rules of access and people call it: `Order.place`."""
    return command.qname.partition(".")[2]


def _subject(command: Command) -> Subject:
    return Subject(
        "command",
        command.qname,
        command.span,
        is_stored=False,
        in_api=command.route is not None,
    )


def _guards(
    before: tuple[Guard, ...],
    after: tuple[Guard, ...],
    subject: Subject,
    title: str,
    old: Side,
) -> Iterator[SpecChange]:
    """Yield conditions that came, went or say something else; which way is not worked out."""
    known = {guard.code: guard for guard in before}
    for guard in after:
        was = known.pop(guard.code, None)
        if was is not None and old.says(was.condition, guard.condition):
            continue
        what = "is new" if was is None else "says something else"
        yield change(
            Row.GUARD_TIGHTENED,
            subject._replace(element="rule", span=guard.condition.span),
            f"guard `{guard.code}` of `{title}` {what}: it may reject",
            attribute=f"when.{guard.code}",
            before=was.condition.source if was is not None else "",
            after=guard.condition.source,
        )
    for gone in known.values():
        yield change(
            Row.GUARD_LOOSENED,
            subject._replace(element="rule"),
            f"guard `{gone.code}` of `{title}` is gone: review what it kept out",
            attribute=f"when.{gone.code}",
            before=gone.condition.source,
        )


def _moves(
    before: Command, after: Command, subject: Subject, title: str, old: Side
) -> Iterator[SpecChange]:
    """Yield states from which it moves, or to which; a renamed state is no change."""
    was = _pairs(before, old)
    now = _pairs(after, None)
    for row, pairs, words in (
        (Row.MOVE_ADDED, now.keys() - was.keys(), "moves"),
        (Row.MOVE_REMOVED, was.keys() - now.keys(), "moves no more"),
    ):
        for source, target in sorted(pairs):
            pair = f"{source} -> {target}"
            yield change(
                row,
                subject,
                f"`{title}` {words} from `{source}` to `{target}`",
                attribute="moves",
                before=pair if row is Row.MOVE_REMOVED else "",
                after=pair if row is Row.MOVE_ADDED else "",
            )


def _pairs(command: Command, old: Side | None) -> dict[tuple[str, str], None]:
    move = command.move
    if move is None:
        return {}
    named = (lambda state: state) if old is None else old.translated
    return {(named(source), named(move.target)): None for source in move.sources}


def _emissions(
    before: Command, after: Command, subject: Subject, title: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    in_events = subject._replace(in_api=False, in_events=True)
    was = {old.ids.get(one.event, one.event): one for one in before.emits}
    now = {new.ids.get(one.event, one.event): one for one in after.emits}
    for id, emission in now.items():
        name = _short(emission.event)
        if id not in was:
            text = f"`{title}` records `{name}`"
            yield change(Row.EMISSION_ADDED, in_events, text, attribute="emits", after=name)
        elif not same_values(was[id].values, emission.values, old):
            text = f"`{title}` fills `{name}` in another way"
            yield change(Row.COMPUTED_CHANGED, in_events, text, attribute=f"emits.{name}")
    for id, emission in was.items():
        if id not in now:
            name = _short(emission.event)
            text = f"`{title}` records `{name}` no more"
            yield change(Row.EMISSION_REMOVED, in_events, text, attribute="emits", before=name)


def _result(
    before: Command, after: Command, subject: Subject, title: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    was, now = before.returns, after.returns
    same = (
        was is now if was is None or now is None else not type_changes(was, now, old.ids, new.ids)
    )
    if not same or before.creates != after.creates:
        text = f"`{title}` answers something else"
        yield change(Row.ANSWER_CHANGED, subject, text, attribute="returns")
    known = {(error.code, error.status) for error in before.errors}
    for error in after.errors:
        if (error.code, error.status) not in known:
            text = f"`{title}` may answer {error.status} `{error.code}`"
            yield change(Row.GUARD_TIGHTENED, subject, text, attribute=f"errors.{error.code}")


def _running(
    before: Command, after: Command, subject: Subject, title: str, old: Side
) -> Iterator[SpecChange]:
    """Yield what it does differently, and how it is run."""
    was = sorted(text for one in before.effects for text in _effect(one, old))
    now = sorted(text for one in after.effects for text in _effect(one, None))
    if was != now:
        yield change(
            Row.COMMAND_CHANGED,
            subject,
            f"`{title}` does something else",
            attribute="set",
            before="; ".join(was),
            after="; ".join(now),
        )
    if before.handler is not after.handler:
        yield change(
            Row.COMMAND_CHANGED,
            subject,
            f"`{title}` is {'hand-written' if after.handler == 'custom' else 'generated'}",
            attribute="handler",
            before=before.handler.value,
            after=after.handler.value,
        )
    then, today = before.execution, after.execution
    if then.idempotent != today.idempotent:
        yield change(
            Row.KEY_REQUIRED if today.idempotent else Row.KEY_FREE,
            subject,
            f"`{title}` {'asks' if today.idempotent else 'no longer asks'} for an Idempotency-Key",
            attribute="idempotent",
        )
    settings = [(one.lock, one.isolation, one.timeout_s, one.retry) for one in (then, today)]
    if settings[0] != settings[1] or not old.says(then.natural_key, today.natural_key):
        text = f"`{title}` is run in another way"
        yield change(Row.RUN_CHANGED, subject, text, attribute="execution")


def _effect(effect: Effect, old: Side | None) -> Iterator[str]:
    """Yield what an effect does as text; `old` puts it in today's words."""

    def said(text: str) -> str:
        return text if old is None else old.translated(text)

    match effect:
        case Assign(attribute=attribute, value=value):
            yield said(f"{attribute} = {value.source}")
        case Append(collection=collection, values=values):
            for one in values:
                yield said(f"{collection} + {one.attribute} = {one.value.source}")
        case RemoveChildren(collection=collection, condition=condition):
            yield said(f"{collection} - {condition.source}")
        case Erase(attributes=attributes):
            yield from (said(f"erased {attribute}") for attribute in attributes)


def _short(qname: str) -> str:
    return qname.rpartition(".")[2]
