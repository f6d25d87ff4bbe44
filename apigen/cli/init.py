"""`apigen init`: make a project, from a spec or from a few answers."""

import re
import sys
import unicodedata
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.disk.paths import STATE

NAME = "init"

_DATABASES = ("sqlite", "postgresql")
_ENTITY = "Item"


def command(
    name: Annotated[
        str | None, typer.Argument(help="Name of the project and its folder.", metavar="NAME")
    ] = None,
    *,
    spec: Annotated[
        Path | None,
        typer.Option("--spec", help="Make it from this spec, which is copied.", metavar="FILE"),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="The project's folder, instead of ./NAME.", metavar="DIR"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
) -> None:
    """Make a project: layered, typed, tested, ready to serve

    Without --spec it gets a small spec to begin with.

    Example: apigen init shop --spec shop.yaml
    """
    asks = spec is None and not yes and console.is_interactive()
    if name is None and asks:
        name = console.ask("Name of the project", "app")
    if name is None:
        console.error("how shall the project be called? `apigen init NAME`")
        raise typer.Exit(Exit.USAGE)
    if folder is None and (name in ("", ".", "..") or "/" in name or "\\" in name):
        console.error(f"`{name}` is not a name for a folder: say where with --dir")
        raise typer.Exit(Exit.USAGE)
    if spec is not None and not spec.is_file():
        console.error(f"there is no file {spec}")
        raise typer.Exit(Exit.USAGE)
    project = folder if folder is not None else Path(name)
    _refuse_occupied(project)
    if spec is not None:
        _make(project, spec)
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="apigen-") as made:
        first = Path(made) / "apigen.yaml"
        first.write_text(_first_spec(name, asks=asks), encoding="utf-8")
        _make(project, first)


def _make(project: Path, spec: Path) -> None:
    from apigen import driver
    from apigen.cli.change_text import blocked_report
    from apigen.cli.creation_text import creation_report
    from apigen.cli.findings import print_findings

    with console.Activity() as activity:
        report = driver.initialise(project, spec, progress=activity)
    judgement = report.judgement
    if judgement is not None and judgement.diagnostics:
        print_findings(judgement, notation="full", stream=sys.stderr)
    if judgement is None or judgement.system is None:
        raise typer.Exit(Exit.ERRORS)
    if report.blocked:
        console.note(blocked_report(report.blocked))
        raise typer.Exit(Exit.ERRORS)
    console.note(creation_report(project, judgement.system, report.changes))


def _refuse_occupied(project: Path) -> None:
    """End the command unless the folder is absent, empty, or left by a run that was killed."""
    if project.is_dir():
        found = {place.name for place in project.iterdir()}
        unfinished = found == {STATE} and not (project / STATE / "manifest.json").exists()
        if not found or unfinished:
            return
        console.error(f"{project} is not empty: choose another name, or --dir")
        raise typer.Exit(Exit.USAGE)
    if project.exists() or project.is_symlink():
        console.error(f"{project} exists and is no folder: choose another name, or --dir")
        raise typer.Exit(Exit.USAGE)


def _first_spec(name: str, *, asks: bool) -> str:
    """Write the spec of a project that brings none, from answers where a person can be asked."""
    database, entity = _DATABASES[0], _ENTITY
    if asks:
        database = console.ask(f"Database ({' or '.join(_DATABASES)})", database)
        if database not in _DATABASES:
            console.error(f"`{database}` is not one of {', '.join(_DATABASES)}")
            raise typer.Exit(Exit.USAGE)
        entity = console.ask("First entity, in PascalCase", entity)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", entity):
        console.error(f"`{entity}` is not a name for an entity: write it like OrderLine")
        raise typer.Exit(Exit.USAGE)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    app = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_").lower() or "app"
    chosen = "" if database == _DATABASES[0] else f"\ndatabase: {{ dialect: {database} }}\n"
    return (
        "apigen: 1\n"
        f"app: {app}\n"
        f"{chosen}\n"
        "# Everything is made from this file: edit it, then run `apigen regenerate`.\n"
        "entities:\n"
        f"  {entity}:\n"
        "    fields:\n"
        "      name: str(1..200) search\n"
        "      note: text?\n"
    )
