"""What is different about the life of an entity, beside its states: they are members of an enum."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.ir.system import Entity


def lifecycle_changes(before: Entity, after: Entity) -> Iterator[SpecChange]:
    """Yield a lifecycle that came or went, another beginning, other ends, another history.

    The field of the state is a synthesized one: what its column becomes is told here.
    """
    title, was, now = after.name.text, before.lifecycle, after.lifecycle
    in_api = after.resource is not None
    subject = Subject("lifecycle", after.qname, after.span, in_api=in_api, in_events=False)
    if was is None and now is None:
        return
    if was is None or now is None:
        row = Row.SYNTHESIZED_ON if was is None else Row.SYNTHESIZED_OFF
        text = f"`{title}` has {'a' if was is None else 'no'} lifecycle"
        yield change(row, subject, text, attribute="lifecycle")
        return
    if was.initial != now.initial and was.initial in {state.name for state in now.states}:
        yield change(
            Row.LIFECYCLE_CHANGED,
            subject,
            f"`{title}` begins as `{now.initial}`",
            attribute="lifecycle.initial",
            before=was.initial,
            after=now.initial,
        )
    ends = [{state.name for state in one.states if state.final} for one in (was, now)]
    if ends[0] != ends[1]:
        yield change(
            Row.LIFECYCLE_CHANGED,
            subject,
            f"`{title}` ends as {', '.join(f'`{name}`' for name in sorted(ends[1])) or 'nothing'}",
            attribute="lifecycle.final",
            before=", ".join(sorted(ends[0])),
            after=", ".join(sorted(ends[1])),
        )
    if was.history != now.history:
        yield change(
            Row.SYNTHESIZED_ON if now.history else Row.SYNTHESIZED_OFF,
            # Clients are told by the operation.
            subject._replace(in_api=False),
            f"the moves of `{title}` are {'kept' if now.history else 'no longer kept'}",
            attribute="lifecycle.history",
            before=str(was.history).lower(),
            after=str(now.history).lower(),
        )
