"""`apigen regenerate`: bring a project to what its spec says."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Check, Exit
from apigen.cli.notation import Notation
from apigen.cli.project_option import ProjectDir, project_at
from apigen.report import Judgement, OnConflict, Report, RunOptions

NAME = "regenerate"

AcceptRemoval = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-removal", help="Agree that clients lose SYMBOL; repeatable.", metavar="SYMBOL"
    ),
]
AcceptDataLoss = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-data-loss",
        help="Agree that the rows of SYMBOL are lost; repeatable.",
        metavar="SYMBOL",
    ),
]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty", help="Write also where edits are not committed.")
]
Resolution = Annotated[
    OnConflict,
    typer.Option("--on-conflict", help="Write markers, or nothing at all (for CI)."),
]
Types = Annotated[
    bool, typer.Option("--types/--no-types", help="Check the types of your code afterwards.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")]


def options_of(
    on_conflict: OnConflict,
    accept_removal: list[str] | None,
    accept_data_loss: list[str] | None,
    *,
    allow_dirty: bool,
    types: bool,
    restore: list[str] | None = None,
) -> RunOptions:
    """Return what the arguments of a command that regenerates ask of the run."""
    return RunOptions(
        on_conflict=on_conflict,
        removal=frozenset(accept_removal or ()),
        data_loss=frozenset(accept_data_loss or ()),
        restore=frozenset(restore or ()),
        allow_dirty=allow_dirty,
        check_types=types,
    )


def command(
    *,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    restore: Annotated[
        list[str] | None,
        typer.Option(
            "--restore",
            help="Bring back what you deleted: PATH or PATH::SYMBOL; repeatable.",
            metavar="WHAT",
        ),
    ] = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
    notation: Annotated[Notation, typer.Option("--format", help="Notation.")] = Notation.TEXT,
) -> None:
    """Bring a project to what its spec says, merging what you edited

    Tells what the change does to data and clients, with an entry for the changelog of your API.

    Exit codes: 0 done, 1 errors in the spec, files in the way, or code of yours that no longer
    fits; 3 conflicts to resolve.

    Example: apigen regenerate --dry-run
    """
    options = options_of(
        on_conflict,
        accept_removal,
        accept_data_loss,
        allow_dirty=allow_dirty,
        types=types,
        restore=restore,
    )
    run(project_at(folder), options, dry_run=dry_run, notation=notation)


def run(
    project: Path,
    options: RunOptions,
    *,
    dry_run: bool,
    notation: Notation = Notation.TEXT,
    pointed: Callable[[Judgement], Judgement] | None = None,
    stopped: Callable[[Report], None] | None = None,
) -> None:
    """Regenerate, or tell what that would do; report it and end with its exit code.

    Args:
        project: The project's folder.
        options: What its owner says about the run.
        dry_run: Write nothing.
        notation: How to report.
        pointed: Makes findings that stop the run point into what was typed instead of a spec
            that is not going to be written.
        stopped: Told of a run that was stopped, after its report.

    Raises:
        Exit: the command ends with another code than 0.
    """
    from apigen import driver
    from apigen.cli.change_text import counted
    from apigen.cli.run_report import print_report

    with console.Activity() as activity:
        if dry_run:
            report = driver.preview(project, options, progress=activity)
        else:
            report = driver.regenerate(project, options, progress=activity)
    if report.recovered:
        console.note(f"Finished an interrupted run first: {counted(report.recovered, 'file')}.")
    failed = report.judgement is not None and report.judgement.system is None
    if notation is Notation.TEXT and report.judgement is not None and report.judgement.diagnostics:
        from apigen.cli.findings import print_findings

        judgement = report.judgement
        if failed and pointed is not None:
            judgement = pointed(judgement)
        print_findings(judgement, notation="full", stream=sys.stderr)
    if notation is Notation.JSON or not failed:
        is_only_told = dry_run or _is_refused(report, options)
        print_report(report, planned=is_only_told, notation=notation)
    if failed or report.blocked:
        if stopped is not None:
            stopped(report)
        raise typer.Exit(Exit.ERRORS)
    _say_conflicts(report, options, dry_run=dry_run)
    if report.types is not None and report.types.misfits:
        raise typer.Exit(Exit.ERRORS)


def _say_conflicts(report: Report, options: RunOptions, *, dry_run: bool) -> None:
    if _is_refused(report, options) and not dry_run:
        console.note("Nothing was written, because of --on-conflict=fail.")
    from apigen.cli.run_report import print_waiting

    print_waiting(report, listed=frozenset(change.path for change in report.changes))
    if report.conflicted or report.open_conflicts:
        raise typer.Exit(Check.CONFLICT)


def _is_refused(report: Report, options: RunOptions) -> bool:
    """Whether a conflict, instead of being written, stops the run."""
    return bool(report.conflicted) and options.on_conflict is OnConflict.FAIL
