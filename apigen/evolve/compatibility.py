"""AG803 and AG806: with `api.compat: strict`, what breaks others is an error until agreed to.

A new version of the API instead of the old ones, or a higher major version of the app, is the
agreement for everything that clients notice; a version of an event, with an upcast, for its
payload; `--accept-removal` for one symbol.
"""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic, Severity, Span
from apigen.evolve.acknowledged import is_acknowledged, short
from apigen.evolve.changelog import version_parts
from apigen.evolve.event_difference import is_covered
from apigen.evolve.event_impact import effect_on_events, events_of
from apigen.evolve.record import Effect, Permissions, SpecChange
from apigen.ir.behaviour import Event
from apigen.ir.system import System


def compatibility(
    last: System | None, today: System, changes: tuple[SpecChange, ...], permissions: Permissions
) -> tuple[Diagnostic, ...]:
    """Return AG803 and AG806 for what breaks and nobody agreed to.

    `warn`, the default, needs no diagnostic for clients: the summary of a run lists what breaks.
    An event that changed under its version is a warning there: what waits may not be readable.
    """
    if last is None or today.api.compat == "off":
        return ()
    is_strict = today.api.compat == "strict"
    allowed = permissions.removal | permissions.data_loss
    asked = tuple(one for one in changes if not is_acknowledged(one.symbol, allowed))
    severity = Severity.ERROR if is_strict else Severity.WARNING
    consumers = tuple(_of_consumers(last, today, asked, severity))
    return (*_of_clients(last, today, asked), *consumers) if is_strict else consumers


def _of_clients(
    last: System, today: System, changes: tuple[SpecChange, ...]
) -> Iterator[Diagnostic]:
    if is_new_version(last, today):
        return
    known = {version.name for version in last.api.versions}
    served = [version.name for version in today.api.versions if version.name in known]
    for change in changes:
        if change.api is Effect.BREAKING:
            yield Diagnostic(
                code="AG803",
                message=f"breaks {'/'.join(served)} clients: {change.text}",
                span=change.span or _nowhere(),
                severity=Severity.ERROR,
                help="keep what clients use, with `until` where a later version has it no more,"
                " give the API a new version (`api.versions`), raise the"
                f" major version of the app, or agree: `--accept-removal {short(change.symbol)}`",
            )


def _of_consumers(
    last: System,
    today: System,
    changes: tuple[SpecChange, ...],
    severity: Severity,
) -> Iterator[Diagnostic]:
    """Yield AG806 once an event, and for each public one that is gone."""
    before = {event.id: event for event in last.events}
    told: set[str] = set()
    for change in changes:
        for event in open_events(change, last, today):
            if event.qname in told:
                continue
            told.add(event.qname)
            version = before[event.id].version
            yield Diagnostic(
                code="AG806",
                message=f"event `{event.name.text}` changed and its version did not: {change.text}",
                span=event.span,
                severity=severity,
                help=f"set `version: {version + 1}`, and say in `upcast` what events of version"
                f" {version} lack, or agree: `--accept-removal {short(event.qname)}`",
            )
        if severity is Severity.ERROR and is_withdrawn(change, today):
            yield Diagnostic(
                code="AG806",
                message=f"breaks consumers of events: {change.text}",
                span=change.span or _nowhere(),
                severity=severity,
                help="keep it until nobody consumes it, or agree:"
                f" `--accept-removal {short(change.symbol)}`",
            )


def open_events(change: SpecChange, last: System, today: System) -> tuple[Event, ...]:
    """Return the events whose payload a change breaks, and that have no version for it."""
    if change.events is not Effect.BREAKING or change.element == "event":
        return ()
    before = {event.id: event for event in last.events}
    return tuple(
        event
        for event in events_of(change, today) or ()
        if event.id in before and not is_covered(before[event.id], event)
    )


def is_withdrawn(change: SpecChange, today: System) -> bool:
    """Whether a public event is gone, has another name, or is public no more."""
    return change.element == "event" and effect_on_events(change, today) is Effect.BREAKING


def is_new_version(last: System, today: System) -> bool:
    """Whether clients are told by a version that much is different.

    A version beside those there were is none: their clients are still served.
    """
    served = {version.name for version in today.api.versions}
    if served.isdisjoint(version.name for version in last.api.versions):
        return True
    before, after = version_parts(last.app.version), version_parts(today.app.version)
    if before is None or after is None:
        return False
    # Below 1.0 the second number is what a major version is later.
    place = 1 if before[0] == after[0] == 0 else 0
    return after[: place + 1] > before[: place + 1]


def _nowhere() -> Span:
    return Span(file="apigen.yaml", line=1, column=1, end_line=1, end_column=2)
