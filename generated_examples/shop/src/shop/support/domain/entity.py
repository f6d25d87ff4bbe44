"""Things with an identity: aggregate roots, and the entities inside them.

Two entities are equal when they are of one class and have one identifier, whatever else they
hold. Nothing here knows how they are stored.

Source: requirement 6.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast

from ulid import ULID

from ..core.clock import utc_now
from ..core.context import current_context
from ..core.errors import InvalidStateError
from ..core.identifiers import new_ulid
from .events import AnyEvent

UNASSIGNED_ID = 0
"""What an integer identifier is until the database has drawn one."""

_AS_CREATED = datetime.min.replace(tzinfo=UTC)


@dataclass(kw_only=True, eq=False)
class IdentifiedEntity[IdT]:
    """Identity and the equality that follows from it.

    A subclass declares `id` again with a default when identifiers are generated, or sets it in
    `__post_init__` when other fields make up the identifier.
    """

    id: IdT = field(init=False)

    def __eq__(self, other: object) -> bool:
        """Compare class and identifier; without an identifier, only itself is equal."""
        if type(other) is not type(self):
            return NotImplemented
        if self.id == UNASSIGNED_ID:
            return self is other
        return bool(self.id == other.id)

    def __hash__(self) -> int:
        """Hash class and identifier.

        Raises:
            TypeError: The identifier is still to come, so the hash would change with it.
        """
        if self.id == UNASSIGNED_ID:
            raise TypeError(f"{type(self).__name__} has no identifier before it is stored")
        return hash((type(self), self.id))


@dataclass(kw_only=True, eq=False)
class ChildEntity[IdT](IdentifiedEntity[IdT], ABC):
    """An entity that lives and dies with its aggregate."""

    @abstractmethod
    def check_invariants(self) -> None:
        """Refuse a state that the domain does not allow. The root calls it with its own check.

        Raises:
            ValidationError: A field breaks one of its constraints.
            InvariantViolation: Fields contradict each other.
        """


@dataclass(kw_only=True, eq=False)
class BaseEntity[IdT](IdentifiedEntity[IdT]):
    """An entity that knows when it was made, last changed and deleted."""

    created_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = _AS_CREATED
    """When it was made, unless told: one reading of the clock for both."""
    is_deleted: bool = False
    deleted_at: datetime | None = None

    def __post_init__(self) -> None:
        """Begin unchanged. A subclass with more to do calls this too."""
        if self.updated_at == _AS_CREATED:
            self.updated_at = self.created_at

    def mark_updated(self, at: datetime | None = None) -> None:
        """Note a change, at the present unless told."""
        self.updated_at = at or utc_now()

    def mark_deleted(self, at: datetime | None = None) -> None:
        """Delete softly, at the present unless told."""
        self.is_deleted = True
        self.deleted_at = at or utc_now()
        self.updated_at = self.deleted_at

    def restore(self, at: datetime | None = None) -> None:
        """Take a soft deletion back."""
        self.is_deleted = False
        self.deleted_at = None
        self.mark_updated(at)


@dataclass(kw_only=True, eq=False)
class AggregateRoot[IdT](BaseEntity[IdT], ABC):
    """The entity through which its aggregate is loaded, changed and stored as one.

    `version` is what was read from storage; storing raises it and refuses when it has moved.
    """

    version: int = 1

    @abstractmethod
    def check_invariants(self) -> None:
        """Refuse a state that the domain does not allow. Called before anything is stored.

        Raises:
            ValidationError: A field breaks one of its constraints.
            InvariantViolation: Fields contradict each other.
        """

    def require_state(self, action: str, state: StrEnum, allowed: Iterable[StrEnum]) -> None:
        """Refuse an action that is not possible in the present state.

        Raises:
            InvalidStateError: `state` is none of `allowed`.
        """
        states = tuple(allowed)
        if state not in states:
            raise InvalidStateError(
                action, state=state.value, allowed=tuple(each.value for each in states)
            )

    def record(self, event: AnyEvent) -> None:
        """Note that something has happened, to be told once it is stored."""
        self.__dict__.setdefault(_RECORDED, []).append(event)

    def collect_events(self) -> tuple[AnyEvent, ...]:
        """Return what has happened since the last time, in order, and forget it.

        Called once the aggregate is stored: the events get its identifier and version, and the
        ids and the actor of the execution context.
        """
        recorded: list[AnyEvent] = self.__dict__.pop(_RECORDED, [])
        context = current_context()
        return tuple(
            replace(
                event,
                aggregate_id=_id_text(self.id),
                aggregate_version=self.version,
                correlation_id=context.correlation_id,
                causation_id=context.causation_id,
                actor_id=context.actor.id or None,
            )
            for event in recorded
        )


# Not a field: events are no part of what an aggregate is, and of nothing that compares, copies or
# stores its fields. Most aggregates never record any.
_RECORDED = "_recorded_events"


def _id_text(id: object) -> str:
    return "/".join(map(str, id)) if isinstance(id, tuple) else str(id)


@dataclass(kw_only=True, eq=False)
class UlidEntity[IdT: ULID](AggregateRoot[IdT]):
    """An aggregate root that is identified by a ULID of its own making."""

    # A NewType of ULID is a ULID at run time; only the checker tells them apart.
    id: IdT = field(default_factory=lambda: cast("IdT", new_ulid()))
