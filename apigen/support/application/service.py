"""What can be done to an aggregate without knowing which one it is: create, change, delete.

A service opens a unit of work, lets the domain check itself, stores, commits once, and answers
with a value. What it can not answer for (a lost connection, a bug) stays an exception.

Source: requirement 2.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core.clock import Clock, utc_now
from ..core.errors import (
    NotFoundError,
    PreconditionFailedError,
    SharedModuleError,
    ValidationError,
)
from ..core.protocols import AsyncRepository, UnitOfWork
from ..core.result import Err, Ok
from ..domain.entity import AggregateRoot
from .access import CREATE, DELETE, RESTORE, UPDATE
from .results import ServiceError, ServiceResult
from .use_cases import Access, BaseUseCase, Validator


@dataclass(frozen=True, kw_only=True)
class ServiceHooks[EntityT, CreateT, UpdateT]:
    """Functions that run with every operation, in order; all of them may raise a `DomainError`.

    `before_…` run inside the unit of work, before the aggregate is checked and stored, `after_…`
    once it is committed.
    """

    before_create: tuple[Callable[[EntityT, CreateT], Awaitable[None]], ...] = ()
    after_create: tuple[Callable[[EntityT], Awaitable[None]], ...] = ()
    before_update: tuple[Callable[[EntityT, UpdateT], Awaitable[None]], ...] = ()
    after_update: tuple[Callable[[EntityT], Awaitable[None]], ...] = ()
    before_delete: tuple[Callable[[EntityT], Awaitable[None]], ...] = ()
    after_delete: tuple[Callable[[EntityT], Awaitable[None]], ...] = ()


class GenericService[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CreateT,
    UpdateT,
](BaseUseCase[WorkT, EntityT, IdT, CreateT, UpdateT]):
    """The operations on one kind of aggregate."""

    def __init__(
        self,
        *,
        resource: str,
        unit_of_work: Callable[[], WorkT],
        repository: Callable[[WorkT], AsyncRepository[EntityT, IdT]],
        build: Callable[[CreateT], EntityT],
        change: Callable[[EntityT, UpdateT], None],
        hooks: ServiceHooks[EntityT, CreateT, UpdateT] | None = None,
        validators: Sequence[Validator[EntityT]] = (),
        access: Access[WorkT, IdT] | None = None,
        removed: Sequence[Callable[[Sequence[EntityT]], Awaitable[None]]] = (),
        clock: Clock = utc_now,
    ) -> None:
        """Put the parts together.

        Args:
            resource: What messages call the aggregate: `order`.
            unit_of_work: Opens a transaction.
            repository: Finds the aggregate's repository in it.
            build: Makes an aggregate of a create payload.
            change: Applies an update payload to an aggregate.
            hooks: What else happens.
            validators: What is checked beside the aggregate's own invariants before it is stored.
            access: Who may do what; None lets everybody.
            removed: Told of aggregates whose rows are gone, once that is committed.
            clock: Dates what is made and changed.
        """
        super().__init__(
            resource=resource,
            unit_of_work=unit_of_work,
            repository=repository,
            validators=validators,
            access=access,
            clock=clock,
        )
        self._build = build
        self._change = change
        self._hooks = hooks or ServiceHooks()
        self._removed = tuple(removed)

    async def create(self, data: CreateT) -> ServiceResult[EntityT]:
        """Make an aggregate and store it."""
        results = await self._created([data])
        return results.map(lambda entities: entities[0])

    async def create_many(self, items: Sequence[CreateT]) -> ServiceResult[Sequence[EntityT]]:
        """Make several aggregates and store all of them, or none.

        The details of an error name the field with the item's number before it: `3.title`.
        """
        return await self._created(items, numbered=True)

    async def update(
        self, id: IdT, data: UpdateT, *, expected_version: int | None = None
    ) -> ServiceResult[EntityT]:
        """Change an aggregate; with `expected_version`, only if nobody else has since."""
        results = await self._updated([(id, data)], expected_version=expected_version)
        return results.map(lambda entities: entities[0])

    async def update_many(
        self, changes: Sequence[tuple[IdT, UpdateT]]
    ) -> ServiceResult[Sequence[EntityT]]:
        """Change several aggregates, all of them or none."""
        return await self._updated(changes, numbered=True)

    async def delete(
        self, id: IdT, *, expected_version: int | None = None
    ) -> ServiceResult[EntityT]:
        """Delete an aggregate, and return what it was."""
        results = await self._deleted([id], expected_version=expected_version)
        return results.map(lambda entities: entities[0])

    async def delete_many(self, ids: Sequence[IdT]) -> ServiceResult[Sequence[EntityT]]:
        """Delete several aggregates, all of them or none."""
        return await self._deleted(ids)

    async def restore(
        self, id: IdT, *, expected_version: int | None = None
    ) -> ServiceResult[EntityT]:
        """Take the soft deletion of an aggregate back; one that is not deleted stays as it is."""
        try:
            self._require(RESTORE)
            async with self._unit_of_work() as work:
                repository = self._repository(work)
                entity = await repository.get(id, include_deleted=True)
                if entity is None:
                    raise NotFoundError(self._resource, id)
                if self._access is not None:
                    await self._access.before(RESTORE, work, [id])
                self._require_version(entity, expected_version)
                if entity.is_deleted:
                    entity.restore(self._clock())
                    await self._validate(entity)
                    await repository.save(entity)
                    await work.commit()
        except SharedModuleError as error:
            return Err(self._answer(error, expected_version))
        return Ok(entity)

    async def _created(
        self, items: Sequence[CreateT], *, numbered: bool = False
    ) -> ServiceResult[Sequence[EntityT]]:
        entities: list[EntityT] = []
        number: int | None = None
        try:
            self._require(CREATE)
            async with self._unit_of_work().deferring() as work:
                now = self._clock()
                for index, data in enumerate(items):
                    number = index if numbered else None
                    entity = self._build(data)
                    entity.created_at = entity.updated_at = now
                    for hook in self._hooks.before_create:
                        await hook(entity, data)
                    await self._validate_create(entity, data)
                    entities.append(entity)
                number = None
                await self._repository(work).add_many(entities)
                if self._access is not None:
                    await self._access.after(CREATE, work, [entity.id for entity in entities])
                await work.commit()
        except SharedModuleError as error:
            return Err(_numbered(ServiceError.of(error), number))
        for entity in entities:
            for after in self._hooks.after_create:
                await after(entity)
        return Ok(entities)

    async def _updated(
        self,
        changes: Sequence[tuple[IdT, UpdateT]],
        *,
        expected_version: int | None = None,
        numbered: bool = False,
    ) -> ServiceResult[Sequence[EntityT]]:
        number: int | None = None
        try:
            self._require(UPDATE)
            async with self._unit_of_work().deferring() as work:
                repository = self._repository(work)
                ids = [id for id, _ in changes]
                entities = await self._load(repository, ids)
                if self._access is not None:
                    await self._access.before(UPDATE, work, ids)
                now = self._clock()
                for index, (entity, (_, data)) in enumerate(zip(entities, changes, strict=True)):
                    number = index if numbered else None
                    self._require_version(entity, expected_version)
                    self._change(entity, data)
                    entity.mark_updated(now)
                    for hook in self._hooks.before_update:
                        await hook(entity, data)
                    await self._validate_update(entity, data)
                number = None
                await repository.save_many(entities)
                if self._access is not None:
                    await self._access.after(UPDATE, work, ids)
                await work.commit()
        except SharedModuleError as error:
            return Err(_numbered(self._answer(error, expected_version), number))
        for entity in entities:
            for after in self._hooks.after_update:
                await after(entity)
        return Ok(entities)

    async def _deleted(
        self, ids: Sequence[IdT], *, expected_version: int | None = None
    ) -> ServiceResult[Sequence[EntityT]]:
        try:
            self._require(DELETE)
            async with self._unit_of_work().deferring() as work:
                repository = self._repository(work)
                entities = await self._load(repository, ids)
                if self._access is not None:
                    await self._access.before(DELETE, work, ids)
                for entity in entities:
                    self._require_version(entity, expected_version)
                    for hook in self._hooks.before_delete:
                        await hook(entity)
                await repository.remove_many(entities)
                await work.commit()
        except SharedModuleError as error:
            return Err(self._answer(error, expected_version))
        for tell in self._removed:
            await tell(entities)
        for entity in entities:
            for after in self._hooks.after_delete:
                await after(entity)
        return Ok(entities)

    async def _load(
        self, repository: AsyncRepository[EntityT, IdT], ids: Sequence[IdT]
    ) -> list[EntityT]:
        """Return the aggregates with these identifiers, in order.

        Raises:
            NotFoundError: One of them does not exist.
            ValidationError: An identifier is there twice.
        """
        if len(set(ids)) < len(ids):
            raise ValidationError("", ids, "unique_items", "an id must not be given twice")
        if len(ids) == 1:
            only = await repository.get(ids[0])
            if only is None:
                raise NotFoundError(self._resource, ids[0])
            return [only]
        entities = await repository.get_many(ids)
        if len(entities) < len(ids):
            found = {entity.id for entity in entities}
            raise NotFoundError(self._resource, next(id for id in ids if id not in found))
        return entities

    def _answer(self, error: SharedModuleError, expected_version: int | None) -> ServiceError:
        """Return the answer to an error; a caller who expected no version is told of no version."""
        if isinstance(error, PreconditionFailedError) and expected_version is None:
            error = self._lost_race()
        return ServiceError.of(error)


def _numbered(error: ServiceError, number: int | None) -> ServiceError:
    """Put the number of the item before the fields of the error."""
    if number is None:
        return error
    details = tuple(
        replace(detail, field=f"{number}.{detail.field}".rstrip(".")) for detail in error.details
    )
    return replace(error, details=details)
