"""Domain events: something that has happened to an aggregate.

An event is an envelope, the same for all, around a payload of its own type. Knows nothing of where
events go, nor how they are written down: that is `event_registry`.

Source: requirement 108.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, cast, get_args
from uuid import UUID

from ..core.clock import utc_now
from ..core.identifiers import uuid7


@dataclass(frozen=True, kw_only=True)
class DomainEvent[PayloadT]:
    """An envelope around a payload. Nothing but the payload is given where an event is made.

    A subclass names its payload as the type argument, and is one type of event:

        class OrderPlacedEvent(DomainEvent[OrderPlaced]):
            event_type = "shop.OrderPlaced"
            schema_version = 2

    What belongs to the aggregate and to the context is filled in when events are collected.
    """

    event_type: ClassVar[str]
    """Discriminator, `type` in JSON: qualified name of the event. Stored events keep it forever."""
    schema_version: ClassVar[int] = 1
    """Of the payload; raised whenever the payload changes, with an upcast from the one before."""

    payload: PayloadT
    event_id: UUID = field(default_factory=uuid7)
    occurred_at: datetime = field(default_factory=utc_now)
    aggregate_id: str = ""
    aggregate_version: int = 0
    """Version of the aggregate as it was stored with the event."""
    correlation_id: str = ""
    causation_id: str | None = None
    """Id of the event that led to this one."""
    actor_id: str | None = None

    @classmethod
    def payload_type(cls) -> type[PayloadT]:
        """Return the class of the payload: the type argument of the nearest base that has one.

        Raises:
            TypeError: No payload was named.
        """
        for kind in cls.__mro__:
            for base in getattr(kind, "__orig_bases__", ()):
                if arguments := get_args(base):
                    return cast("type[PayloadT]", arguments[0])
        raise TypeError(f"{cls.__name__} names no payload")


type AnyEvent = DomainEvent[Any]
"""An event of any type: what carries events does not look into them, hence Any."""
