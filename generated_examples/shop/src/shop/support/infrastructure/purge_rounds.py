"""Removal of what was deleted long ago, beside the requests of a running service."""

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ..core.actor import SYSTEM
from ..core.context import ExecutionContext, bound_context
from ..core.errors import SharedModuleError
from ..core.purge_settings import PurgeSettings
from .purging import Purger
from .round_failures import RoundFailures

_logger = structlog.get_logger("purge")


class PurgeRounds:
    """Lets a purger run once in a while."""

    def __init__(self, purger: Purger, settings: PurgeSettings) -> None:
        """Make rounds as `settings` say; nothing happens before `start`."""
        self._purger = purger
        self._settings = settings
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless other processes are to; needs a running event loop."""
        if not self._settings.background:
            return
        self._stopping.clear()
        self._task = asyncio.create_task(self._run(), name="purge-rounds")

    async def stop(self, *, grace_s: float = 10.0) -> None:
        """End after the batch that is under way, or in the midst of it after `grace_s`."""
        if self._task is None:
            return
        self._stopping.set()
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(self._task, grace_s)
        self._task = None

    async def _run(self) -> None:
        failures = RoundFailures(_logger, "purge")
        with bound_context(ExecutionContext(actor=SYSTEM)):
            while not self._stopping.is_set():
                try:
                    await self._purger.run(is_stopping=self._stopping.is_set)
                except (SharedModuleError, SQLAlchemyError, OSError) as error:
                    # A database that is away comes back, and rounds that have ended do not.
                    failures.failed(error)
                else:
                    failures.worked()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._settings.every_s)
