# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Look after the files that clients of shop have uploaded."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer

from scripts.cli.commands.db import FAILURES
from scripts.cli.exceptions import reported
from shop.core.settings import Settings
from shop.infrastructure.persistence.session import create_database
from shop.infrastructure.persistence.shop.rows import ProductRow
from shop.support.core.settings import load_settings
from shop.support.infrastructure.file_sweep import Sweep, orphans
from shop.support.infrastructure.object_storage import file_storage

app = typer.Typer(help="Look after uploaded files", no_args_is_help=True)

COLUMNS = (ProductRow.image,)
"""Every column that names a file."""


@app.callback()
def files() -> None:
    """Look after uploaded files."""


@app.command()
def sweep(
    older_than: Annotated[
        float, typer.Option(min=1.0, help="Hours; younger files may be named by a row soon.")
    ] = 24.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell, and delete nothing.")] = False,
) -> None:
    """Delete the files that no row names: what is left of uploads that were cut off."""
    settings = load_settings(Settings)

    async def swept() -> Sweep:
        storage = file_storage(settings.files)
        engine = create_database(settings)
        try:
            found = await orphans(engine, storage, COLUMNS, older_than=timedelta(hours=older_than))
            for one in () if dry_run else found.orphans:
                await storage.delete(one.key)
        finally:
            await engine.dispose()
            await storage.close()
        return found

    with reported(*FAILURES):
        found = asyncio.run(swept())
    freed = sum(one.size for one in found.orphans)
    done = "to delete" if dry_run else "deleted"
    typer.echo(f"{found.files} files, {len(found.orphans)} {done} ({freed} bytes)")
