# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Keys of encrypted fields: make one, and encrypt again what an older one has encrypted."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

import shop.infrastructure.persistence.shop.rows as shop_rows
from scripts.cli.commands.db import FAILURES
from scripts.cli.exceptions import reported
from shop.core.settings import Settings
from shop.infrastructure.persistence.session import Row, create_database
from shop.support.core.settings import load_settings
from shop.support.infrastructure.key_ring import new_key
from shop.support.infrastructure.key_rotation import Rotated, rotate_keys

# Importing the rows puts their tables into the metadata.
ROWS = (shop_rows,)


def make_key() -> None:
    """Print a new key with today's date as its id: put it before the others, and keep them."""
    typer.echo(new_key(f"{datetime.now(UTC):%Y-%m-%d}"))


def rotate(
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="Rows of a transaction.")] = 500,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
) -> None:
    """Encrypt again with the first key what others have encrypted; may be stopped and run again."""

    async def run() -> list[Rotated]:
        engine = create_database(load_settings(Settings))
        try:
            found = rotate_keys(engine, Row.metadata, batch=batch, dry_run=dry_run)
            return [column async for column in found]
        finally:
            await engine.dispose()

    with reported(*FAILURES):
        columns = asyncio.run(run())
    for column in columns:
        done = f"{column.stale} to renew" if dry_run else f"{column.renewed} renewed"
        typer.echo(f"{column.column}: {column.rows} values, {done}")
