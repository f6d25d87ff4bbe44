"""`apigen eject`: make a vendored file one that regenerating merges."""

from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.project_option import ProjectDir, project_at

NAME = "eject"


def command(
    paths: Annotated[
        list[str], typer.Argument(help="Vendored files, as in the project.", metavar="PATH…")
    ],
    *,
    folder: ProjectDir = Path(),
) -> None:
    """Make vendored files yours to edit: regenerating merges them from then on

    Example: apigen eject src/shop/support/clock.py
    """
    from apigen.disk.journal import recover
    from apigen.disk.ownership import eject
    from apigen.disk.run_lock import run_lock

    project = project_at(folder)
    named = list(dict.fromkeys(paths))
    with run_lock(project):
        recover(project)
        eject(project, named)
    for path in named:
        console.note(f"{path} is yours.")
    console.note(
        "What that means: regenerating merges it instead of replacing it; what a newer apigen "
        "changes in it can conflict with your edits; other vendored files expect what it offers, "
        "so keep its names and signatures. `apigen undo` takes this back."
    )
