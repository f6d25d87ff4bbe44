"""`apigen validate`: is this spec right?"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.findings import print_findings
from apigen.driver import Judgement, judge

NAME = "validate"

_ROUNDS = 20
"""Fixes that overlap need a round each; so many never do."""


class Format(StrEnum):
    """Notations for diagnostics."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def command(
    spec: Annotated[
        Path, typer.Argument(help="The root file of the spec.", metavar="[SPEC]")
    ] = Path("apigen.yaml"),
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    notation: Annotated[
        Format, typer.Option("--format", help="Notation of what is found.")
    ] = Format.FULL,
) -> None:
    """Check a spec without making anything

    Example: apigen validate apigen.yaml --fix
    """
    if not spec.is_file():
        console.error(f"there is no file {spec}")
        raise typer.Exit(Exit.USAGE)
    judgement = judge(spec)
    mended: set[str] = set()
    for _ in range(_ROUNDS if fix else 0):
        changed = _mend(spec.parent, judgement)
        if not changed:
            break
        mended.update(changed)
        judgement = judge(spec)
    if mended:
        console.note(f"Mended {', '.join(sorted(mended))}.")
    print_findings(judgement, notation=notation.value, stream=sys.stdout)
    if judgement.has_errors:
        raise typer.Exit(Exit.ERRORS)


def _mend(folder: Path, judgement: Judgement) -> tuple[str, ...]:
    """Apply the safe fixes; return the files that changed."""
    if not judgement.diagnostics:
        return ()
    from apigen.source.edits import apply_fixes

    return apply_fixes(folder, judgement.diagnostics, judgement.sources)
