"""AG806: the payload of an event is another one, and its version is the same.

Events outlive the program that has written them: in the outbox, and with whoever was told.
"""

from apigen.diagnostics import Diagnostic, Severity
from apigen.evolve.acknowledged import is_acknowledged, short
from apigen.evolve.record import Effect, Permissions, SpecChange
from apigen.ir.behaviour import Event
from apigen.ir.system import System

_FIELDS = frozenset({"field", "relation"})


def event_versions(
    last: System | None, today: System, changes: tuple[SpecChange, ...], permissions: Permissions
) -> tuple[Diagnostic, ...]:
    """Return AG806 for every event that old programs, or old rows, can not be read as.

    An error when `api.compat` is strict, a warning when it warns.
    """
    if last is None or today.api.compat == "off":
        return ()
    former = {event.qname: event for event in last.events}
    allowed = permissions.removal | permissions.data_loss
    strict = today.api.compat == "strict"
    found: list[Diagnostic] = []
    for event in today.events:
        names = (event.qname, *(f"{_owner(event)}.{name}" for name in event.renamed_from))
        was = next((former[name] for name in names if name in former), None)
        if was is None or was.version != event.version or is_acknowledged(event.qname, allowed):
            continue
        broken = [one for one in changes if _breaks(one, event, was)]
        if broken:
            found.append(
                Diagnostic(
                    code="AG806",
                    message=f"event `{event.name.text}` changed and its version did not:"
                    f" {broken[0].text}",
                    span=event.span,
                    severity=Severity.ERROR if strict else Severity.WARNING,
                    help=f"set `version: {event.version + 1}`, and say in `upcast` what events of"
                    f" version {event.version} lack, or agree:"
                    f" `--accept-removal {short(event.qname)}`",
                )
            )
    return tuple(found)


def _breaks(change: SpecChange, event: Event, was: Event) -> bool:
    owners = (event.qname, was.qname)
    return (
        change.element in _FIELDS
        and change.symbol.rpartition(".")[0] in owners
        and change.events is Effect.BREAKING
    )


def _owner(event: Event) -> str:
    return event.qname.rpartition(".")[0]
