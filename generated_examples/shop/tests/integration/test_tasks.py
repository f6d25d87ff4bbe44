# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The background tasks: who carries them out, and when."""

from collections.abc import AsyncIterator

import pytest_asyncio

from shop.application.shop.tasks import SHOP_TASKS
from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.support.application.task_runner import TaskRunner
from shop.support.testing.contracts.tasks import TaskContract


@pytest_asyncio.fixture(loop_scope="session")
async def task_runner(settings: Settings) -> AsyncIterator[TaskRunner]:
    """Lend the runner of the project."""
    wiring = bootstrap(settings)
    yield wiring.task_runner
    await wiring.close()


class TestTasks(TaskContract):
    """Every task of the project."""

    definitions = SHOP_TASKS
