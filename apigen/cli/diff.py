"""`apigen diff`: what would regenerating change, and what has its owner changed?"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.notation import Notation
from apigen.cli.project_option import ProjectDir, project_at

NAME = "diff"


def command(
    *,
    folder: ProjectDir = Path(),
    mine: Annotated[
        bool,
        typer.Option("--mine", help="Show what you changed since apigen wrote it, instead."),
    ] = False,
    notation: Annotated[Notation, typer.Option("--format", help="Notation.")] = Notation.TEXT,
) -> None:
    """Show what regenerating would change, or what you changed

    With what they do to data and clients, and an entry for the changelog of your API.

    Exit code 1 when there are changes; with --mine always 0.

    Example: apigen diff --mine
    """
    project = project_at(folder)
    if mine:
        _show_mine(project, notation)
    else:
        _show_planned(project, notation)


def _show_planned(project: Path, notation: Notation) -> None:
    from apigen import driver
    from apigen.cli.change_text import blocked_report, kind
    from apigen.cli.difference_text import differences
    from apigen.cli.findings import print_findings
    from apigen.cli.run_report import print_evolution, print_remarks, print_waiting

    with console.Activity() as activity:
        report = driver.preview(project, progress=activity)
    if notation is Notation.JSON:
        from apigen.cli.report_json import run_as_json

        console.result(run_as_json(report, planned=True, diffs_from=project))
    elif report.judgement is not None and report.judgement.diagnostics:
        print_findings(report.judgement, notation="full", stream=sys.stderr)
    if report.judgement is not None and report.judgement.system is None:
        if notation is Notation.TEXT:
            print_evolution(report)
        raise typer.Exit(Exit.ERRORS)
    changes = [change for change in report.changes if kind(change) not in ("keep", "orphan")]
    if notation is Notation.TEXT:
        text = "".join(differences(project, change) for change in changes)
        if text:
            console.result(text)
        if report.blocked:
            console.note(blocked_report(report.blocked))
        print_remarks(report, planned=True)
        print_waiting(report)
    if changes:
        raise typer.Exit(Exit.ERRORS)


def _show_mine(project: Path, notation: Notation) -> None:
    from apigen.cli.change_text import counted
    from apigen.cli.difference_text import own_differences
    from apigen.disk.journal import refuse_unfinished
    from apigen.disk.manifest import read_manifest

    refuse_unfinished(project)
    found = list(own_differences(project, read_manifest(project).entries))
    if notation is Notation.JSON:
        rows = [{"path": path, "change": change, "diff": text} for path, change, text in found]
        console.result(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    if found:
        console.result("".join(text for _, _, text in found))
    deleted = sum(change == "deleted" for _, change, _ in found)
    edited = len(found) - deleted
    parts = ((edited, "edited"), (deleted, "deleted"))
    told = [f"{counted(number, 'file')} {what}" for number, what in parts if number]
    console.note(f"Yours: {', '.join(told)}." if told else "Every file is as apigen wrote it.")
