"""`apigen check`: is the project what its spec says? For CI."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.notation import FindingNotation
from apigen.cli.project_option import ProjectDir, project_at
from apigen.cli.regenerate import AcceptDataLoss, AcceptRemoval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apigen.diagnostics import Diagnostic
    from apigen.diagnostics.project_finding import ProjectFinding
    from apigen.driver import Judgement

NAME = "check"


def command(
    *,
    folder: ProjectDir = Path(),
    notation: Annotated[
        FindingNotation, typer.Option("--format", help="Notation.")
    ] = FindingNotation.TEXT,
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="REF",
            help="Compare the spec with the one of a git revision instead.",
            show_default=False,
        ),
    ] = "",
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
) -> None:
    """Tell whether a project is what its spec says, for CI

    With --against: what has changed since, as an entry for the changelog of your API too.

    Exit codes: 0 it is, 1 the spec is ahead of the code or has errors, 2 a vendored file was
    edited, 3 a conflict or an orphan is open or something stands in the way, 4 the project was
    last written by another version of apigen, 5 the spec would lose data or break clients and
    nobody agreed to it. The highest that applies.

    Example: apigen check --format github
    """
    project = project_at(folder)
    removal, data_loss = frozenset(accept_removal or ()), frozenset(accept_data_loss or ())
    if against:
        from apigen.cli.check_against import compare
        from apigen.evolve.record import Permissions

        permissions = Permissions(removal=removal, data_loss=data_loss)
        raise typer.Exit(compare(project, against, notation, permissions=permissions))
    from dataclasses import replace

    from apigen import driver
    from apigen.cli.change_text import counted
    from apigen.cli.finding_text import diagnostic_exit
    from apigen.cli.project_findings import project_findings

    with console.Activity() as activity:
        options = replace(driver.LOOKING, removal=removal, data_loss=data_loss)
        report = driver.preview(project, options, progress=activity)
        findings = project_findings(project, report)
    diagnostics = report.judgement.diagnostics if report.judgement is not None else ()
    print_all(report.judgement, findings, notation)
    worst = max(
        (
            *(diagnostic_exit(found) for found in diagnostics),
            *(found.kind.exit for found in findings),
        ),
        default=Exit.CLEAN,
    )
    if worst:
        raise typer.Exit(worst)
    if notation is FindingNotation.TEXT:
        console.note(f"The project is what its spec says: {counted(len(report.changes), 'file')}.")


def print_all(
    judgement: "Judgement | None", findings: "Sequence[ProjectFinding]", notation: FindingNotation
) -> None:
    """Print what is wrong with the spec and with the project, as one document for programs."""
    from apigen.cli.finding_text import as_github, as_json, as_text

    diagnostics: Sequence[Diagnostic] = judgement.diagnostics if judgement is not None else ()
    match notation:
        case FindingNotation.JSON:
            console.result(as_json(findings, diagnostics))
        case FindingNotation.SARIF:
            from apigen.diagnostics.machine import as_sarif

            console.result(as_sarif(diagnostics, findings))
        case FindingNotation.GITHUB:
            if judgement is not None and diagnostics:
                _print_diagnostics(judgement, github=True)
            for line in as_github(findings):
                console.result(line)
        case FindingNotation.TEXT:
            if judgement is not None and diagnostics:
                _print_diagnostics(judgement, github=False)
            for line in as_text(findings):
                console.result(line)


def _print_diagnostics(judgement: "Judgement", *, github: bool) -> None:
    from apigen.cli.findings import print_findings

    if github:
        print_findings(judgement, notation="github", stream=sys.stdout)
    else:
        print_findings(judgement, notation="full", stream=sys.stderr)
