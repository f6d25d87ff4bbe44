"""`apigen check`: is the project what its spec says? For CI."""

import json
import sys
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Check, Exit
from apigen.cli.project_option import ProjectDir, project_at
from apigen.disk.changes import Change, Conflict, Create, Delete, Reason, Update

NAME = "check"


class Notation(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One file that is not what it should be, and the command that mends it."""

    file: str
    problem: str
    elements: tuple[str, ...]
    command: str
    exit: int


def command(
    *,
    folder: ProjectDir = Path(),
    notation: Annotated[Notation, typer.Option("--format", help="Notation.")] = Notation.TEXT,
) -> None:
    """Tell whether a project is what its spec says, for CI

    Exit codes: 0 it is, 1 the spec is ahead of the code or has errors, 2 a vendored file was
    edited, 3 hand-written work stands in the way.

    Example: apigen check --format github
    """
    from apigen import driver
    from apigen.cli.findings import print_findings

    project = project_at(folder)
    with console.Activity() as activity:
        report = driver.preview(project, progress=activity)
    if report.judgement is not None and report.judgement.diagnostics:
        github = notation is Notation.GITHUB
        print_findings(
            report.judgement,
            notation="github" if github else "full",
            stream=sys.stdout if github else sys.stderr,
        )
    if report.judgement is None or report.judgement.system is None:
        raise typer.Exit(Exit.ERRORS)
    findings = [found for change in report.changes if (found := _finding(change)) is not None]
    _print(findings, notation)
    if findings:
        raise typer.Exit(max(found.exit for found in findings))
    console.note(f"The project is what its spec says: {len(report.changes)} files.")


def _finding(change: Change) -> Finding | None:
    match change:
        case Create(path=path, file=file):
            return Finding(
                file=path,
                problem="missing",
                elements=file.elements,
                command="apigen regenerate",
                exit=Check.AHEAD,
            )
        case Update(path=path, file=file):
            return Finding(
                file=path,
                problem="not what the spec says",
                elements=file.elements,
                command="apigen regenerate",
                exit=Check.AHEAD,
            )
        case Delete(path=path):
            return Finding(
                file=path,
                problem="the spec has no use for it any more",
                elements=(),
                command="apigen regenerate",
                exit=Check.AHEAD,
            )
        case Conflict(path=path, reason=reason, file=rendered):
            return Finding(
                file=path,
                problem=reason.value,
                elements=rendered.elements if rendered is not None else (),
                command="apigen diff",
                exit=Check.VENDORED if reason is Reason.VENDORED else Check.CONFLICT,
            )
        case _:
            return None


def _print(findings: list[Finding], notation: Notation) -> None:
    if notation is Notation.JSON:
        console.result(json.dumps([asdict(found) for found in findings], indent=1))
        return
    for found in findings:
        origin = f" ({', '.join(found.elements)})" if found.elements else ""
        if notation is Notation.GITHUB:
            text = f"{found.problem}{origin}: run `{found.command}`"
            console.result(f"::error file={_property(found.file)}::{_data(text)}")
        else:
            console.result(f"{found.file}: {found.problem}{origin}\n  = help: `{found.command}`")


def _data(text: str) -> str:
    """Escape the text of a GitHub workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a GitHub workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
