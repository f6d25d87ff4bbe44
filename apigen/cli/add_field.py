"""`apigen add-field`: a field more, in the spec and in everything made from it."""

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

NAME = "add-field"


def command(
    entity: Annotated[
        str, typer.Argument(help="Entity, child (`OrderLine`) or value object.", metavar="ENTITY")
    ],
    field: Annotated[str, typer.Argument(help="As in the spec: 'name: type …'.", metavar="FIELD")],
    *,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
) -> None:
    """Add a field to the spec, then regenerate

    Example: apigen add-field Order 'note: str(1..200)?'
    """
    from apigen.amend.addition import add_field

    amend(
        project_at(folder),
        lambda texts, _: add_field(texts, entity, field),
        options_of(
            on_conflict, accept_removal, accept_data_loss, allow_dirty=allow_dirty, types=types
        ),
        dry_run=dry_run,
    )
