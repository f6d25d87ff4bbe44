"""Handlers of commands whose bodies are written by hand.

The transaction, access, versions and messages that come twice are looked after here as for any
other command; what is between the beginning and the commit is the function's own.

Source: requirements 9.1, 10.1.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from ..core.clock import Clock, utc_now
from ..core.errors import DuplicateError
from ..core.protocols import IsolationLevel, UnitOfWork
from ..core.result import Ok
from ..domain.entity import AggregateRoot
from .command_handlers import (
    CommandContext,
    CommandTarget,
    ExistingHandler,
    WorkFactory,
    context_at,
    is_first,
    required,
)
from .commands import Command
from .results import ServiceResult
from .use_cases import Access


class _HandwrittenHandler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
    ReturnedT,
    ResultT,
](ExistingHandler[WorkT, EntityT, IdT, CommandT, ResultT]):
    """Handles a command of an aggregate by a hand-written function, which stores it itself.

    The aggregate is found, and access and version are checked, before the function runs.
    """

    def __init__(
        self,
        target: CommandTarget[WorkT, EntityT, IdT],
        *,
        operation: str,
        id: Callable[[CommandT], IdT],
        handle: Callable[[CommandT, WorkT, CommandContext], Awaitable[ReturnedT]],
        lock: bool = False,
        isolation: IsolationLevel | None = None,
        once: Callable[[CommandT], object] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            target: The kind of aggregate.
            operation: Name of the command in access rules: `refund`.
            id: Finds the aggregate's identifier in the command.
            handle: Loads, changes and stores.
            lock: Whether others wait until this is over, on databases that lock rows.
            isolation: Level of the transaction; None is the database's own.
            once: Natural key of the command: it is carried out once for this aggregate.
        """
        super().__init__(
            target, operation=operation, id=id, lock=lock, isolation=isolation, once=once
        )
        self._handle = handle


class CustomAggregateHandler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
](_HandwrittenHandler[WorkT, EntityT, IdT, CommandT, EntityT | None, EntityT]):
    """Handles a command that is answered with its aggregate.

    The function returns the aggregate, or None to have it read. A second run with the same natural
    key has no effect.
    """

    async def _carry_out(
        self, entity: EntityT, command: CommandT, work: WorkT
    ) -> tuple[EntityT, EntityT]:
        changed = await self._handle(command, work, context_at(self._clock()))
        if changed is None:
            changed = await required(self._repository(work), self._id(command), self._resource)
        return changed, changed

    def _done_before(self, entity: EntityT) -> EntityT:
        return entity


class CustomAnswerHandler[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    CommandT: Command[Any],
    ResultT,
](_HandwrittenHandler[WorkT, EntityT, IdT, CommandT, ResultT, ResultT]):
    """Handles a command of an aggregate that is answered with what the function returns.

    A second run with the same natural key is refused, because the answer is not kept.
    """

    async def _carry_out(
        self, entity: EntityT, command: CommandT, work: WorkT
    ) -> tuple[EntityT, ResultT]:
        return entity, await self._handle(command, work, context_at(self._clock()))

    def _done_before(self, entity: EntityT) -> ResultT:
        raise DuplicateError(self._resource)


class CustomHandler[WorkT: UnitOfWork, CommandT: Command[Any], ResultT]:
    """Handles a command by a hand-written function, which stores what it changes itself.

    For commands of a context, and for those that make an aggregate.
    """

    def __init__(
        self,
        *,
        resource: str,
        operation: str,
        unit_of_work: WorkFactory[WorkT],
        handle: Callable[[CommandT, WorkT, CommandContext], Awaitable[ResultT]],
        access: Access[WorkT, Any] | None = None,
        isolation: IsolationLevel | None = None,
        once: Callable[[CommandT], object] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Put the parts together.

        Args:
            resource: What messages call what the command is about.
            operation: Name of the command in access rules.
            unit_of_work: Opens a transaction.
            handle: Does everything between the beginning of the transaction and its commit.
            access: Who may do what; None lets everybody. Any: the function may give anything.
            isolation: Level of the transaction; None is the database's own.
            once: Natural key of the command: a second run with the same value is refused.
            clock: Tells the function the time.
        """
        self._resource = resource
        self._operation = operation
        self._unit_of_work = partial(unit_of_work, isolation=isolation)
        self._handle = handle
        self._access = access
        self._once = once
        self._clock = clock

    async def __call__(self, command: CommandT) -> ServiceResult[ResultT]:
        """Carry the command out.

        Raises:
            ForbiddenError: The actor may not do this.
            DuplicateError: It was carried out before.
            SharedModuleError: Whatever the function raises.
        """
        if self._access is not None:
            self._access.require(self._operation)
        async with self._unit_of_work() as work:
            is_new = await is_first(command, work)
            if is_new and self._once is not None:
                consumer = f"{self._resource}.{self._operation}"
                is_new = await work.once(consumer, str(self._once(command)))
            if not is_new:
                raise DuplicateError(self._resource)
            result = await self._handle(command, work, context_at(self._clock()))
            if self._access is not None and isinstance(result, AggregateRoot):
                await self._access.after(self._operation, work, [result.id])
            await work.commit()
        return Ok(result)
