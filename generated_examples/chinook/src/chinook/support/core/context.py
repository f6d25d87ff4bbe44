"""On whose behalf, and as part of what, the running code runs.

One immutable value in a ContextVar: a task that is started inherits the value of its starter, and
what it binds itself is its own. Knows nothing of HTTP, which only makes the first context.

Source: requirement 89.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any

from .actor import ANONYMOUS, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionContext:
    """What belongs to one request, to one reaction to an event, or to one attempt at a task."""

    request_id: str = ""
    correlation_id: str = ""
    """Shared by everything that one request leads to, reactions to its events included."""
    causation_id: str | None = None
    """Id of the event that led here; None for what a client asked for."""
    actor: Actor = ANONYMOUS
    trace_parent: str | None = None
    """W3C trace context: `00-<trace id>-<span id>-<flags>`."""
    task_id: str | None = None
    """Id of the background task that is being done; None for everything else."""

    @property
    def trace_id(self) -> str | None:
        """The trace that the span belongs to, or None outside of a trace."""
        parts = (self.trace_parent or "").split("-")
        return parts[1] if len(parts) == 4 else None


NO_CONTEXT = ExecutionContext()
"""What runs outside of every request: start-up, background tasks."""

_current: ContextVar[ExecutionContext] = ContextVar("execution_context", default=NO_CONTEXT)


def current_context() -> ExecutionContext:
    """Return the context of the running task."""
    return _current.get()


def bind_context(context: ExecutionContext) -> Token[ExecutionContext]:
    """Begin to run in `context`; `release_context` ends it, in the same task."""
    return _current.set(context)


def release_context(token: Token[ExecutionContext]) -> None:
    """End what `bind_context` has begun."""
    _current.reset(token)


@contextmanager
def bound_context(context: ExecutionContext) -> Iterator[ExecutionContext]:
    """Run a block, and every task that it starts, in `context`."""
    token = bind_context(context)
    try:
        yield context
    finally:
        release_context(token)


def rebind_context(context: ExecutionContext) -> None:
    """Go on in another context, until that ends which this runs in."""
    _current.set(context)


# The event's values are whatever is logged, hence Any: the type is structlog's own.
def add_context(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Add ids of the context to a log entry: a structlog processor.

    Adds `request_id`, `correlation_id`, `user_id`, `trace_id` and `task_id`, each when it is known;
    what the entry says itself stays.
    """
    context = _current.get()
    if context is NO_CONTEXT:
        return event
    known = {
        "request_id": context.request_id,
        "correlation_id": context.correlation_id,
        "user_id": context.actor.id,
        "trace_id": context.trace_id,
        "task_id": context.task_id,
    }
    for key, value in known.items():
        if value:
            event.setdefault(key, value)
    return event
