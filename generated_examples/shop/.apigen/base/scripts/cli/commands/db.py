# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Migrate the database of shop, and look after its revisions."""

from pathlib import Path
from typing import Annotated

import typer
from alembic.util.exc import CommandError as AlembicError
from sqlalchemy.exc import SQLAlchemyError

from scripts.cli import validators
from scripts.cli.exceptions import OperationFailedError, reported
from shop.core.settings import Settings
from shop.support.core.errors import SharedModuleError
from shop.support.core.settings import load_settings
from shop.support.infrastructure.migrations import MigrationManager

app = typer.Typer(help="Migrate the database", no_args_is_help=True)

_ROOT = Path(__file__).parents[3]
FAILURES = (SQLAlchemyError, AlembicError, SharedModuleError, OSError)
Revision = Annotated[str, typer.Argument(help="head, base, +1, -1 or a revision id.")]


def _manager() -> MigrationManager:
    url = load_settings(Settings).database_url.get_secret_value()
    return MigrationManager(url, directory=_ROOT / "migrations")


@app.command()
def upgrade(revision: Revision = "head") -> None:
    """Go forward to a revision."""
    wanted = validators.revision(revision)
    with reported(*FAILURES):
        _manager().upgrade(wanted)


@app.command()
def downgrade(revision: Revision) -> None:
    """Go back to a revision; what it undoes is lost."""
    wanted = validators.revision(revision)
    with reported(*FAILURES):
        _manager().downgrade(wanted)


@app.command()
def revision(message: Annotated[str, typer.Argument(help="What it does.")]) -> None:
    """Write a revision that makes the database equal to the models."""
    wanted = validators.message(message)
    with reported(*FAILURES):
        typer.echo(_manager().revision(wanted))


@app.command()
def check() -> None:
    """Tell whether a revision is missing: exit code 1 when the models have changed."""
    with reported(*FAILURES):
        differences = _manager().check()
    if differences:
        raise OperationFailedError("a revision is missing:\n  " + "\n  ".join(differences))
    typer.echo("The revisions make what the models are.")


@app.command()
def current() -> None:
    """Show the revision of the database and those it has not had yet."""
    with reported(*FAILURES):
        manager = _manager()
        at, pending = manager.current(), manager.pending()
    typer.echo(f"at {at or 'base'}, {len(pending)} to go")
    for name in pending:
        typer.echo(f"  {name}")


@app.command()
def history() -> None:
    """Show what was applied and undone, when, how long it took, and whether it is still so."""
    with reported(*FAILURES):
        entries = _manager().history()
    for entry in entries:
        done = f"{entry.direction} (stamped)" if entry.is_stamp else entry.direction
        typer.echo(
            f"{entry.applied_at:%Y-%m-%d %H:%M:%SZ}  {done:<4}  {entry.revision}  "
            f"{entry.duration_s:.2f} s  {entry.applied_by}  {entry.state}"
        )
    if not entries:
        typer.echo("Nothing was applied.")


@app.command()
def verify() -> None:
    """Tell whether the revisions are what was applied: exit code 1 when one is not."""
    with reported(*FAILURES):
        deviations = _manager().verify()
    if deviations:
        raise OperationFailedError("not what was applied:\n  " + "\n  ".join(deviations))
    typer.echo("The revisions are what was applied.")
