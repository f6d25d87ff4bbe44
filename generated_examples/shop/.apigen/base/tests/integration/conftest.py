# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Fixtures: the bus that commands are sent to."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.support.application.buses import CommandBus


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def command_bus(settings: Settings, migrated: AsyncEngine) -> AsyncIterator[CommandBus]:
    """Lend the bus of a project that delivers no events: they stay in the outbox."""
    wiring = bootstrap(settings)
    yield wiring.commands
    await wiring.close()


@pytest.fixture
def commands(command_bus: CommandBus, engine: AsyncEngine) -> CommandBus:
    """Return the bus, all tables empty."""
    return command_bus
