"""`apigen rename-entity`: another name in the spec, the code, the database and the API."""

from pathlib import Path
from typing import Annotated

import typer

from apigen.cli.amending import amend
from apigen.cli.project_option import ProjectDir, project_at
from apigen.cli.regenerate import (
    AcceptDataLoss,
    AcceptRemoval,
    AllowDirty,
    DryRun,
    Resolution,
    Types,
    options_of,
)
from apigen.report import OnConflict

NAME = "rename-entity"


def command(
    old: Annotated[str, typer.Argument(help="Entity, child (`OrderLine`) or type.", metavar="OLD")],
    new: Annotated[str, typer.Argument(help="Its name from now on.", metavar="NEW")],
    *,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
) -> None:
    """Rename an entity in the spec, then regenerate: rows and your code come along

    Example: apigen rename-entity Customer Client
    """
    from apigen.amend.declared_renaming import rename_entity

    amend(
        project_at(folder),
        lambda texts, past: rename_entity(texts, old, new, past=past),
        options_of(
            on_conflict, accept_removal, accept_data_loss, allow_dirty=allow_dirty, types=types
        ),
        dry_run=dry_run,
    )
