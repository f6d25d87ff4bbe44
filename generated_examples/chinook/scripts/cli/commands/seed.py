# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Fill the database of chinook with rows that come with the project."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from chinook.core.settings import Settings
from chinook.infrastructure.persistence import seeds
from chinook.infrastructure.persistence.session import create_database
from chinook.support.core.settings import load_settings
from chinook.support.infrastructure.seeding import SeedError
from scripts.cli import validators
from scripts.cli.commands.db import FAILURES
from scripts.cli.exceptions import reported


def seed(name: Annotated[str, typer.Argument(help="Name of the set.")]) -> None:
    """Load a seed set; rows that are there already stay as they are."""
    wanted = validators.seed_set(name, seeds.SEEDS)

    async def load() -> Mapping[str, int]:
        settings = load_settings(Settings)
        engine = create_database(settings)
        try:
            return await seeds.seed(engine, wanted)
        finally:
            await engine.dispose()

    with reported(*FAILURES, SeedError):
        stored = asyncio.run(load())
    for file, count in stored.items():
        typer.echo(f"{file}: {count} rows")
