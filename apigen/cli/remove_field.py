"""`apigen remove-field`: a field less, unless something else needs it."""

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

NAME = "remove-field"


def command(
    entity: Annotated[
        str, typer.Argument(help="Entity, child (`OrderLine`) or value object.", metavar="ENTITY")
    ],
    field: Annotated[str, typer.Argument(help="As in the spec.", metavar="FIELD")],
    *,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
) -> None:
    """Remove a field from the spec, then regenerate; its values go only when you say so

    What else of the spec needs is never removed: the places are named.

    Example: apigen remove-field Order note --accept-data-loss Order.note
    """
    from apigen.amend.removal import remove_field

    amend(
        project_at(folder),
        lambda texts, _: remove_field(texts, entity, field),
        options_of(
            on_conflict, accept_removal, accept_data_loss, allow_dirty=allow_dirty, types=types
        ),
        dry_run=dry_run,
    )
