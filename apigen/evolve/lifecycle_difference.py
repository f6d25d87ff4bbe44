"""What is different between the lifecycles of an entity; its states are members of an enum."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.behaviour import Lifecycle
from apigen.ir.field import Field
from apigen.ir.system import Entity


def lifecycle_changes(
    before: Entity, after: Entity, subject: Subject, old: Side
) -> Iterator[SpecChange]:
    """Yield a lifecycle that came or went, another initial state, history on or off."""
    title = after.name.text
    was, now = before.lifecycle, after.lifecycle
    own = subject._replace(element="lifecycle")
    if was is None or now is None:
        if now is not None:
            row = Row.LIFECYCLE_ADDED
            yield change(row, own, f"`{title}` has a lifecycle", attribute="lifecycle")
        elif was is not None:
            row = Row.LIFECYCLE_REMOVED
            yield change(row, own, f"`{title}` has no lifecycle", attribute="lifecycle")
    else:
        if old.translated(was.initial) != now.initial:
            yield change(
                Row.INITIAL_STATE,
                own,
                f"`{title}` begins as `{now.initial}`",
                attribute="lifecycle.initial",
                before=was.initial,
                after=now.initial,
            )
        if was.field != now.field:
            called = _field(before, was).id == _field(after, now).id
            lost = "" if called else f", and what `{was.field}` said is gone"
            yield change(
                Row.FIELD_RENAMED if called else Row.FIELD_REMOVED,
                own,
                f"the state of `{title}` is called `{now.field}`{lost}",
                attribute="lifecycle.field",
                before=was.field,
                after=now.field,
            )
    yield from _history(was, now, own, title)


def _field(entity: Entity, lifecycle: Lifecycle) -> Field:
    return next(one for one in entity.fields if one.attribute == lifecycle.field)


def _history(
    before: Lifecycle | None, after: Lifecycle | None, subject: Subject, title: str
) -> Iterator[SpecChange]:
    was = before is not None and before.history
    now = after is not None and after.history
    if was != now:
        yield change(
            Row.TABLE_ON if now else Row.TABLE_OFF,
            subject,
            f"moves of `{title}` are {'' if now else 'no longer '}kept",
            attribute="lifecycle.history",
            before=str(was).lower(),
            after=str(now).lower(),
        )
