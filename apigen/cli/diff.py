"""`apigen diff`: what would regenerating change, line by line?"""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.project_option import ProjectDir, project_at

NAME = "diff"


class Notation(StrEnum):
    """How changes are written."""

    TEXT = "text"
    JSON = "json"


def command(
    *,
    folder: ProjectDir = Path(),
    notation: Annotated[Notation, typer.Option("--format", help="Notation.")] = Notation.TEXT,
) -> None:
    """Show what regenerating would change

    Exit code 1 when there are changes.

    Example: apigen diff
    """
    from apigen import driver
    from apigen.cli.change_text import differences, kind, sentence
    from apigen.cli.findings import print_findings
    from apigen.disk.changes import Keep

    project = project_at(folder)
    with console.Activity() as activity:
        report = driver.preview(project, progress=activity)
    if report.judgement is not None and report.judgement.system is None:
        print_findings(report.judgement, notation="full", stream=sys.stderr)
        raise typer.Exit(Exit.ERRORS)
    changes = [change for change in report.changes if not isinstance(change, Keep)]
    if notation is Notation.JSON:
        rows = [
            {"path": change.path, "change": kind(change), "diff": differences(project, change)}
            for change in changes
        ]
        console.result(json.dumps(rows, indent=1, ensure_ascii=False))
    elif changes:
        console.result("".join(differences(project, change) for change in changes))
    console.note(sentence(report.changes, planned=True))
    if changes:
        raise typer.Exit(Exit.ERRORS)
