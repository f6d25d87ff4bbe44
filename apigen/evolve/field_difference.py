"""What is different between the fields of one owner, then and today."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.evolve.type_change import type_changes, words
from apigen.evolve.upload_difference import upload_changes
from apigen.evolve.version_difference import has_clients, lifespan_changes
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import Child, Entity, ObjectType
from apigen.ir.types import ActorDefault, EnumRef, LiteralDefault, ManyOf, RefTo

_NAMES = {
    Surface.CREATE: "accepted on create",
    Surface.UPDATE: "accepted on update",
    Surface.RESPONSE: "shown",
}


def field_changes(
    before: Entity | Child | ObjectType,
    after: Entity | Child | ObjectType,
    old: Side,
    new: Side,
    *,
    in_api: bool,
    is_stored: bool = True,
) -> Iterator[SpecChange]:
    """Yield the changes of the fields of an owner; those apigen adds are its switches' business."""
    known = {field.id: field for field in before.fields if field.origin is not Origin.SYNTH}
    for field in after.fields:
        if field.origin is Origin.SYNTH:
            continue
        was = known.pop(field.id, None)
        if was is None:
            yield _added(field, after, old, new, in_api=in_api, is_stored=is_stored)
        else:
            yield from _field(was, field, after, old, new, in_api=in_api, is_stored=is_stored)
    for gone in known.values():
        subject = Subject(
            "field",
            gone.qname,
            after.span,
            is_stored=is_stored and (gone.computed is None or gone.stored),
            in_api=_is_in_api(gone, old, new, in_api=in_api),
            in_events=bool(gone.reads),
        )
        yield change(Row.FIELD_REMOVED, subject, f"field `{_shown(before, gone)}` is gone")


def _added(
    field: Field,
    owner: Entity | Child | ObjectType,
    old: Side,
    new: Side,
    *,
    in_api: bool,
    is_stored: bool,
) -> SpecChange:
    subject = _subject(field, in_api=in_api, is_stored=is_stored)
    # Clients of a version that is new have never known it otherwise.
    subject = subject._replace(in_api=subject.in_api and has_clients(field.lifespan, new, old))
    required = not field.nullable and field.default is None and field.computed is None
    if isinstance(field.type, ManyOf) and not field.type.constraints.min:
        required = False
    row = Row.FIELD_ADDED_REQUIRED if required else Row.FIELD_ADDED
    text = f"{'required ' if required else ''}field `{_shown(owner, field)}` is new"
    return change(row, subject, text)


def _field(
    before: Field,
    after: Field,
    owner: Entity | Child | ObjectType,
    old: Side,
    new: Side,
    *,
    in_api: bool,
    is_stored: bool,
) -> Iterator[SpecChange]:
    subject = _subject(after, in_api=in_api, is_stored=is_stored)
    subject = subject._replace(in_api=subject.in_api and has_clients(before.lifespan, old, new))
    shown = _shown(owner, after)
    if before.name.text != after.name.text:
        yield change(
            Row.FIELD_RENAMED,
            subject._replace(in_api=subject.in_api and before.wire != after.wire),
            f"field `{before.name.text}` is called `{shown}`",
            before=before.qname,
            after=after.qname,
        )
    else:
        if before.wire != after.wire:
            yield change(
                Row.WIRE_NAME,
                subject,
                f"`{shown}` is `{after.wire}` in JSON",
                attribute="wire",
                before=before.wire,
                after=after.wire,
            )
        if before.column != after.column and before.column and after.column:
            yield change(
                Row.STORED_NAME,
                subject,
                f"the column of `{shown}` is called `{after.column}`",
                attribute="column",
                before=before.column,
                after=after.column,
            )
    yield from lifespan_changes(before.lifespan, after.lifespan, subject, shown, old, new)
    yield from _computed(before, after, subject, shown, old)
    yield from _stored(before, after, subject, shown)
    if before.nullable != after.nullable:
        row = Row.MADE_OPTIONAL if after.nullable else Row.MADE_REQUIRED
        yield change(
            row,
            _for_readers(subject, after) if after.nullable else _for_writers(subject, after),
            f"`{shown}` is {'optional' if after.nullable else 'required'}",
            attribute="nullable",
            before=str(before.nullable).lower(),
            after=str(after.nullable).lower(),
        )
    for found in type_changes(before.type, after.type, old.ids, new.ids):
        bound = found.row in (Row.TIGHTENED, Row.LOOSENED)
        yield change(
            found.row,
            _for_writers(subject, after) if bound else subject,
            f"`{shown}` is `{words(after.type)}`"
            if found.attribute == "type"
            else f"`{found.attribute}` of `{shown}` is {found.after or 'gone'}",
            attribute=found.attribute,
            before=found.before,
            after=found.after,
        )
    yield from _encrypted(before, after, subject, shown)
    yield from upload_changes(before, after, subject, shown)
    yield from _default(before, after, subject, shown, old, new)
    yield from _surfaces(before, after, subject, shown)
    if before.on_delete is not after.on_delete and isinstance(after.type, RefTo):
        yield change(
            Row.ON_DELETE,
            subject,
            f"deleting what `{shown}` points to does `{after.on_delete}`",
            attribute="on_delete",
            before=before.on_delete.value,
            after=after.on_delete.value,
        )
    if before.index is not after.index:
        yield change(
            Row.INDEX_REMOVED if after.index is None else Row.INDEX_ADDED,
            subject,
            f"`{shown}` has {'no' if after.index is None else 'an'} index",
            attribute="index",
            before=before.index.value if before.index else "false",
            after=after.index.value if after.index else "false",
        )


def _computed(
    before: Field, after: Field, subject: Subject, shown: str, old: Side
) -> Iterator[SpecChange]:
    if old.says(before.computed, after.computed):
        return
    texts = ["" if one.computed is None else one.computed.source for one in (before, after)]
    row, text = Row.COMPUTED_CHANGED, f"`{shown}` is computed in another way"
    if before.computed is None and after.stored:
        row, text = Row.COMPUTED_STORED, f"`{shown}` is computed, in the rows that are there too"
        subject = subject._replace(is_stored=True, in_api=False, in_events=False)
    elif before.computed is None:
        row, text = Row.FIELD_REMOVED, f"`{shown}` is computed and has no column any more"
        # What clients could send is told by the surfaces.
        subject = subject._replace(is_stored=True, in_api=False, in_events=False)
    elif after.computed is None and before.stored:
        row, text = Row.SURFACE_GAINED, f"`{shown}` is not computed any more"
    elif after.computed is None:
        required = not after.nullable and after.default is None
        row = Row.FIELD_ADDED_REQUIRED if required else Row.FIELD_ADDED
        text = f"`{shown}` is stored and not computed any more"
    yield change(row, subject, text, attribute="computed", before=texts[0], after=texts[1])


def _stored(before: Field, after: Field, subject: Subject, shown: str) -> Iterator[SpecChange]:
    """Yield a computed field that got a column, or has none any more."""
    if before.computed is None or after.computed is None or before.stored == after.stored:
        return
    yield change(
        Row.COMPUTED_STORED if after.stored else Row.COMPUTED_NOT_STORED,
        subject._replace(is_stored=True),
        f"`{shown}` has {'a' if after.stored else 'no'} column",
        attribute="stored",
        before=str(before.stored).lower(),
        after=str(after.stored).lower(),
    )


def _encrypted(before: Field, after: Field, subject: Subject, shown: str) -> Iterator[SpecChange]:
    if before.encrypted == after.encrypted:
        return
    row, text = Row.ENCRYPTED, f"`{shown}` is encrypted"
    if after.encrypted is None:
        row, text = Row.DECRYPTED, f"`{shown}` is no longer encrypted"
    elif before.encrypted is not None:
        found = "is found by a blind index" if after.encrypted.blind_index else "is found no more"
        text = f"`{shown}` {found}"
    yield change(
        row,
        subject._replace(in_api=False, in_events=False),
        text,
        attribute="encrypted",
        before=_cipher(before),
        after=_cipher(after),
    )


def _cipher(field: Field) -> str:
    if field.encrypted is None:
        return "false"
    return "blind_index" if field.encrypted.blind_index else "true"


def _default(
    before: Field, after: Field, subject: Subject, shown: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    texts = [_default_text(before, old), _default_text(after, new)]
    if before.default == after.default or texts[0] == texts[1]:
        return
    lost = after.default is None and not after.nullable and after.computed is None
    row = Row.DEFAULT_REMOVED if lost else Row.DEFAULT_CHANGED
    names = [_default_shown(before), _default_shown(after)]
    yield change(
        row,
        _for_writers(subject, after),
        f"`{shown}` has {'no default' if after.default is None else f'the default {names[1]}'}",
        attribute="default",
        before=names[0],
        after=names[1],
    )


def _default_shown(field: Field) -> str:
    match field.default:
        case None:
            return ""
        case LiteralDefault(value=value):
            return str(value).lower() if isinstance(value, bool) else str(value)
        case ActorDefault(claim=claim):
            return f"actor.{claim}"
        case dynamic:
            return dynamic.value


def _default_text(field: Field, side: Side) -> str:
    """Return what tells two defaults apart: a member's id, so that a renamed one is the same."""
    match field.default, field.type:
        case LiteralDefault(value=str(name)), EnumRef(target=target):
            return side.members.get(target, {}).get(name, name)
        case None, _:
            return ""
        case _:
            return repr(field.default)


def _surfaces(before: Field, after: Field, subject: Subject, shown: str) -> Iterator[SpecChange]:
    pairs = (("reads", before.reads, after.reads), ("writes", before.writes, after.writes))
    for attribute, was, now in pairs:
        for surface, words_ in _NAMES.items():
            if (surface in was) == (surface in now):
                continue
            gained = surface in now
            yield change(
                Row.SURFACE_GAINED if gained else Row.SURFACE_LOST,
                subject._replace(is_stored=False, in_api=True, in_events=attribute == "reads"),
                f"`{shown}` is {'' if gained else 'no longer '}{words_}",
                attribute=attribute,
                before=" ".join(sorted(was)),
                after=" ".join(sorted(now)),
            )


def _subject(field: Field, *, in_api: bool, is_stored: bool) -> Subject:
    return Subject(
        "field" if not isinstance(field.type, RefTo | ManyOf) else "relation",
        field.qname,
        field.span,
        is_stored=is_stored and (field.computed is None or field.stored),
        in_api=in_api and bool(field.reads or field.writes & _NAMES.keys()),
        in_events=bool(field.reads),
    )


def _is_in_api(field: Field, side: Side, other: Side, *, in_api: bool) -> bool:
    seen = bool(field.reads or field.writes & _NAMES.keys())
    return in_api and seen and has_clients(field.lifespan, side, other)


def _for_readers(subject: Subject, field: Field) -> Subject:
    return subject._replace(in_api=subject.in_api and Surface.RESPONSE in field.reads)


def _for_writers(subject: Subject, field: Field) -> Subject:
    return subject._replace(in_api=subject.in_api and bool(field.writes & _NAMES.keys()))


def _shown(owner: Entity | Child | ObjectType, field: Field) -> str:
    name = owner.class_name if isinstance(owner, Child) else owner.name
    return f"{name.text}.{field.name.text}"
