"""`emits`: the events a command records, and what fills each field of their payloads.

A field is filled by what `emits` says, then by the input of its name, then by the owner's field of
its name; `<entity>_id` is the owner's key. AG404 for unknown events, AG405 for fields without a
source, AG406 for values of fields that are not there.
"""

from collections.abc import Iterator, Mapping

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import ScopeField
from apigen.ir.behaviour import Assign, Emission
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import IdKind
from apigen.lower.command_scope import CommandScope, named
from apigen.lower.events import EventDraft
from apigen.spec.commands import EmissionSpec
from apigen.spec.located import Located


def emissions(
    specs: tuple[EmissionSpec, ...],
    own: Mapping[str, EventDraft],
    shared: Mapping[str, EventDraft],
    scope: CommandScope,
) -> Iterator[Emission]:
    """Yield the emissions; `own` are the events of the owner, `shared` those of its context."""
    for spec in specs:
        draft = own.get(spec.event.value) or shared.get(spec.event.value)
        if draft is not None:
            yield _emission(spec, draft, scope)
            continue
        owner = scope.owner.entity.name.text if scope.owner is not None else "this context"
        scope.work.found.error(
            "AG404",
            f"no event `{spec.event.value}` in `{owner}`"
            if scope.owner is not None
            else f"no event `{spec.event.value}` in {owner}",
            spec.event.span,
            help=did_you_mean(nearest(spec.event.value, (*own, *shared)))
            or f"declare it under `events:`: `{spec.event.value}: [ … ]`",
        )


def _emission(spec: EmissionSpec, draft: EventDraft, scope: CommandScope) -> Emission:
    event = draft.event
    given = {}
    for value in spec.values:
        field = named(value.name.value, event.payload)
        if field is not None:
            given[field.attribute] = value.value
        elif not any(value.name.value == known.name for known in draft.payload):
            known = [one.attribute for one in event.payload]
            scope.cannot(
                "set",
                value.name.value,
                f"`{event.name.text}` has no such field",
                value.name.span,
                help=did_you_mean(nearest(value.name.value, known))
                or "declare it under `fields:` of the event",
            )
    values: list[Assign] = []
    is_complete = True
    for field in event.payload:
        source = given.get(field.attribute) or _source(field, spec.event, scope)
        if source is not None:
            typed = scope.told(source, field.type, nullable=field.nullable)
            if typed is not None and _is_drawn_later(typed, scope):
                _no_key_yet(field, spec, scope)
            elif typed is not None:
                values.append(Assign(attribute=field.attribute, value=typed))
                if field.attribute in given:
                    _warn_of_secret(typed, event.name.text, field, scope)
            continue
        if field.nullable:
            nothing = scope.told(
                Located(value="None", span=spec.event.span), field.type, nullable=True
            )
            if nothing is not None:
                values.append(Assign(attribute=field.attribute, value=nothing))
            continue
        is_complete = False
        if not scope.is_custom:
            _no_source(field, spec, scope)
    return Emission(event=event.qname, values=tuple(values) if is_complete else ())


def _source(field: Field, event: Located[str], scope: CommandScope) -> Located[str] | None:
    """Return the rule that fills a field, as if it stood at the name of the event."""
    source = _of_name(field, scope.input)
    if source is not None:
        return Located(value=f"input.{source.attribute}", span=event.span)
    if scope.owner is None:
        return None
    source = _of_name(field, scope.owner.fields)
    if source is not None:
        return Located(value=source.attribute, span=event.span)
    entity = scope.owner.entity
    key = entity.identity.fields
    if field.attribute == f"{entity.name.snake}_id" and len(key) == 1:
        return Located(value=key[0], span=event.span)
    return None


def _warn_of_secret(typed: TypedExpr, event: str, field: Field, scope: CommandScope) -> None:
    from apigen.expr.tree import reads_encrypted

    secret = reads_encrypted(typed.tree)
    if secret is not None and secret != field.attribute:
        scope.work.found.warning(
            "AG507",
            f"`{event}` carries `{secret}` in the clear, which is encrypted at rest",
            typed.span,
            help="tell the id",
        )


def _is_drawn_later(typed: TypedExpr, scope: CommandScope) -> bool:
    """Whether a factory tells the number that the database draws once the event is recorded."""
    if scope.owner is None or not scope.creates:
        return False
    identity = scope.owner.entity.identity
    is_drawn = identity.kind in (IdKind.INT, IdKind.BIGINT) and not identity.client_supplied
    return is_drawn and not typed.reads.isdisjoint(identity.fields)


def _no_key_yet(field: Field, spec: EmissionSpec, scope: CommandScope) -> None:
    event = spec.event.value
    scope.work.found.error(
        "AG405",
        f"`{event}.{field.attribute}` is not known before the database has drawn it",
        spec.event.span,
        help=f"leave `{field.attribute}` out: every event has its `aggregate_id`",
    )


def _of_name(field: Field, known: tuple[ScopeField, ...]) -> ScopeField | None:
    """Return what has the name of a field; a ref `order` is `order_id`."""
    return next((one for one in known if field.attribute in (one.attribute, one.name)), None)


def _no_source(field: Field, spec: EmissionSpec, scope: CommandScope) -> None:
    event, name = spec.event.value, field.attribute
    searched = ["the inputs"]
    if scope.owner is not None:
        searched.append(f"the fields of `{scope.owner.entity.name.text}`")
    scope.work.found.error(
        "AG405",
        f"`{event}.{name}` has no source in `{scope.title}`",
        spec.event.span,
        help=f"give it: `emits: {{ {event}: {{ {name}: … }} }}`; none of its name among"
        f" {' and '.join(searched)}",
    )
