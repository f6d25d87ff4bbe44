# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Remove from the database of shop what was deleted long ago."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from scripts.cli.commands.db import FAILURES
from scripts.cli.exceptions import reported
from shop.core.settings import Settings
from shop.infrastructure.caching import forget_answers
from shop.infrastructure.persistence.purging import PURGES
from shop.infrastructure.persistence.session import create_database
from shop.support.core.settings import load_settings
from shop.support.infrastructure.purging import Purged, Purger

DryRun = Annotated[bool, typer.Option("--dry-run", help="Count only; nothing is removed.")]


def purge(*, dry_run: DryRun = False) -> None:
    """Remove for good what was deleted so long ago that it need not be kept."""

    async def remove() -> Mapping[str, Purged]:
        settings = load_settings(Settings)
        engine = create_database(settings)
        purger = Purger(engine, PURGES, batch=settings.purge.batch)
        try:
            return await (purger.due() if dry_run else purger.run())
        finally:
            await engine.dispose()
            await forget_answers(settings)

    with reported(*FAILURES):
        found = asyncio.run(remove())
    verb = "would be removed" if dry_run else "removed"
    for resource, rows in found.items():
        kept = f", {rows.kept} kept: other rows refer to them" if rows.kept else ""
        typer.echo(f"{resource}: {rows.removed} {verb}{kept}")
