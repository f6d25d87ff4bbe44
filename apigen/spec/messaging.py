"""The platform's block of messaging: how events leave the transaction that recorded them."""

from typing import ClassVar

from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, SwitchOf
from apigen.spec.located import Located
from apigen.spec.quantity import Duration
from apigen.spec.shape import Whole
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSpec(Block):
    """The table of recorded events, and the relay that empties it."""

    TITLE: ClassVar[str] = "`messaging.outbox`"

    poll: Located[float] | None = key(Duration())
    batch: Located[int] | None = key(Whole(low=1, high=10_000))
    retention: Located[float] | None = key(Duration())


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSpec(Block):
    """The table of what reactions have seen."""

    TITLE: ClassVar[str] = "`messaging.inbox`"

    retention: Located[float] | None = key(Duration())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterSpec(Block):
    """What becomes of events that no attempt could deliver."""

    TITLE: ClassVar[str] = "`messaging.dlq`"

    max_attempts: Located[int] | None = key(Whole(low=1, high=1000))
    retention: Located[float] | None = key(Duration())


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingSpec(Block):
    """How events are carried."""

    TITLE: ClassVar[str] = "`messaging`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "broker",
        "url",
        "retry",
        "format",
        "topic",
        "delivery",
    )

    outbox: OutboxSpec | None = key(BlockOf(lambda: OutboxSpec, example="{ retention: 7d }"))
    inbox: Located[bool] | InboxSpec | None = key(
        SwitchOf(lambda: InboxSpec, example="{ retention: 30d }")
    )
    dlq: DeadLetterSpec | None = key(BlockOf(lambda: DeadLetterSpec, example="{ max_attempts: 5 }"))
