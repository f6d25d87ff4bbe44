"""One answer for those who ask the same at the same time.

Source: requirements 13.4, 62.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass


@dataclass(slots=True)
class CoalescingStatistics:
    """How often an answer was shared."""

    asked: int = 0
    shared: int = 0
    """Of these, how many were given what somebody else had asked for."""

    @property
    def hit_rate(self) -> float:
        """The part that was shared, from 0 to 1."""
        return self.shared / self.asked if self.asked else 0.0


@dataclass(slots=True)
class _Flight[ResultT]:
    task: asyncio.Task[ResultT]
    waiting: int = 0


class RequestCoalescing[RequestT, ResultT]:
    """Works out the answer to equal requests once, as long as one of those who asked waits for it.

    The work belongs to none of them: whoever asked first may go away, or lose patience, without
    taking it from the others. What goes wrong in it is told to all who wait: each of them would
    have asked for the very same. Who comes after it is over begins anew.
    """

    def __init__(
        self, key: Callable[[RequestT], Hashable], *, timeout_s: float | None = None
    ) -> None:
        """Take requests for equal whose keys are.

        Args:
            key: Of a request.
            timeout_s: How long each waits at most, from when it asked; None: as long as it takes.
        """
        self._key = key
        self._timeout_s = timeout_s
        self._flights: dict[Hashable, _Flight[ResultT]] = {}
        self.statistics = CoalescingStatistics()

    async def run(self, request: RequestT, work: Callable[[], Awaitable[ResultT]]) -> ResultT:
        """Return the answer to a request, by `work` unless an equal one is being answered.

        Raises:
            TimeoutError: It took too long; others may still be waiting for it.
            Exception: Whatever `work` raises.
        """
        key = self._key(request)
        self.statistics.asked += 1
        flight = self._flights.get(key)
        if flight is None:
            flight = self._begin(key, work)
        else:
            self.statistics.shared += 1
        flight.waiting += 1
        try:
            async with asyncio.timeout(self._timeout_s):
                # Shielded: one who goes away must not take the work from the others.
                return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                # Whoever comes now would wait for work that is given up.
                self._end(key, flight)
                flight.task.cancel()

    def _begin(self, key: Hashable, work: Callable[[], Awaitable[ResultT]]) -> _Flight[ResultT]:
        async def fly() -> ResultT:
            return await work()

        flight = self._flights[key] = _Flight(asyncio.create_task(fly()))
        flight.task.add_done_callback(lambda task: self._landed(key, flight, task))
        return flight

    def _landed(self, key: Hashable, flight: _Flight[ResultT], task: asyncio.Task[ResultT]) -> None:
        self._end(key, flight)
        if not task.cancelled():
            # Seen, also when nobody waits any more: asyncio reports errors that nobody saw.
            task.exception()

    def _end(self, key: Hashable, flight: _Flight[ResultT]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
