"""What is different between the commands of one owner, then and today."""

from collections.abc import Iterator
from typing import assert_never

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.input_difference import sent_changes
from apigen.evolve.lifespan_difference import lifespan_changes
from apigen.evolve.pairing import paired
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.behaviour import Append, Assign, Command, Effect, Erase, RemoveChildren, Route
from apigen.ir.element import Element


def command_changes(
    owner: Element, before: tuple[Command, ...], after: tuple[Command, ...], old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the changes of commands; `owner` is the entity or context of today."""
    title = owner.name.text
    for was, now in paired(before, after):
        if now is None:
            assert was is not None
            yield change(
                Row.COMMAND_REMOVED,
                _subject(was, owner)._replace(span=owner.span),
                f"command `{was.name.text}` of `{title}` is gone",
            )
        elif was is None:
            text = f"command `{now.name.text}` of `{title}` is new"
            yield change(Row.COMMAND_ADDED, _subject(now, owner), text)
        else:
            yield from _command(was, now, title, old, new)


def _subject(command: Command, owner: Element) -> Subject:
    return Subject(
        "command",
        command.qname,
        command.span or owner.span,
        is_stored=False,
        in_api=command.route is not None,
        in_events=False,
    )


def _command(
    before: Command, after: Command, title: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    subject = _subject(after, after)
    name = f"`{title}.{after.name.text}`"
    if before.name.text != after.name.text:
        yield change(
            Row.COMMAND_RENAMED,
            subject._replace(in_api=_path(before.route) != _path(after.route)),
            f"command `{before.name.text}` of `{title}` is called `{after.name.text}`",
            before=before.qname,
            after=after.qname,
        )
    yield from route_changes(before.route, after.route, subject, name)
    yield from sent_changes(
        after, before.input, after.input, old, new, in_api=after.route is not None
    )
    yield from _guards(before, after, subject, name, old)
    yield from _moves(before, after, subject, name)
    then = (before.creates, before.handler, *(_told(one, old) for one in before.effects))
    if then != (after.creates, after.handler, *(_told(one, None) for one in after.effects)):
        text = f"{name} changes something else"
        yield change(Row.COMMAND_CHANGED, subject, text, attribute="set")
    if before.returns != after.returns:
        text = f"{name} answers something else"
        yield change(Row.TYPE_NARROWED, subject, text, attribute="returns")
    yield from _emissions(before, after, subject, name, old)
    if before.execution != after.execution:
        strict = after.execution.idempotent and not before.execution.idempotent
        yield change(
            Row.TIGHTENED if strict else Row.COMMAND_CHANGED,
            subject,
            f"{name} needs an `Idempotency-Key`" if strict else f"{name} is run in another way",
            attribute="execution",
        )
    codes = {one.code for one in after.errors} - {one.code for one in before.errors}
    if codes:
        text = f"{name} may answer {', '.join(f'`{code}`' for code in sorted(codes))}"
        yield change(Row.GUARD_TIGHTENED, subject, text, attribute="errors")
    yield from lifespan_changes(before.lifespan, after.lifespan, subject, name)


def route_changes(
    before: Route | None, after: Route | None, subject: Subject, name: str
) -> Iterator[SpecChange]:
    """Yield where a command or query is found, if that is somewhere else."""
    if _path(before) == _path(after):
        return
    subject = subject._replace(in_api=True)
    if after is None:
        text = f"{name} is no longer in the API"
        yield change(Row.OPERATION_REMOVED, subject, text, attribute="api")
    elif before is None:
        yield change(Row.OPERATION_ADDED, subject, f"{name} is in the API", attribute="api")
    else:
        yield change(
            Row.WIRE_NAME,
            subject,
            f"{name} is at `{after.method} {after.path}`",
            attribute="path",
            before=f"{before.method} {before.path}",
            after=f"{after.method} {after.path}",
        )


def _path(route: Route | None) -> tuple[str, str, int] | None:
    return None if route is None else (route.method, route.path, route.status)


def _guards(
    before: Command, after: Command, subject: Subject, name: str, old: Side
) -> Iterator[SpecChange]:
    known = {guard.code: guard for guard in before.guards}
    for guard in after.guards:
        was = known.pop(guard.code, None)
        if was is not None and old.says(was.condition, guard.condition):
            continue
        verb = "is new" if was is None else "says something else"
        yield change(
            Row.GUARD_TIGHTENED,
            subject._replace(element="guard", span=guard.condition.span),
            f"guard `{guard.code}` of {name} {verb}: it may reject",
            attribute=f"when.{guard.code}",
            before=was.condition.source if was is not None else "",
            after=guard.condition.source,
        )
    for gone in known.values():
        yield change(
            Row.GUARD_LOOSENED,
            subject._replace(element="guard"),
            f"guard `{gone.code}` of {name} is gone",
            attribute=f"when.{gone.code}",
            before=gone.condition.source,
        )


def _moves(before: Command, after: Command, subject: Subject, name: str) -> Iterator[SpecChange]:
    then = set() if before.move is None else {(s, before.move.target) for s in before.move.sources}
    now = set() if after.move is None else {(s, after.move.target) for s in after.move.sources}
    for row, found, verb in (
        (Row.MOVE_ADDED, now - then, "moves"),
        (Row.MOVE_REMOVED, then - now, "no longer moves"),
    ):
        for source, target in sorted(found):
            yield change(
                row,
                subject._replace(element="move"),
                f"{name} {verb} from `{source}` to `{target}`",
                attribute="moves",
                **{"after" if row is Row.MOVE_ADDED else "before": f"{source} -> {target}"},
            )


def _told(effect: Effect, old: Side | None) -> tuple[str, ...]:
    """Return what an effect says, in today's words."""

    def said(source: str) -> str:
        return source if old is None else old.translated(source)

    match effect:
        case Assign(attribute=attribute, value=value):
            return "set", said(attribute), said(value.source)
        case Append(collection=collection, values=values):
            given = (said(f"{one.attribute}: {one.value.source}") for one in values)
            return "append", said(collection), *given
        case RemoveChildren(collection=collection, condition=condition):
            return "remove", said(collection), said(condition.source)
        case Erase(attributes=attributes):
            return "erase", *map(said, attributes)
        case _:
            assert_never(effect)


def _emissions(
    before: Command, after: Command, subject: Subject, name: str, old: Side
) -> Iterator[SpecChange]:
    told = subject._replace(in_events=True)
    then = {_short(one.event): one for one in before.emits}
    now = {_short(one.event): one for one in after.emits}
    for event in now.keys() - then.keys():
        text = f"{name} emits `{event}`"
        yield change(Row.EMISSION_ADDED, told, text, attribute="emits", after=event)
    for event in then.keys() - now.keys():
        text = f"{name} no longer emits `{event}`"
        yield change(Row.EMISSION_REMOVED, told, text, attribute="emits", before=event)
    for event in then.keys() & now.keys():
        pairs = [
            [(side.translated(one.attribute) if side else one.attribute, one.value) for one in all_]
            for side, all_ in ((old, then[event].values), (None, now[event].values))
        ]
        known = dict(pairs[0])
        if any(not old.says(known.get(key), value) for key, value in pairs[1] if key in known):
            text = f"{name} fills `{event}` in another way"
            yield change(Row.COMPUTED_CHANGED, told, text, attribute="emits")


def _short(qname: str) -> str:
    return qname.rpartition(".")[2]
