"""Where commands and queries are sent: each type has one handler, reached through middleware.

Source: requirements 10.1, 10.2, 109, 110.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from ..core.caching import ANY_CHANGE, kind_tag
from ..core.errors import SharedModuleError
from ..core.protocols import CacheProvider
from ..core.result import Err
from ..core.retry import RetryPolicy
from .commands import Command, Query
from .middleware import Middleware, MiddlewareChain, Step
from .results import ServiceError, ServiceResult

type Handler[MessageT, ResultT] = Callable[[MessageT], Awaitable[ServiceResult[ResultT]]]
"""Does what a message asks for. What it can not answer for, it raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the messages of one type are treated."""

    timeout_s: float | None = None
    retry: RetryPolicy | None = None
    tags: tuple[str, ...] = ()
    """What kept answers are dropped by."""


@dataclass(frozen=True, kw_only=True)
class Dispatch[MessageT]:
    """What middleware sees: a message on its way to its handler."""

    message: MessageT
    policy: Policy
    id: str
    """Of the message."""

    @property
    def name(self) -> str:
        """The class of the message."""
        return type(self.message).__name__


# Of a message and a result of any type: a bus carries all of them, hence Any.
type BusMiddleware = Middleware[Dispatch[Any], ServiceResult[Any]]
type _Route = tuple[Policy, Step[Dispatch[Any], ServiceResult[Any]]]


class _Bus:
    """What both buses are."""

    def __init__(self, middleware: Sequence[BusMiddleware]) -> None:
        self._chain = MiddlewareChain(tuple(middleware)).with_error_handler(
            SharedModuleError, _answer
        )
        self._routes: dict[type, _Route] = {}

    def _register[MessageT](
        self, kind: type[MessageT], handler: Handler[MessageT, Any], policy: Policy | None
    ) -> None:
        if kind in self._routes:
            raise ValueError(f"{kind.__name__} has a handler already")

        async def handle(dispatch: Dispatch[MessageT]) -> ServiceResult[Any]:
            return await handler(dispatch.message)

        self._routes[kind] = (policy or Policy(), self._chain.around(handle))

    async def _dispatch(self, message: object, id: UUID) -> ServiceResult[Any]:
        try:
            policy, step = self._routes[type(message)]
        except KeyError:
            raise LookupError(f"nothing handles {type(message).__name__}") from None
        return await step(Dispatch(message=message, policy=policy, id=str(id)))


class CommandBus(_Bus):
    """Takes commands to their handlers."""

    def __init__(self, middleware: Sequence[BusMiddleware] = ()) -> None:
        """Send every command through `middleware`, the first one outermost."""
        super().__init__(middleware)

    def register[CommandT: Command[Any], ResultT](
        self,
        kind: type[CommandT],
        handler: Handler[CommandT, ResultT],
        policy: Policy | None = None,
    ) -> None:
        """Let `handler` do the commands of this class.

        Raises:
            ValueError: The class has a handler.
        """
        self._register(kind, handler, policy)

    async def dispatch[ResultT](self, command: Command[ResultT]) -> ServiceResult[ResultT]:
        """Have a command done.

        Raises:
            LookupError: Nothing handles commands of this class: a mistake of the program.
            SharedModuleError: What no caller can answer for: a database that is out of reach.
        """
        return cast("ServiceResult[ResultT]", await self._dispatch(command, command.command_id))


class QueryBus(_Bus):
    """Takes queries to their handlers."""

    def __init__(
        self, middleware: Sequence[BusMiddleware] = (), *, cache: CacheProvider | None = None
    ) -> None:
        """Send every query through `middleware`; `cache` is the one that it keeps answers in."""
        super().__init__(middleware)
        self._cache = cache

    def register[QueryT: Query[Any], ResultT](
        self,
        kind: type[QueryT],
        handler: Handler[QueryT, ResultT],
        policy: Policy | None = None,
        *,
        reads: Collection[type] | None = None,
        tags: Sequence[str] = (),
    ) -> None:
        """Let `handler` answer the queries of this class.

        Args:
            kind: The class.
            handler: Answers them.
            policy: How they are treated.
            reads: Classes of the aggregates that an answer is made of, and whose change makes a
                kept one stale; None: any.
            tags: What kept answers may be dropped by besides.

        Raises:
            ValueError: The class has a handler.
        """
        made_of = (ANY_CHANGE,) if reads is None else tuple(kind_tag(one) for one in reads)
        self._register(kind, handler, replace(policy or Policy(), tags=(*made_of, *tags)))

    async def dispatch[ResultT](self, query: Query[ResultT]) -> ServiceResult[ResultT]:
        """Have a query answered.

        Raises:
            LookupError: Nothing handles queries of this class: a mistake of the program.
            SharedModuleError: What no caller can answer for: a database that is out of reach.
        """
        return cast("ServiceResult[ResultT]", await self._dispatch(query, query.query_id))

    async def invalidate(self, pattern: str) -> None:
        """Forget cached answers whose key matches: `WaitingOrders:*`."""
        if self._cache is not None:
            await self._cache.delete(pattern)


async def _answer(error: SharedModuleError, dispatch: Dispatch[Any]) -> ServiceResult[Any]:
    return Err(ServiceError.of(error))
