"""What every use case of one kind of aggregate has: transactions, loading, listing, checking.

`GenericService` and the handlers of commands are made of this.

Source: requirements 2.2, 9.
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import Any, Literal, Protocol, overload

from ..core.clock import Clock, utc_now
from ..core.errors import ConflictError, NotFoundError, PreconditionFailedError
from ..core.protocols import AsyncRepository, QueryOptions, UnitOfWork
from ..domain.entity import AggregateRoot
from .dtos import PaginatedResponse

type Validator[EntityT] = Callable[[EntityT], Awaitable[None] | None]
"""Checks an aggregate that is about to be stored, at once or after asking somebody else; raises a
`DomainError` when it must not be."""


class Access[WorkT, IdT](Protocol):
    """Who may do what with one kind of aggregate. Asks for the actor of the execution context.

    `WriteAccess` in `access` is one; projects without security have none.
    """

    def require(self, operation: str) -> None:
        """Refuse whoever is asking when they may do it with no row at all.

        Raises:
            UnauthenticatedError: Nobody is known to be asking.
            ForbiddenError: The actor may not.
        """
        ...

    async def before(self, operation: str, work: WorkT, ids: Sequence[IdT]) -> None:
        """Check the rows that are about to change.

        Raises:
            ForbiddenError: The actor may not do it with one of them.
            NotFoundError: The actor may not know of one of them.
        """
        ...

    async def after(self, operation: str, work: WorkT, ids: Sequence[IdT]) -> None:
        """Check the rows that were stored, before they are committed.

        Raises:
            ForbiddenError: The actor may not leave one of them like that.
        """
        ...


class BaseUseCase[WorkT: UnitOfWork, EntityT: AggregateRoot[Any], IdT, CreateT, UpdateT]:
    """Works on one kind of aggregate, each time in a transaction of its own.

    The bound says Any because an aggregate is of its own identifier type, not of any wider one.
    """

    def __init__(
        self,
        *,
        resource: str,
        unit_of_work: Callable[[], WorkT],
        repository: Callable[[WorkT], AsyncRepository[EntityT, IdT]],
        validators: Sequence[Validator[EntityT]] = (),
        access: Access[WorkT, IdT] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Put the parts together.

        Args:
            resource: What messages call the aggregate: `order`.
            unit_of_work: Opens a transaction.
            repository: Finds the aggregate's repository in it.
            validators: What is checked beside the aggregate's own invariants before it is stored.
            access: Who may do what; None lets everybody.
            clock: Dates what is made and changed.
        """
        self._resource = resource
        self._unit_of_work = unit_of_work
        self._repository = repository
        self._validators = tuple(validators)
        self._access = access
        self._clock = clock

    @overload
    async def get(
        self, id: IdT, *, raise_on_missing: Literal[True] = True, include_deleted: bool = False
    ) -> EntityT: ...

    @overload
    async def get(
        self, id: IdT, *, raise_on_missing: Literal[False], include_deleted: bool = False
    ) -> EntityT | None: ...

    async def get(
        self, id: IdT, *, raise_on_missing: bool = True, include_deleted: bool = False
    ) -> EntityT | None:
        """Return an aggregate as it is stored.

        Raises:
            NotFoundError: It does not exist, and that was not expected.
        """
        async with self._unit_of_work() as work:
            entity = await self._repository(work).get(id, include_deleted=include_deleted)
        if entity is None and raise_on_missing:
            raise NotFoundError(self._resource, id)
        return entity

    async def list(
        self, options: QueryOptions[EntityT], *, page: int = 1, size: int = 20
    ) -> PaginatedResponse[EntityT]:
        """Return one page of the aggregates that `options` selects, in its order."""
        chosen = QueryOptions(
            where=options.where,
            order_by=options.order_by,
            limit=size,
            offset=(page - 1) * size,
            include_deleted=options.include_deleted,
        )
        async with self._unit_of_work() as work:
            repository = self._repository(work)
            total = await repository.count(options.where)
            items = await repository.find(chosen)
        # Without a type argument the items are taken as they are, not validated like a DTO's.
        return PaginatedResponse(items=items, total=total, page=page, size=size)

    async def _validate_create(self, entity: EntityT, data: CreateT) -> None:
        """Check an aggregate that was made of `data`; a subclass may check more.

        Raises:
            DomainError: It must not be stored.
        """
        await self._validate(entity)

    async def _validate_update(self, entity: EntityT, data: UpdateT) -> None:
        """Check an aggregate that `data` has changed; a subclass may check more.

        Raises:
            DomainError: It must not be stored.
        """
        await self._validate(entity)

    async def _validate(self, entity: EntityT) -> None:
        entity.check_invariants()
        for validator in self._validators:
            verdict = validator(entity)
            if isawaitable(verdict):
                await verdict

    def _require(self, operation: str) -> None:
        """Refuse at once who may not do it with any row: before the database is asked."""
        if self._access is not None:
            self._access.require(operation)

    def _require_version(self, entity: EntityT, expected: int | None) -> None:
        if expected is not None and entity.version != expected:
            raise PreconditionFailedError(self._resource, expected=expected, actual=entity.version)

    def _lost_race(self) -> ConflictError:
        """Return what a caller is told who expected no version, and was overtaken."""
        message = f"The {self._resource} was changed at the same time; try again."
        return ConflictError(self._resource, constraint="concurrency", message=message)
