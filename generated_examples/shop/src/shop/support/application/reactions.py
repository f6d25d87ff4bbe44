"""Commands that follow from events, after the transaction of the event and at least once.

Source: requirements 40, 59; spec-language.md, section 2 (`reactions`).
"""

from collections.abc import Callable
from typing import Any

from ..core.actor import SYSTEM
from ..core.context import ExecutionContext, bound_context
from ..core.errors import DuplicateError, SharedModuleError
from ..core.result import Err
from ..domain.events import AnyEvent
from .buses import CommandBus
from .commands import Command, Delivery
from .results import ServiceError


class ReactionFailedError(SharedModuleError):
    """A command that follows from an event was refused."""

    code = "reaction_failed"

    def __init__(self, name: str, error: ServiceError) -> None:
        """Name the reaction, and why its command was refused."""
        super().__init__(f"{name}: {error.code}: {error.message}")
        self.name = name
        self.error = error


class Reaction[EventT: AnyEvent]:
    """Handles events of one type by sending a command each."""

    def __init__(
        self,
        name: str,
        bus: CommandBus,
        # A command of any result, hence Any.
        command: Callable[[EventT, Delivery | None], Command[Any] | None],
        *,
        inbox: bool,
    ) -> None:
        """Put the parts together.

        Args:
            name: Of the reaction; the inbox knows it by that.
            bus: Takes the command.
            command: Makes it of an event, with the delivery as its `delivery`; None: nothing is
                to be done about this one.
            inbox: Whether an event that comes twice has one effect.
        """
        self._name = name
        self._bus = bus
        self._command = command
        self._inbox = inbox

    async def __call__(self, event: EventT) -> None:
        """React, on the program's own behalf, as part of what the event was part of.

        Raises:
            ReactionFailedError: The command was refused.
        """
        key = str(event.event_id)
        delivery = Delivery(consumer=self._name, key=key) if self._inbox else None
        context = ExecutionContext(
            request_id=key, correlation_id=event.correlation_id, causation_id=key, actor=SYSTEM
        )
        with bound_context(context):
            command = self._command(event, delivery)
            if command is None:
                return
            result = await self._bus.dispatch(command)
        if isinstance(result, Err) and result.error.code != DuplicateError.code:
            raise ReactionFailedError(self._name, result.error)
