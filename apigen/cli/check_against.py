"""`apigen check --against REF`: what changed since a git revision, and did somebody agree?"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.cli import console
from apigen.cli.exits import Check, Exit
from apigen.cli.notation import FindingNotation

if TYPE_CHECKING:
    from apigen.diagnostics.project_finding import ProjectFinding
    from apigen.evolve.record import Permissions, SpecChange
    from apigen.past import Comparison


def compare(
    project: Path, ref: str, notation: FindingNotation, *, permissions: "Permissions"
) -> int:
    """Print the comparison and return the exit code.

    JSON is {against, diagnostics, evolution, unacknowledged: [symbol]}.

    Args:
        project: Its folder, in a git repository.
        ref: Anything that names a commit.
        notation: How to write it.
        permissions: What was agreed to.
    """
    from apigen import past

    with console.Activity() as activity:
        activity(f"comparing with {ref}")
        comparison = _without_revisions(past.compare_with(project, ref, permissions=permissions))
    match notation:
        case FindingNotation.JSON:
            console.result(_as_json(comparison, ref))
        case FindingNotation.SARIF:
            from apigen.diagnostics.machine import as_sarif

            console.result(as_sarif(comparison.diagnostics, _findings(comparison)))
        case FindingNotation.GITHUB:
            _print_diagnostics(comparison, github=True)
            from apigen.cli.finding_text import as_github

            for line in as_github(_findings(comparison)):
                console.result(line)
        case FindingNotation.TEXT:
            _print_diagnostics(comparison, github=False)
            _print_text(comparison, ref)
    if comparison.evolution is None or comparison.judgement.system is None:
        return Exit.ERRORS
    return Check.UNACKNOWLEDGED if comparison.unacknowledged else Exit.CLEAN


def _without_revisions(comparison: "Comparison") -> "Comparison":
    """Leave migrations out: those of the revision that is compared with are not looked at."""
    if comparison.evolution is None:
        return comparison
    return replace(comparison, evolution=replace(comparison.evolution, revisions=()))


def _print_text(comparison: "Comparison", ref: str) -> None:
    from apigen.cli.finding_text import as_text
    from apigen.evolve.summary import changelog_text, summary_text

    if comparison.evolution is None:
        return
    told = summary_text(comparison.evolution) + changelog_text(comparison.evolution)
    text = told.rstrip("\n")
    if text:
        console.result(text)
    for line in as_text(_findings(comparison)):
        console.result(line)
    if not text:
        console.note(f"The spec means what it meant at {ref}.")


def _print_diagnostics(comparison: "Comparison", *, github: bool) -> None:
    from apigen.cli.findings import print_findings

    if not comparison.diagnostics:
        return
    judgement = replace(comparison.judgement, diagnostics=comparison.diagnostics)
    if github:
        print_findings(judgement, notation="github", stream=sys.stdout)
    else:
        print_findings(judgement, notation="full", stream=sys.stderr)


def _findings(comparison: "Comparison") -> "list[ProjectFinding]":
    return [_finding(change) for change in comparison.unacknowledged]


def _finding(change: "SpecChange") -> "ProjectFinding":
    from apigen.cli.project_findings import NOT_AGREED
    from apigen.diagnostics.project_finding import ProjectFinding
    from apigen.driver import SPEC
    from apigen.evolve.acknowledged import short
    from apigen.evolve.record import Effect

    loses = change.database in (Effect.DESTRUCTIVE, Effect.MANUAL)
    option = "--accept-data-loss" if loses else "--accept-removal"
    return ProjectFinding(
        kind=NOT_AGREED,
        file=change.span.file if change.span is not None else SPEC,
        line=change.span.line if change.span is not None else 0,
        problem=change.text or f"{change.element} was {change.kind}",
        command=f"apigen regenerate {option} {short(change.symbol)}",
        elements=(change.symbol,),
    )


def _as_json(comparison: "Comparison", ref: str) -> str:
    from apigen.diagnostics.machine import as_json
    from apigen.evolve.summary import summary_json

    evolution = comparison.evolution
    document = {
        "against": ref,
        "diagnostics": json.loads(as_json(comparison.diagnostics)),
        "evolution": summary_json(evolution) if evolution is not None else None,
        "unacknowledged": [change.symbol for change in comparison.unacknowledged],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)
