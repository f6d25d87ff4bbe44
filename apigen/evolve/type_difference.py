"""What is different between a declared type then and today."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.field_difference import field_changes
from apigen.evolve.record import SpecChange
from apigen.evolve.rule_difference import rule_changes
from apigen.evolve.side import Side
from apigen.evolve.type_change import type_changes, words
from apigen.ir.system import EnumType, ObjectType, ScalarType, UnionType, ValueType
from apigen.ir.types import Scalar


def type_difference(
    before: ValueType | None,
    after: ValueType,
    old: Side,
    new: Side,
    *,
    of_states: bool = False,
) -> Iterator[SpecChange]:
    """Yield the changes of one type; an enum written in place is a type too.

    Args:
        before: Of the last run; None for a new one.
        after: Of today.
        old: The last run.
        new: Today.
        of_states: It is the enum of a lifecycle.
    """
    subject = Subject("type", after.qname, after.span)
    title = after.name.text
    if before is None:
        yield change(Row.TYPE_ADDED, subject, f"type `{title}` is new")
        return
    if before.name.text != title:
        yield change(
            Row.TYPE_RENAMED,
            subject,
            f"type `{before.name.text}` is called `{title}`",
            before=before.qname,
            after=after.qname,
        )
    match before, after:
        case EnumType(), EnumType():
            yield from _members(before, after, of_states=of_states)
        case ObjectType(), ObjectType():
            yield from _object(before, after, subject, old, new)
        case UnionType(), UnionType():
            yield from _union(before, after, subject, old, new)
        case ScalarType(type=Scalar() as was), ScalarType(type=Scalar() as now):
            for found in type_changes(_bare(was), _bare(now), old.ids, new.ids):
                yield change(
                    found.row,
                    subject,
                    f"type `{title}` is `{words(_bare(now))}`"
                    if found.attribute == "type"
                    else f"`{found.attribute}` of type `{title}` is {found.after or 'gone'}",
                    attribute=found.attribute,
                    before=found.before,
                    after=found.after,
                )
        case _:
            yield change(
                Row.TYPE_NARROWED,
                subject,
                f"type `{title}` is of another kind",
                attribute="kind",
                before=type(before).__name__,
                after=type(after).__name__,
            )


def _bare(type_: Scalar) -> Scalar:
    return Scalar(kind=type_.kind, constraints=type_.constraints)


def _members(before: EnumType, after: EnumType, *, of_states: bool) -> Iterator[SpecChange]:
    title = after.name.text
    known = {member.id: member for member in before.members}
    come, gone_ = Row.MEMBER_ADDED, Row.MEMBER_REMOVED
    if of_states:
        come, gone_ = Row.STATE_ADDED, Row.STATE_REMOVED
    word = "state" if of_states else "member"
    for member in after.members:
        subject = Subject("member", f"{after.qname}.{member.name}", member.span or after.span)
        was = known.pop(member.id, None)
        if was is None:
            yield change(come, subject, f"`{title}` has the {word} `{member.name}`")
            continue
        if was.name != member.name:
            yield change(
                Row.MEMBER_RENAMED,
                subject,
                f"{word} `{was.name}` of `{title}` is called `{member.name}`",
                before=was.name,
                after=member.name,
            )
        if was.value != member.value:
            yield change(
                Row.STORED_VALUE,
                subject,
                f"{word} `{member.name}` of `{title}` is stored as `{member.value}`",
                attribute="value",
                before=was.value,
                after=member.value,
            )
    for gone in known.values():
        subject = Subject("member", f"{before.qname}.{gone.name}", after.span)
        yield change(gone_, subject, f"{word} `{gone.name}` of `{title}` is gone")


def _object(
    before: ObjectType, after: ObjectType, subject: Subject, old: Side, new: Side
) -> Iterator[SpecChange]:
    if before.store is not after.store:
        yield change(
            Row.TYPE_NARROWED,
            subject._replace(in_api=False, in_events=False),
            f"`{after.name.text}` is stored as {after.store}",
            attribute="store",
            before=before.store.value,
            after=after.store.value,
        )
    yield from field_changes(before, after, old, new, in_api=True)
    inside = subject._replace(is_stored=False)
    yield from rule_changes(before.invariants, after.invariants, inside, old)


def _union(
    before: UnionType, after: UnionType, subject: Subject, old: Side, new: Side
) -> Iterator[SpecChange]:
    title = after.name.text
    inside = subject._replace(is_stored=False)
    if before.tag != after.tag:
        yield change(
            Row.TYPE_NARROWED,
            subject,
            f"`{title}` is told apart by `{after.tag}`",
            attribute="tag",
            before=before.tag,
            after=after.tag,
        )
    known = {variant.tag: variant for variant in before.variants}
    for variant in after.variants:
        was = known.pop(variant.tag, None)
        if was is None:
            text = f"`{title}` has the variant `{variant.tag}`"
            yield change(Row.MEMBER_ADDED, inside, text, attribute="one_of", after=variant.tag)
            continue
        for found in type_changes(was.type, variant.type, old.ids, new.ids):
            yield change(
                found.row,
                inside,
                f"variant `{variant.tag}` of `{title}` is `{words(variant.type)}`",
                attribute=f"one_of.{variant.tag}",
                before=found.before,
                after=found.after,
            )
    for tag in known:
        text = f"variant `{tag}` of `{title}` is gone"
        yield change(Row.TYPE_NARROWED, subject, text, attribute="one_of", before=tag)
