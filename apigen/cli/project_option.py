"""The `--dir` option of commands that work on a project."""

from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.disk.manifest import is_project
from apigen.driver import SPEC

ProjectDir = Annotated[
    Path, typer.Option("--dir", help="The project's folder.", metavar="DIR", show_default="here")
]


def project_at(folder: Path) -> Path:
    """Return the project in `folder`; end the command when there is none."""
    if not (folder / SPEC).is_file():
        console.error(f"there is no {SPEC} in {folder}: make a project with `apigen init NAME`")
        raise typer.Exit(Exit.USAGE)
    if not is_project(folder):
        console.error(
            f"{folder} has an {SPEC} but was not made by apigen: make a project from it with "
            f"`apigen init NAME --spec {folder / SPEC}`"
        )
        raise typer.Exit(Exit.USAGE)
    return folder
