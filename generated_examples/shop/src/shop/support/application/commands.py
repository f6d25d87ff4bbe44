"""Messages of the application: commands change something, queries ask.

Each is a frozen dataclass that names, as its type argument, what comes back.

Source: requirements 10.3, 10.4.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from ..core.caching import cache_key
from ..core.clock import utc_now
from ..core.context import current_context
from ..core.identifiers import uuid7


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The message that a command answers to, so that one that comes twice has one effect."""

    consumer: str
    """Who takes the message: name of the reaction."""
    key: str
    """Which message it is: id of the event."""


def _correlation_id() -> str:
    return current_context().correlation_id


def _user_id() -> str | None:
    return current_context().actor.id or None


@dataclass(frozen=True, kw_only=True)
class Command[ResultT]:
    """Something to be done; `ResultT` is what it gives: `class PlaceOrder(Command[Order])`."""

    command_id: UUID = field(default_factory=uuid7)
    timestamp: datetime = field(default_factory=utc_now)
    correlation_id: str = field(default_factory=_correlation_id)
    user_id: str | None = field(default_factory=_user_id)
    expected_version: int | None = None
    """Version that the aggregate must have, as If-Match says; None: any."""
    delivery: Delivery | None = None
    """Set by a reaction with an inbox."""


@dataclass(frozen=True, kw_only=True)
class Query[ResultT]:
    """Something to be answered; `ResultT` is the answer: `class WaitingOrders(Query[bytes])`."""

    cache_ttl: ClassVar[timedelta | None] = None
    """How long an answer may be given again; None: never."""

    query_id: UUID = field(default_factory=uuid7)
    timestamp: datetime = field(default_factory=utc_now)

    @property
    def cache_key(self) -> str:
        """The same for queries with the same answer: begins with `<class name>:`.

        All that a token says of the actor is part of it: the answer may depend on who asks.
        """
        actor = current_context().actor
        inputs = [
            (part.name, getattr(self, part.name))
            for part in fields(self)
            if part.name not in {"query_id", "timestamp"}
        ]
        claims = sorted(actor.claims.items())
        said = (actor.id, sorted(actor.roles), sorted(actor.scopes), claims, actor.is_system)
        return cache_key(type(self).__name__, said, inputs)
