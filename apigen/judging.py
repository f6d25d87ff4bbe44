"""Read a spec and judge it: what is wrong with it, and the system it means when nothing is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from apigen.diagnostics import Diagnostic, Severity
from apigen.report import Judgement, Progress


def silent(step: str) -> None:
    """Tell nobody of a step."""
    del step


def judge(spec: Path, *, progress: Progress = silent) -> Judgement:
    """Read, lower and check a spec.

    Args:
        spec: The root file.
        progress: Told each step.
    """
    from apigen.lower.system import lower
    from apigen.spec.reader import read

    progress("reading the spec")
    document = read(spec)
    found = document.diagnostics
    system = None
    if document.value is not None:
        lowered = lower(document.value)
        found += lowered.diagnostics
        system = lowered.value
    if system is not None:
        from apigen.check.rules import check

        failed = any(one.severity is Severity.ERROR for one in found)
        # Where parts are missing, what looks unused may be used by them.
        found += tuple(one for one in check(system) if not failed or one.severity is Severity.ERROR)
    judgement = Judgement(
        system=system,
        document=document.value,
        diagnostics=(),
        sources=document.value.sources if document.value is not None else _text_of(spec),
    )
    return with_findings(judgement, found)


def with_findings(judgement: Judgement, found: tuple[Diagnostic, ...]) -> Judgement:
    """Return the judgement with these findings; with an error among them it has no system."""
    shown = found
    if judgement.document is not None:
        from apigen.diagnostics.collector import in_order
        from apigen.diagnostics.ignores import silence

        shown = silence(in_order(found), judgement.document.sources)
    judgement = replace(judgement, diagnostics=shown, found=found)
    return replace(judgement, system=None) if judgement.has_errors else judgement


def _text_of(spec: Path) -> Mapping[str, str]:
    """Return what a message about an unreadable spec can quote."""
    try:
        return {spec.name: spec.read_text(encoding="utf-8", errors="replace")}
    except OSError:
        return {}
