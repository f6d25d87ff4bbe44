"""`apigen remove-entity`: an entity less, unless something else needs it."""

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

NAME = "remove-entity"


def command(
    entity: Annotated[
        str, typer.Argument(help="Entity, or child (`OrderLine`).", metavar="ENTITY")
    ],
    *,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
) -> None:
    """Remove an entity from the spec, then regenerate; its rows go only when you say so

    What other entities need is never removed: the places are named. Files you edited are kept.

    Example: apigen remove-entity Note --accept-data-loss Note
    """
    from apigen.amend.removal import remove_entity

    amend(
        project_at(folder),
        lambda texts, _: remove_entity(texts, entity),
        options_of(
            on_conflict, accept_removal, accept_data_loss, allow_dirty=allow_dirty, types=types
        ),
        dry_run=dry_run,
    )
