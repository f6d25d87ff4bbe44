"""Findings about a project in the notations of `apigen check`."""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from apigen.diagnostics import Diagnostic, Severity
from apigen.diagnostics.project_finding import ProjectFinding

_MOST = 3


def as_text(findings: Sequence[ProjectFinding]) -> Iterator[str]:
    """Yield a line for what is wrong, a finding; the way out stands below all that share it."""
    for found, following in zip_longest(findings, findings[1:]):
        place = f"{found.file}:{found.line}" if found.line else found.file
        is_last = following is None or following.help != found.help
        yield f"{place}: {_said(found)}" + (f"\n  = help: {found.help}" if is_last else "")


def as_github(findings: Sequence[ProjectFinding]) -> Iterator[str]:
    """Yield a workflow command of GitHub a finding."""
    from apigen.diagnostics.render import github_command

    for found in findings:
        place = {"file": found.file, **({"line": str(found.line)} if found.line else {})}
        way_out = found.advice or f"run {found.help}"
        yield github_command(place, f"{_said(found)}: {way_out}")


def as_json(findings: Sequence[ProjectFinding], diagnostics: Sequence[Diagnostic]) -> str:
    """Return a JSON list, diagnostics of the spec first, one object a finding.

    kind (of a diagnostic its code), file, line (0: the whole file), symbols, elements, problem,
    command (where none mends it, what to do; the help of a
    diagnostic), exit (0 for a warning).
    """
    rows: list[dict[str, object]] = [
        {
            "kind": found.code,
            "file": found.span.file,
            "line": found.span.line,
            "symbols": [],
            "elements": [],
            "problem": found.message,
            "command": found.help,
            "exit": diagnostic_exit(found),
        }
        for found in diagnostics
    ]
    rows += [
        {
            "kind": found.kind.id,
            "file": found.file,
            "line": found.line,
            "symbols": list(found.symbols),
            "elements": list(found.elements),
            "problem": found.problem,
            "command": found.command or found.advice,
            "exit": found.kind.exit,
        }
        for found in findings
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False)


def diagnostic_exit(found: Diagnostic) -> int:
    """Return how `check` ends because of a diagnostic of the spec."""
    from apigen.cli.exits import Check
    from apigen.cli.project_findings import UNACKNOWLEDGED

    if found.code in UNACKNOWLEDGED:
        return Check.UNACKNOWLEDGED
    return Check.AHEAD if found.severity is Severity.ERROR else 0


def _said(found: ProjectFinding) -> str:
    symbols = f": {_list(found.symbols)}" if found.symbols else ""
    origin = f" ({_list(found.elements)})" if found.elements else ""
    return f"{found.problem}{symbols}{origin}"


def _list(names: Sequence[str]) -> str:
    rest = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {rest} more" if rest > 0 else "")
