"""A chain of functions around an operation, each of which may look, wait, refuse or try again.

Source: requirement 49.
"""

from collections.abc import Awaitable, Callable, Sequence

type Step[ContextT, ResultT] = Callable[[ContextT], Awaitable[ResultT]]
"""What comes next: takes a context, gives a result."""

type Middleware[ContextT, ResultT] = Callable[
    [ContextT, Step[ContextT, ResultT]], Awaitable[ResultT]
]
"""Gets the context and the next step; calls it as often as it sees fit, with this context or with
another of its type."""

type ErrorHandler[ErrorT: Exception, ContextT, ResultT] = Callable[
    [ErrorT, ContextT], Awaitable[ResultT]
]
"""Makes a result of an exception."""


class MiddlewareChain[ContextT, ResultT]:
    """Middleware around one operation, the first one outermost."""

    def __init__(self, middleware: Sequence[Middleware[ContextT, ResultT]] = ()) -> None:
        """Run these, in this order."""
        self._middleware = tuple(middleware)

    def with_error_handler[ErrorT: Exception](
        self, kind: type[ErrorT], handler: ErrorHandler[ErrorT, ContextT, ResultT]
    ) -> "MiddlewareChain[ContextT, ResultT]":
        """Return the chain in a block that catches exceptions of `kind` from all of it."""

        async def catching(context: ContextT, next_step: Step[ContextT, ResultT]) -> ResultT:
            try:
                return await next_step(context)
            except kind as error:
                return await handler(error, context)

        return MiddlewareChain((catching, *self._middleware))

    def around(self, operation: Step[ContextT, ResultT]) -> Step[ContextT, ResultT]:
        """Return the operation inside of the chain."""
        step = operation
        for middleware in reversed(self._middleware):
            step = _wrapped(middleware, step)
        return step


def _wrapped[ContextT, ResultT](
    middleware: Middleware[ContextT, ResultT], next_step: Step[ContextT, ResultT]
) -> Step[ContextT, ResultT]:
    async def step(context: ContextT) -> ResultT:
        return await middleware(context, next_step)

    return step
