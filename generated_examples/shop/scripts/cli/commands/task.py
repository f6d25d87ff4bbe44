# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Ask for background tasks of shop, and look after them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import typer

from scripts.cli import validators
from scripts.cli.commands.db import FAILURES
from scripts.cli.exceptions import OperationFailedError, UsageError, reported
from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.support.core.errors import ValidationError
from shop.support.core.logging import configure_logging
from shop.support.core.settings import load_settings
from shop.support.core.tasks import TaskFilter, TaskState
from shop.support.infrastructure.task_queue import SqlTaskQueue

app = typer.Typer(help="Ask for background tasks, look after them", no_args_is_help=True)


def _with_queue[ResultT](ask: Callable[[SqlTaskQueue], Awaitable[ResultT]]) -> ResultT:
    async def asked() -> ResultT:
        settings = load_settings(Settings)
        # What is printed is the answer alone.
        configure_logging(settings.log.model_copy(update={"level": "ERROR"}))
        wiring = bootstrap(settings)
        try:
            return await ask(wiring.tasks)
        finally:
            await wiring.close()

    with reported(*FAILURES):
        return asyncio.run(asked())


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="Of the task.")],
    input: Annotated[str, typer.Option(help="What it needs to know, as JSON.")] = "{}",
    key: Annotated[
        str | None, typer.Option(help="Ask once, as long as one with this key is not over.")
    ] = None,
) -> None:
    """Ask for a task and print its id; a worker does it."""

    async def ask(queue: SqlTaskQueue) -> UUID:
        registry = queue.registry
        known = validators.task(name, sorted(registry.definitions))
        try:
            task = registry.from_json(known, input, is_exact=True)
            return await queue.enqueue(task, key=key)
        except ValidationError as error:
            place = f"{error.field}: " if error.field else ""
            raise UsageError(f"the input does not fit: {place}{error.message}") from error

    typer.echo(_with_queue(ask))


@app.command("list")
def show(
    state: Annotated[TaskState | None, typer.Option(help="Only those of this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
) -> None:
    """Show tasks, the newest first."""

    async def ask(queue: SqlTaskQueue) -> tuple[str, ...]:
        found, _ = await queue.listed(TaskFilter(state=state), limit=limit)
        return tuple(
            f"{one.id}  {one.state:<9}  {one.queue:<8}  {one.name}  "
            f"{one.attempts}x  {one.created_at:%Y-%m-%d %H:%M:%SZ}"
            f"{f'  {one.error.code}' if one.error else ''}"
            for one in found
        )

    typer.echo("\n".join(_with_queue(ask)) or "There are no tasks.")


@app.command()
def cancel(id: Annotated[UUID, typer.Argument(help="Of the task.")]) -> None:
    """Have a task not be done, or not be done to its end."""
    if not _with_queue(lambda queue: queue.cancel(id)):
        raise OperationFailedError("there is no such task, or it is over")
