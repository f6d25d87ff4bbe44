"""Where events are sent: everything that subscribed to their type, or to a type above it.

Source: requirement 40.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, assert_never

import structlog

from ..core.protocols import EventHandler
from ..core.retry import RetryPolicy
from ..domain.events import AnyEvent

_logger = structlog.get_logger("events")


class ErrorStrategy(StrEnum):
    """What a handler that fails means for the event."""

    RAISE = "raise"
    """The first failure ends it."""
    COLLECT = "collect"
    """Every handler runs; then all failures are raised as one group."""
    LOG_AND_CONTINUE = "log_and_continue"
    """Every handler runs; failures are logged, and that is all."""
    RETRY = "retry"
    """As COLLECT, after each handler was tried as often as its policy says."""


@dataclass(frozen=True, kw_only=True)
class Subscription[EventT: AnyEvent]:
    """One handler of one type of event."""

    kind: type[EventT]
    handler: EventHandler[EventT]
    name: str
    retry: RetryPolicy
    delay: timedelta


class EventBus:
    """Takes events to the handlers of this process."""

    def __init__(
        self,
        *,
        strategy: ErrorStrategy = ErrorStrategy.COLLECT,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Treat failures by `strategy`; `sleep` waits between attempts: `asyncio.sleep`."""
        self._strategy = strategy
        self._sleep = sleep
        # Events of any type, hence Any.
        self._subscriptions: list[Subscription[Any]] = []

    def subscribe[EventT: AnyEvent](
        self,
        kind: type[EventT],
        handler: EventHandler[EventT],
        *,
        name: str,
        retry: RetryPolicy | None = None,
        delay: timedelta = timedelta(),
    ) -> None:
        """Let `handler` have the events of this class and of those derived from it.

        Args:
            kind: The class.
            handler: Called with each event.
            name: What logs and inboxes call the handler.
            retry: For the strategy RETRY.
            delay: How long after the event; whoever publishes keeps to it.
        """
        self._subscriptions.append(
            Subscription(
                kind=kind, handler=handler, name=name, retry=retry or RetryPolicy(), delay=delay
            )
        )

    def delays(self, event: AnyEvent) -> list[tuple[str, timedelta]]:
        """Return the handlers that want the event later, by name, and how much later."""
        return [
            (subscription.name, subscription.delay)
            for subscription in self._subscriptions
            if subscription.delay and isinstance(event, subscription.kind)
        ]

    async def publish(self, event: AnyEvent, *, consumer: str | None = None) -> None:
        """Hand an event to its handlers, in the order of subscription.

        Args:
            event: What has happened.
            consumer: The one handler that is meant; None means those without a delay.

        Raises:
            ExceptionGroup: Handlers have failed (COLLECT, RETRY).
            Exception: What the first handler to fail has raised (RAISE).
        """
        failures: list[Exception] = []
        for subscription in self._subscriptions:
            if not isinstance(event, subscription.kind):
                continue
            if subscription.name != consumer if consumer else subscription.delay:
                continue
            try:
                await self._handle(subscription, event)
            except Exception as error:
                if self._strategy is ErrorStrategy.RAISE:
                    raise
                failures.append(error)
                _logger.warning(
                    "event_handler_failed",
                    handler=subscription.name,
                    event_type=event.event_type,
                    event_id=str(event.event_id),
                    exc_info=error,
                )
        self._conclude(event, failures)

    async def _handle(self, subscription: Subscription[Any], event: AnyEvent) -> None:
        attempts = subscription.retry.attempts if self._strategy is ErrorStrategy.RETRY else 1
        for attempt in range(1, attempts):
            try:
                await subscription.handler(event)
            except Exception:
                await self._sleep(subscription.retry.wait_s(attempt))
            else:
                return
        await subscription.handler(event)

    def _conclude(self, event: AnyEvent, failures: Sequence[Exception]) -> None:
        if not failures:
            return
        match self._strategy:
            case ErrorStrategy.COLLECT | ErrorStrategy.RETRY:
                raise ExceptionGroup(f"handlers of {event.event_type} failed", failures)
            case ErrorStrategy.LOG_AND_CONTINUE | ErrorStrategy.RAISE:
                return
            case _:
                assert_never(self._strategy)
