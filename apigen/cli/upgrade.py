"""`apigen upgrade`: bring a project made by an older apigen to this one."""

from pathlib import Path

from apigen.cli import console
from apigen.cli.notation import Notation
from apigen.cli.project_option import ProjectDir, project_at
from apigen.cli.regenerate import (
    AcceptDataLoss,
    AcceptRemoval,
    AllowDirty,
    DryRun,
    Resolution,
    Types,
    options_of,
    run,
)
from apigen.report import OnConflict

NAME = "upgrade"


def command(
    *,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
) -> None:
    """Bring a project made by an older apigen to this one, merging what you edited

    The same as `apigen regenerate` after the tool changed: your edits meet new templates.

    Example: apigen upgrade --dry-run
    """
    import apigen
    from apigen.disk.manifest import read_manifest

    project = project_at(folder)
    before = read_manifest(project).version
    if before == apigen.__version__:
        console.note(f"This project is of apigen {before} already.")
    else:
        verb = "Would upgrade" if dry_run else "Upgrading"
        console.note(f"{verb} from apigen {before} to {apigen.__version__}.")
    options = options_of(
        on_conflict, accept_removal, accept_data_loss, allow_dirty=allow_dirty, types=types
    )
    run(project, options, dry_run=dry_run, notation=Notation.TEXT)
