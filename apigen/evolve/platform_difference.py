"""What is different around the domain: tables that behaviour needs, how messages are delivered."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.ir.system import System


def platform_changes(last: System, today: System, subject: Subject) -> Iterator[SpecChange]:
    """Yield tables that came or went, and settings of messages and keys."""
    own = subject._replace(element="platform", is_stored=True, in_events=True)
    for name, was, now, words in (
        ("outbox", last.has_outbox, today.has_outbox, "events wait in a table to be handed on"),
        ("inbox", last.has_inbox, today.has_inbox, "what was handled is remembered in a table"),
        (
            "idempotency",
            last.has_idempotency,
            today.has_idempotency,
            "answers are kept in a table by Idempotency-Key",
        ),
    ):
        if was != now:
            yield change(
                Row.TABLE_ON if now else Row.TABLE_OFF,
                own._replace(symbol=name),
                words if now else f"no longer: {words}",
                attribute="table",
                before=str(was).lower(),
                after=str(now).lower(),
            )
    if last.messaging != today.messaging:
        text = "messages are delivered or kept in another way"
        yield change(Row.RUN_CHANGED, own._replace(symbol="messaging"), text, attribute="messaging")
    if last.api.idempotency != today.api.idempotency:
        text = "answers are kept by Idempotency-Key in another way"
        yield change(Row.RUN_CHANGED, own._replace(symbol="api"), text, attribute="idempotency")
