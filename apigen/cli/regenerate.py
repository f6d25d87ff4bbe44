"""`apigen regenerate`: bring a project to what its spec says."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.change_text import conflict_report, counted, listing, sentence
from apigen.cli.exits import Exit
from apigen.cli.project_option import ProjectDir, project_at

NAME = "regenerate"


def command(
    *,
    folder: ProjectDir = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would happen.")
    ] = False,
) -> None:
    """Bring a project to what its spec says, keeping what you edited

    Example: apigen regenerate --dry-run
    """
    from apigen import driver

    project = project_at(folder)
    with console.Activity() as activity:
        if dry_run:
            report = driver.preview(project, progress=activity)
        else:
            report = driver.regenerate(project, progress=activity)
    if report.recovered:
        console.note(f"Finished an interrupted run first: {counted(report.recovered, 'file')}.")
    if report.judgement is None:
        console.note(sentence((), planned=dry_run))
        return
    from apigen.cli.findings import print_findings

    if report.judgement.diagnostics:
        print_findings(report.judgement, notation="full", stream=sys.stderr)
    if report.judgement.system is None:
        raise typer.Exit(Exit.ERRORS)
    if report.conflicts:
        console.note(conflict_report(report.conflicts))
        console.note("Nothing was written.")
        raise typer.Exit(Exit.ERRORS)
    for line in listing(report.changes):
        console.result(line)
    console.note(sentence(report.changes, planned=dry_run))
