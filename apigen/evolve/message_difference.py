"""What is different between the inputs of a command or query, or the payload of an event.

Matched by JSON name: that is what callers send and consumers read.
"""

from collections.abc import Iterator
from typing import NamedTuple

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.evolve.type_change import type_changes, words
from apigen.ir.field import Field


class Direction(NamedTuple):
    """Who minds: those who send, or those who read."""

    optional: Row
    widened: Row
    added_required: Row


SENT = Direction(Row.LOOSENED, Row.LOOSENED, Row.FIELD_ADDED_REQUIRED)
READ = Direction(Row.MADE_OPTIONAL, Row.TYPE_WIDENED, Row.FIELD_ADDED_REQUIRED)
SHOWN = READ._replace(added_required=Row.FIELD_ADDED)
"""Worked out when it is read: nothing of it was ever stored."""


def message_changes(
    before: tuple[Field, ...],
    after: tuple[Field, ...],
    subject: Subject,
    old: Side,
    new: Side,
    *,
    direction: Direction,
    title: str,
) -> Iterator[SpecChange]:
    """Yield what changed of the fields of a message.

    Args:
        before: Of the last run.
        after: Of today.
        subject: The message, with who can notice.
        old: The last run.
        new: Today.
        direction: Whether it is sent or read.
        title: The message as people call it.
    """
    subject = subject._replace(is_stored=False)
    known = {field.wire: field for field in before}
    for field in after:
        was = known.pop(field.wire, None)
        own = subject._replace(
            element="field", symbol=f"{subject.symbol}.{field.name.text}", span=field.span
        )
        shown = f"`{field.wire}` of {title}"
        if was is None:
            required = not field.nullable and field.default is None
            row = direction.added_required if required else Row.FIELD_ADDED
            word = "required " if row is Row.FIELD_ADDED_REQUIRED else ""
            yield change(row, own, f"{word}{shown} is new")
            continue
        yield from _field(was, field, own, shown, old, new, direction)
    for gone in known.values():
        own = subject._replace(element="field", symbol=f"{subject.symbol}.{gone.name.text}")
        yield change(Row.FIELD_REMOVED, own, f"`{gone.wire}` of {title} is gone")


def _field(
    before: Field,
    after: Field,
    subject: Subject,
    shown: str,
    old: Side,
    new: Side,
    direction: Direction,
) -> Iterator[SpecChange]:
    if before.nullable != after.nullable:
        yield change(
            direction.optional if after.nullable else Row.MADE_REQUIRED,
            subject,
            f"{shown} is {'optional' if after.nullable else 'required'}",
            attribute="nullable",
            before=str(before.nullable).lower(),
            after=str(after.nullable).lower(),
        )
    for found in type_changes(before.type, after.type, old.ids, new.ids):
        yield change(
            direction.widened if found.row is Row.TYPE_WIDENED else found.row,
            subject,
            f"{shown} is `{words(after.type)}`"
            if found.attribute == "type"
            else f"`{found.attribute}` of {shown} is {found.after or 'gone'}",
            attribute=found.attribute,
            before=found.before,
            after=found.after,
        )
    if (before.default is None) != (after.default is None):
        yield change(
            Row.DEFAULT_REMOVED
            if after.default is None and not after.nullable
            else Row.DEFAULT_CHANGED,
            subject,
            f"{shown} has {'no' if after.default is None else 'a'} default",
            attribute="default",
        )
