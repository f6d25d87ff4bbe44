"""Events: what they tell (AG102, AG302, AG405), and personal data that leaves by them (AG507)."""

from collections.abc import Iterator
from dataclasses import replace

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import EventScope, ScopeField
from apigen.ir.behaviour import Event
from apigen.ir.element import ALWAYS, Lifespan
from apigen.ir.field import Field, FkAction
from apigen.ir.names import Name
from apigen.ir.system import Entity, ObjectType
from apigen.ir.types import (
    IdOf,
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    SetOf,
    TypeRef,
)
from apigen.lower.element_facts import element_facts
from apigen.lower.fields import FieldDraft, unsortable
from apigen.lower.identifiers import stable_id, wire_name
from apigen.lower.meanings import Meanings, scope_fields
from apigen.lower.messages import OF_CLIENTS, OF_EVENTS, OF_TABLES, Message, message_fields
from apigen.lower.mixins import Part
from apigen.lower.upcasts import upcasts
from apigen.lower.versions import check_order, deprecation
from apigen.lower.workspace import Workspace
from apigen.spec.events import EventSpec
from apigen.spec.located import Located, Named
from apigen.spec.versions import DeprecatedSpec
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event, and what rules may read of it."""

    event: Event
    payload: tuple[ScopeField, ...]
    """With those fields whose declaration was wrong."""
    scope: EventScope


def lower_event(
    named: Named[EventSpec] | Part[EventSpec],
    context: str,
    owner: Entity | None,
    meanings: Meanings,
    work: Workspace,
) -> EventDraft:
    """Return an event of an entity or of a context."""
    spec = named.value
    qname = f"{owner.qname if owner is not None else context}.{named.name.value}"
    message = Message(
        qname=qname,
        class_name=Name.of(named.name.value).pascal,
        context=context,
        kind="payload",
        what="a field of an event",
        reserved=OF_EVENTS,
        unfit=(*OF_TABLES, *OF_CLIENTS),
        allows_refs=False,
    )
    picked = _picked(spec, qname, owner, work)
    drafts = message_fields(spec.fields or (), message, work)
    declared = tuple(field for draft in drafts for field in draft.fields)
    payload = (*(field for _, field in picked), *declared)
    known = (
        *(meanings.field(field) for _, field in picked),
        *_wrong_picks(spec, owner, work),
        *scope_fields(drafts, meanings),
    )
    version = spec.version.value if spec.version is not None else 1
    is_public = spec.public is not None and spec.public.value
    if is_public:
        _warn_of_personal_data(named.name.value, (*picked, *_public(drafts)), work)
    if owner is not None:
        told = [place for place, _ in picked]
        told += [place for place, _ in _public(drafts)]
        _warn_of_secrets(named.name.value, told, owner, work, is_public=is_public)
    scope = EventScope(
        payload=known,
        owner_id=f"{owner.name.snake}_id" if owner is not None else None,
        owner=owner.qname if owner is not None else None,
    )
    return EventDraft(
        event=Event(
            **element_facts("event", qname, named.name, spec, work),
            context=context,
            owner=owner.qname if owner is not None else None,
            payload=payload,
            version=version,
            upcasts=upcasts(named.name, spec, version, payload, scope, meanings, work),
            public=is_public,
            lifespan=_lifespan(spec, work),
        ),
        payload=known,
        scope=scope,
    )


def _lifespan(spec: EventSpec, work: Workspace) -> Lifespan:
    """Return what consumers are told; events have versions of their own, not those of the API."""
    if isinstance(spec.deprecated, DeprecatedSpec):
        check_order(spec.deprecated.since, spec.deprecated.sunset, work.found)
    leaving = deprecation(spec.deprecated)
    return ALWAYS if leaving is None else Lifespan(deprecated=leaving)


# --------------------------------------------------------------------- payload


def _picked(
    spec: EventSpec, qname: str, owner: Entity | None, work: Workspace
) -> tuple[tuple[Located[str], Field], ...]:
    picked: list[tuple[Located[str], Field]] = []
    for name in spec.pick or ():
        if owner is None:
            work.found.error(
                "AG405",
                f"`{name.value}` has no source: this event belongs to no entity",
                name.span,
                help="declare it under `fields:`",
            )
            continue
        field = next((f for f in owner.fields if name.value in (f.attribute, f.name.text)), None)
        if field is None:
            if not work.is_poisoned(owner.qname, name.value.removesuffix("_id")):
                _unknown_pick(name, owner, work)
        elif field.attribute in OF_EVENTS:
            work.found.error(
                "AG102",
                f"`{field.attribute}` is reserved by apigen: every event has it",
                name.span,
                help="declare it under `fields:` with another name",
            )
        else:
            picked.append((name, _payload_field(field, qname, work)))
    return tuple(picked)


def _wrong_picks(spec: EventSpec, owner: Entity | None, work: Workspace) -> Iterator[ScopeField]:
    """Yield picked fields whose declaration was wrong, so that uses of them stay silent."""
    for name in spec.pick or ():
        if owner is not None and work.is_poisoned(owner.qname, name.value.removesuffix("_id")):
            yield ScopeField(
                name=name.value, attribute=name.value, type=None, nullable=False, span=name.span
            )


def _unknown_pick(name: Located[str], owner: Entity, work: Workspace) -> None:
    title = owner.name.text
    if any(child.attribute == name.value for child in owner.children):
        work.found.error(
            "AG405",
            f"`{name.value}` holds owned entities, which events do not carry",
            name.span,
            help="declare what is wanted under `fields:`, and fill it in `emits`",
        )
        return
    work.found.error(
        "AG405",
        f"`{title}` has no field `{name.value}` to pick",
        name.span,
        help=did_you_mean(nearest(name.value, [f.attribute for f in owner.fields]))
        or "what is no field of the entity is declared under `fields:`",
    )


def _payload_field(field: Field, event: str, work: Workspace) -> Field:
    """Return a field of an entity as one of a payload: a value, without a table behind it."""
    qname = f"{event}.{field.attribute}"
    type_: TypeRef = field.type
    if isinstance(type_, RefTo):
        type_ = IdOf(target=type_.target)
    elif isinstance(type_, ManyOf):
        type_ = SetOf(item=IdOf(target=type_.target))
    return replace(
        unsortable(field),
        id=stable_id("payload", qname),
        qname=qname,
        name=Name.of(field.attribute),
        type=type_,
        default=None,
        computed=None,
        stored=False,
        backfill=None,
        renamed_from=(),
        renamed_at=None,
        on_delete=FkAction.RESTRICT,
        inverse=None,
        join=None,
        encrypted=None,
        column=field.attribute,
        wire=wire_name(field.attribute, work.settings.naming.wire),
    )


# --------------------------------------------------------------- personal data


def _public(drafts: tuple[FieldDraft, ...]) -> Iterator[tuple[Located[str], Field]]:
    """Yield declared fields, but for those that say `pii: false`."""
    for draft in drafts:
        if draft.spec.pii is None or draft.spec.pii.value is not False:
            for field in draft.fields:
                yield draft.name, field


def _warn_of_personal_data(
    event: str, fields: tuple[tuple[Located[str], Field], ...], work: Workspace
) -> None:
    for place, field in fields:
        kind = field.pii or _personal(field.type, work, frozenset())
        if kind is not None:
            work.found.warning(
                "AG507",
                f"`{event}` publishes `{field.attribute}` ({kind})",
                place.span,
                help="publish the id, or declare the field under `fields:` with `pii: false`",
            )


def _warn_of_secrets(
    event: str, told: list[Located[str]], owner: Entity, work: Workspace, *, is_public: bool
) -> None:
    """Report fields that are encrypted in their table and not in events, which are stored too."""
    secret = {f.attribute: f for f in owner.fields if f.encrypted is not None}
    for place in told:
        field = secret.get(place.value)
        if field is not None and not (is_public and field.pii is not None):
            work.found.warning(
                "AG507",
                f"`{event}` carries `{place.value}` in the clear, which is encrypted at rest",
                place.span,
                help="tell the id, or declare the field under `fields:` with `pii: false`",
            )


def _personal(type_: TypeRef, work: Workspace, seen: frozenset[str]) -> str | None:
    """Return the class of the first personal field inside a value object."""
    match type_:
        case ObjectRef(target=target) if target not in seen:
            declared = work.types.get(target)
            fields = declared.fields if isinstance(declared, ObjectType) else ()
            inner = (field.pii or _personal(field.type, work, seen | {target}) for field in fields)
            return next((kind for kind in inner if kind is not None), None)
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _personal(item, work, seen)
        case _:
            return None
