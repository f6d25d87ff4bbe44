"""The ports of a project: what its inner layers need and its infrastructure provides.

Protocols only, so that an implementation needs no base class and a test can pass its own.

Source: requirements 1, 11, 28.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Literal, Protocol, Self, runtime_checkable

from .actor import Actor

type IsolationLevel = Literal[
    "READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"
]
"""How much transactions see of each other."""


@runtime_checkable
class Criterion[T](Protocol):
    """Anything that can tell whether a candidate is wanted: a specification."""

    def is_satisfied_by(self, candidate: T) -> bool:
        """Tell whether the candidate is wanted."""
        ...


@dataclass(frozen=True, kw_only=True)
class QueryOptions[T]:
    """What a repository is asked for: which ones, in which order, which part of them."""

    where: Criterion[T] | None = None
    order_by: tuple[str, ...] = ()
    """Attributes; a leading `-` for descending. The identifier always ends the order."""
    limit: int | None = None
    offset: int = 0
    include_deleted: bool = False


@runtime_checkable
class AsyncRepository[EntityT, IdT](Protocol):
    """A collection of aggregates that outlives the process.

    Nothing is stored before the unit of work that the repository belongs to commits. Deleted
    aggregates are left out everywhere, unless `include_deleted` asks for them.
    """

    async def add(self, entity: EntityT) -> None:
        """Take a new aggregate, and give it the identifier that the database draws, if any.

        Raises:
            ConflictError: It clashes with a stored one.
        """
        ...

    async def add_many(self, entities: Sequence[EntityT]) -> None:
        """Take several new aggregates."""
        ...

    async def get(
        self, id: IdT, *, include_deleted: bool = False, lock: bool = False
    ) -> EntityT | None:
        """Return the aggregate with this identifier, or None.

        With `lock`, others who ask for a lock wait until the transaction is over.
        """
        ...

    async def get_many(self, ids: Iterable[IdT]) -> list[EntityT]:
        """Return those of the aggregates that exist, in the order of `ids`."""
        ...

    async def save(self, entity: EntityT) -> None:
        """Store what was changed, and raise the version of the aggregate by one.

        Raises:
            ConflictError: It clashes with another stored one.
            PreconditionFailedError: It was changed by somebody else since it was read.
        """
        ...

    async def save_many(self, entities: Sequence[EntityT]) -> None:
        """Store what was changed in several aggregates."""
        ...

    async def remove(self, entity: EntityT) -> None:
        """Delete the aggregate, or mark it as deleted where it has soft deletion.

        Raises:
            ConflictError: Something still refers to it.
            PreconditionFailedError: It was changed by somebody else since it was read.
        """
        ...

    async def remove_many(self, entities: Sequence[EntityT]) -> None:
        """Delete several aggregates."""
        ...

    async def find(self, options: QueryOptions[EntityT]) -> Sequence[EntityT]:
        """Return the aggregates that the options ask for."""
        ...

    async def count(self, where: Criterion[EntityT] | None = None) -> int:
        """Return how many aggregates there are."""
        ...


@runtime_checkable
class PermittedRows[IdT](Protocol):
    """What can tell which stored rows a rule of access allows: a repository."""

    async def permitted(self, ids: Sequence[IdT], rules: Sequence[str], actor: Actor) -> set[IdT]:
        """Return those of the identifiers whose stored row any of the rules allows."""
        ...


@runtime_checkable
class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` undoes everything."""

    def deferring(self, *, reads_others: bool = False) -> Self:
        """Let writes wait for the commit, which is then what says that one is refused.

        Asked before the block is entered. One write alone needs no transaction.

        Args:
            reads_others: Whether what is written goes by more than is changed.
        """
        ...

    async def __aenter__(self) -> Self:
        """Begin."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; undo what was not committed."""
        ...

    async def commit(self) -> None:
        """Store everything, once."""
        ...

    async def rollback(self) -> None:
        """Undo everything."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """Open a block that is undone alone when an exception leaves it."""
        ...

    async def once(self, consumer: str, key: str) -> bool:
        """Tell whether `consumer` has this message for the first time, and note that it has it.

        The note is part of the transaction: what is undone can come again.
        """
        ...


@runtime_checkable
class EventHandler[EventT](Protocol):
    """Does something about events of one type, and of the types derived from it."""

    async def __call__(self, event: EventT) -> None:
        """Take notice of an event."""
        ...


type CacheMarks = tuple[object, ...]
"""What a cache says of tags at one time: other marks once one of them was dropped."""


@dataclass(frozen=True, slots=True)
class CacheLookup:
    """What a cache answers when it is asked for a key."""

    value: bytes | None = None
    """None: it has none, or none that may still be given."""
    age_s: float = 0.0
    """How long ago the value was kept."""
    marks: CacheMarks | None = None
    """Of the tags, for `set`; None: the cache is out of reach, there is nothing to be kept."""


@runtime_checkable
class CacheProvider(Protocol):
    """Keeps bytes for a while, and drops them by their tags.

    A value that is gone is no error: it is worked out again. Nothing here raises because the cache
    is out of reach: it has no value then, and keeps none. What was worked out from data that a tag
    stands for is kept with the marks of a `get` that came before the data was read: dropping the
    tag in between makes the marks old, and what has old marks is not kept.
    """

    async def get(self, key: str, tags: Sequence[str] = ()) -> CacheLookup:
        """Return the value of a key whose tags are these, and what to keep another one with."""
        ...

    async def set(
        self,
        key: str,
        value: bytes,
        *,
        ttl: timedelta,
        tags: Sequence[str] = (),
        marks: CacheMarks,
    ) -> None:
        """Keep a value for so long, unless one of its tags was dropped since `marks` were given."""
        ...

    async def drop(self, tags: Sequence[str]) -> None:
        """Forget the values that have any of these tags."""
        ...

    async def delete(self, pattern: str) -> None:
        """Forget the keys that match; `*` stands for any characters."""
        ...

    async def clear(self) -> None:
        """Forget everything."""
        ...

    async def close(self) -> None:
        """Give up what it holds open."""
        ...


@runtime_checkable
class Mapper[SourceT, TargetT](Protocol):
    """Converts between a type of the domain and one that leaves it, in both directions."""

    def to_dto(self, source: SourceT) -> TargetT:
        """Convert outwards."""
        ...

    def to_entity(self, target: TargetT) -> SourceT:
        """Convert inwards."""
        ...

    def to_dto_list(self, sources: Iterable[SourceT]) -> list[TargetT]:
        """Convert several outwards."""
        ...

    def to_entity_list(self, targets: Iterable[TargetT]) -> list[SourceT]:
        """Convert several inwards."""
        ...
