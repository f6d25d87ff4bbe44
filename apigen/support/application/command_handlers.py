"""Handlers of commands, without knowing what a command does: load, check, act, store, commit.

A generated table of handlers gives each the one function that is its command's own. They raise
what goes wrong; the bus makes an answer of it. Commands that are written by hand as a whole are
`custom_handlers`.

Source: requirements 9.1, 10.1.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from ..core.actor import Actor
from ..core.clock import Clock, utc_now
from ..core.context import ExecutionContext, current_context
from ..core.errors import DuplicateError, NotFoundError, PreconditionFailedError
from ..core.protocols import AsyncRepository, IsolationLevel, UnitOfWork
from ..core.result import Ok
from ..domain.entity import AggregateRoot
from .commands import Command
from .results import ServiceResult
from .use_cases import Access, BaseUseCase, Validator


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """What surrounds one run of a command."""

    now: datetime
    execution: ExecutionContext

    @property
    def actor(self) -> Actor:
        """On whose behalf it runs."""
        return self.execution.actor


class WorkFactory[WorkT](Protocol):
    """Opens transactions."""

    def __call__(self, *, isolation: IsolationLevel | None = None) -> WorkT:
        """Return a unit of work that has not begun; None is the database's own level."""
        ...


async def required[EntityT, IdT](
    repository: AsyncRepository[EntityT, IdT], id: IdT, resource: str
) -> EntityT:
    """Return the aggregate that an input refers to.

    Raises:
        NotFoundError: There is none.
    """
    entity = await repository.get(id)
    if entity is None:
        raise NotFoundError(resource, id)
    return entity


@dataclass(frozen=True, kw_only=True)
class CommandTarget[WorkT: UnitOfWork, EntityT: AggregateRoot[Any], IdT]:
    """The kind of aggregate that commands are for: the same for all commands of one aggregate."""

    resource: str
    """What messages call it: `order`."""
    unit_of_work: WorkFactory[WorkT]
    repository: Callable[[WorkT], AsyncRepository[EntityT, IdT]]
    """Finds its repository in a transaction."""
    validators: Sequence[Validator[EntityT]] = ()
    """What is checked beside its own invariants before it is stored."""
    access: Access[WorkT, IdT] | None = None
    """Who may do what; None lets everybody."""
    clock: Clock = utc_now


class _Handler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
](BaseUseCase[WorkT, EntityT, IdT, CommandT, CommandT]):
    """What handlers of commands about aggregates share."""

    def __init__(
        self,
        target: CommandTarget[WorkT, EntityT, IdT],
        *,
        operation: str,
        isolation: IsolationLevel | None,
    ) -> None:
        super().__init__(
            resource=target.resource,
            unit_of_work=partial(target.unit_of_work, isolation=isolation),
            repository=target.repository,
            validators=target.validators,
            access=target.access,
            clock=target.clock,
        )
        self._operation = operation

    async def _check_results(self, entity: EntityT, work: WorkT) -> None:
        if self._access is not None:
            await self._access.after(self._operation, work, [entity.id])


class ExistingHandler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
    ResultT,
](_Handler[WorkT, EntityT, IdT, CommandT], ABC):
    """Handles a command of an aggregate that exists."""

    def __init__(
        self,
        target: CommandTarget[WorkT, EntityT, IdT],
        *,
        operation: str,
        id: Callable[[CommandT], IdT],
        lock: bool,
        isolation: IsolationLevel | None,
        once: Callable[[CommandT], object] | None,
    ) -> None:
        super().__init__(target, operation=operation, isolation=isolation)
        self._id = id
        self._lock = lock
        self._once = once

    async def __call__(self, command: CommandT) -> ServiceResult[ResultT]:
        """Carry the command out.

        Raises:
            NotFoundError: There is no such aggregate, or the actor may not know of it.
            ForbiddenError: The actor may not do this with it.
            DuplicateError: It was carried out before, and its answer is not the aggregate.
            PreconditionFailedError: It has not the version that the command expects.
            ConflictError: Somebody else has changed it at the same time.
            DomainError: The aggregate refuses.
        """
        id = self._id(command)
        self._require(self._operation)
        try:
            async with self._unit_of_work().deferring(reads_others=True) as work:
                entity = await self._repository(work).get(id, lock=self._lock)
                if entity is None:
                    raise NotFoundError(self._resource, id)
                if self._access is not None:
                    await self._access.before(self._operation, work, [id])
                if await self._is_done(command, id, work):
                    return Ok(self._done_before(entity))
                self._require_version(entity, command.expected_version)
                entity, result = await self._carry_out(entity, command, work)
                await self._check_results(entity, work)
                await work.commit()
        except PreconditionFailedError as error:
            if command.expected_version is not None:
                raise
            raise self._lost_race() from error
        return Ok(result)

    @abstractmethod
    async def _carry_out(
        self, entity: EntityT, command: CommandT, work: WorkT
    ) -> tuple[EntityT, ResultT]:
        """Change the aggregate and store it; returns it, and the answer."""

    @abstractmethod
    def _done_before(self, entity: EntityT) -> ResultT:
        """Return the answer to a command that was carried out before."""

    async def _is_done(self, command: CommandT, id: IdT, work: WorkT) -> bool:
        """Tell whether the command was carried out before, and note that it is."""
        if not await is_first(command, work):
            return True
        if self._once is None:
            return False
        consumer = f"{self._resource}.{self._operation}"
        return not await work.once(consumer, f"{id}:{self._once(command)}")


class AggregateHandler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
](ExistingHandler[WorkT, EntityT, IdT, CommandT, EntityT]):
    """Handles a command of an aggregate that exists, and gives the aggregate."""

    def __init__(
        self,
        target: CommandTarget[WorkT, EntityT, IdT],
        *,
        operation: str,
        id: Callable[[CommandT], IdT],
        act: Callable[[EntityT, CommandT, WorkT, CommandContext], Awaitable[None]],
        lock: bool = False,
        isolation: IsolationLevel | None = None,
        once: Callable[[CommandT], object] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            target: The kind of aggregate.
            operation: Name of the command in access rules: `place`.
            id: Finds the aggregate's identifier in the command.
            act: Loads what the command refers to, and calls the aggregate's method.
            lock: Whether others wait until this is over, on databases that lock rows.
            isolation: Level of the transaction; None is the database's own.
            once: Natural key of the command: a second run for this aggregate with the same value
                has no effect.
        """
        super().__init__(
            target, operation=operation, id=id, lock=lock, isolation=isolation, once=once
        )
        self._act = act

    async def _carry_out(
        self, entity: EntityT, command: CommandT, work: WorkT
    ) -> tuple[EntityT, EntityT]:
        context = context_at(self._clock())
        await self._act(entity, command, work, context)
        entity.mark_updated(context.now)
        await self._validate_update(entity, command)
        await self._repository(work).save(entity)
        return entity, entity

    def _done_before(self, entity: EntityT) -> EntityT:
        return entity


class FactoryHandler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
](_Handler[WorkT, EntityT, IdT, CommandT]):
    """Handles a command that makes an aggregate, and gives the aggregate."""

    def __init__(
        self,
        target: CommandTarget[WorkT, EntityT, IdT],
        *,
        operation: str,
        make: Callable[[CommandT, WorkT, CommandContext], Awaitable[EntityT]],
        isolation: IsolationLevel | None = None,
        once: Callable[[CommandT], object] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            target: The kind of aggregate.
            operation: Name of the command in access rules: `request`.
            make: Loads what the command refers to, and makes the aggregate.
            isolation: Level of the transaction; None is the database's own.
            once: Natural key of the command: a second run with the same value is refused.
        """
        super().__init__(target, operation=operation, isolation=isolation)
        self._make = make
        self._once = once

    async def __call__(self, command: CommandT) -> ServiceResult[EntityT]:
        """Carry the command out.

        Raises:
            ForbiddenError: The actor may not do this.
            ConflictError: It clashes with what is stored, or was carried out before.
            DomainError: The aggregate refuses.
        """
        self._require(self._operation)
        async with self._unit_of_work().deferring(reads_others=True) as work:
            is_new = await is_first(command, work)
            if is_new and self._once is not None:
                consumer = f"{self._resource}.{self._operation}"
                is_new = await work.once(consumer, str(self._once(command)))
            if not is_new:
                raise DuplicateError(self._resource)
            context = context_at(self._clock())
            entity = await self._make(command, work, context)
            entity.created_at = entity.updated_at = context.now
            await self._validate_create(entity, command)
            await self._repository(work).add(entity)
            await self._check_results(entity, work)
            await work.commit()
        return Ok(entity)


def context_at(now: datetime) -> CommandContext:
    """Return what surrounds a command that runs at this time."""
    return CommandContext(now=now, execution=current_context())


# A command of any result, hence Any.
async def is_first(command: Command[Any], work: UnitOfWork) -> bool:
    """Tell whether the message that the command answers to is here for the first time."""
    delivery = command.delivery
    return delivery is None or await work.once(delivery.consumer, delivery.key)
