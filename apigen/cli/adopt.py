"""`apigen adopt`: take over what regenerating kept without use, or say where a symbol went."""

from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.project_option import ProjectDir, project_at

NAME = "adopt"


def command(
    names: Annotated[
        list[str],
        typer.Argument(help="PATH of a file, or PATH::SYMBOL in one.", metavar="PATH[::SYMBOL]…"),
    ],
    *,
    folder: ProjectDir = Path(),
) -> None:
    """Make code yours that the spec has no use for any more, or re-link a symbol you moved

    An orphan is yours from then on, and apigen forgets it. A symbol that you moved to PATH is
    merged there from then on.

    Example: apigen adopt src/shop/domain/shop/services.py::discount
    """
    from apigen.disk.journal import recover
    from apigen.disk.ownership import adopt
    from apigen.disk.run_lock import run_lock

    project = project_at(folder)
    with run_lock(project):
        recover(project)
        links = adopt(project, list(dict.fromkeys(names)))
    linked = {f"{link.at}::{link.at_symbol}": link for link in links}
    for name in dict.fromkeys(names):
        link = linked.get(name)
        if link is None:
            console.note(f"{name} is yours.")
        else:
            console.note(f"{link.path}::{link.symbol} is merged at {name} from now on.")
