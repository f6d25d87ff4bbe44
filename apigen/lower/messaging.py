"""The platform's messaging: outbox, inbox and dead letters, their defaults made explicit."""

from apigen.diagnostics.collector import Collector
from apigen.ir.system import Messaging
from apigen.spec.located import Located
from apigen.spec.messaging import InboxSpec, MessagingSpec


def messaging(spec: MessagingSpec | None, found: Collector) -> Messaging:
    """Return how events leave the transaction that recorded them (AG607)."""
    default = Messaging()
    if spec is None:
        return default
    outbox, dead = spec.outbox, spec.dlq
    inbox = spec.inbox if isinstance(spec.inbox, InboxSpec) else None
    poll = outbox.poll if outbox is not None else None
    if poll is not None and poll.value <= 0:
        found.error(
            "AG607", "a `poll` of nothing would never rest", poll.span, help="such as `500ms`"
        )
    return Messaging(
        poll_s=_value(poll, default.poll_s),
        batch=_value(outbox.batch if outbox else None, default.batch),
        retention_s=_value(outbox.retention if outbox else None, default.retention_s),
        inbox_retention_s=_value(inbox.retention if inbox else None, default.inbox_retention_s),
        max_attempts=_value(dead.max_attempts if dead else None, default.max_attempts),
        dead_retention_s=_value(dead.retention if dead else None, default.dead_retention_s),
    )


def reactions_have_inbox(spec: MessagingSpec | None) -> bool:
    """Whether an event that comes twice has one effect, where a reaction does not say."""
    inbox = spec.inbox if spec is not None else None
    return not isinstance(inbox, Located) or inbox.value


def _value[T](located: Located[T] | None, default: T) -> T:
    return default if located is None else located.value
