"""`apigen resolve`: close a conflict that regenerating left in a file."""

from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.project_option import ProjectDir, project_at

NAME = "resolve"


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files with conflicts, as in the project.", metavar="PATH…"),
    ] = None,
    *,
    folder: ProjectDir = Path(),
    mine: Annotated[bool, typer.Option("--mine", help="Take your version.")] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Take the newly generated version.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="All files with conflicts.")] = False,
) -> None:
    """Close the conflicts of files that you edited, or take one side of them

    Without --mine and --theirs the file must have no markers left.

    Example: apigen resolve src/shop/domain/shop/aggregates.py --mine
    """
    from apigen.cli.change_text import counted
    from apigen.disk.conflicts import read_conflicts
    from apigen.disk.journal import recover
    from apigen.disk.resolving import Chosen, resolve
    from apigen.disk.run_lock import run_lock

    project = project_at(folder)
    if mine and theirs:
        console.error("--mine and --theirs exclude each other")
        raise typer.Exit(Exit.USAGE)
    if bool(paths) == every:
        console.error("which files? Name them, or say --all")
        raise typer.Exit(Exit.USAGE)
    chosen = Chosen.MINE if mine else Chosen.THEIRS if theirs else None
    with run_lock(project):
        recover(project)
        found = [conflict.path for conflict in read_conflicts(project)]
        named = found if every else list(dict.fromkeys(_inside(project, p) for p in paths or ()))
        resolve(project, named, chosen)
        left = read_conflicts(project)
    if not named:
        console.note("No conflict is open.")
        return
    rest = f" {counted(len(left), 'file')} left." if left else ""
    console.note(f"Resolved {counted(len(named), 'file')}.{rest}")


def _inside(project: Path, path: str) -> str:
    """Return the path in the project that somebody typed, from its folder or from their own."""
    typed = Path(path)
    if not (project / typed).exists() and typed.exists():
        typed = typed.resolve()
    if typed.is_absolute() and typed.is_relative_to(project.resolve()):
        typed = typed.relative_to(project.resolve())
    return typed.as_posix()
