"""What is different around the domain: tables that behaviour needs, how messages are delivered."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.ir.system import I18n, System


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
        ("tasks", last.has_tasks, today.has_tasks, "work waits in a table to be done"),
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
    yield from _languages(last.i18n, today.i18n, own._replace(symbol="i18n"))


def _languages(last: I18n, today: I18n, subject: Subject) -> Iterator[SpecChange]:
    subject = subject._replace(in_api=True)
    for locale in today.locales:
        if locale not in last.locales:
            text = f"texts may be in `{locale}`"
            yield change(Row.LOCALE_ADDED, subject, text, attribute="locales", after=locale)
    for locale in last.locales:
        if locale not in today.locales:
            text = f"texts in `{locale}` are no longer shown"
            yield change(Row.LOCALE_REMOVED, subject, text, attribute="locales", before=locale)
    if last.default != today.default:
        yield change(
            Row.DEFAULT_LOCALE,
            subject,
            f"every text has a form in `{today.default}`",
            attribute="default",
            before=last.default,
            after=today.default,
        )
    elif any(
        today.chains[one] != chain and set(chain) <= set(today.locales)
        for one, chain in last.chains.items()
        if one in today.chains
    ):
        text = "missing texts are those of other locales"
        yield change(Row.FALLBACK_CHANGED, subject, text, attribute="fallback")
