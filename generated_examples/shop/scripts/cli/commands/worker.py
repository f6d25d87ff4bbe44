# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Do the background tasks of shop in a process of their own."""

import asyncio
from typing import Annotated

import typer

from scripts.cli import validators
from scripts.cli.commands.db import FAILURES
from scripts.cli.exceptions import reported
from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.support.core.logging import configure_logging
from shop.support.core.settings import load_settings
from shop.support.infrastructure.task_process import work_until_stopped


def worker(
    queue: Annotated[
        list[str] | None, typer.Option(help="Serve this queue; can be given again. Default: all.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=1000, help="How many tasks at once.")
    ] = None,
    grace_s: Annotated[
        float, typer.Option(min=0, help="How long tasks may take to end when this is stopped.")
    ] = 30,
) -> None:
    """Do background tasks until SIGTERM or Ctrl-C."""

    async def work() -> None:
        settings = load_settings(Settings)
        log = configure_logging(settings.log)
        tasks = settings.tasks.model_copy(
            update={
                "worker": True,
                "serves": tuple(queue or settings.tasks.serves),
                "concurrency": concurrency or settings.tasks.concurrency,
            }
        )
        wiring = bootstrap(settings.model_copy(update={"tasks": tasks}))
        known = {one.queue for one in wiring.tasks.registry.definitions.values()}
        for name in tasks.serves:
            validators.queue(name, sorted(known))
        with log.gathering():
            try:
                await work_until_stopped(wiring.worker, grace_s=grace_s)
            finally:
                await wiring.close()

    with reported(*FAILURES):
        asyncio.run(work())
