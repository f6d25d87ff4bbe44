"""Say what a run did, or would do: files, remarks, data and clients, types, and one sentence.

Results a program could read go to stdout: the list of files, or all of it as JSON. What a person
should know beside goes to stderr.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from apigen.cli import console
from apigen.cli.change_text import (
    blocked_report,
    counted,
    listing,
    merge_of,
    remark_line,
    sentence,
)
from apigen.cli.notation import Notation

if TYPE_CHECKING:
    from apigen.driver import Report
    from apigen.typecheck.report import TypeReport


def print_report(report: "Report", *, planned: bool, notation: Notation = Notation.TEXT) -> None:
    """Print everything about a run but its diagnostics.

    Args:
        report: Of a run or a preview whose spec has no errors.
        planned: Whether it is only going to happen.
        notation: JSON has the diagnostics too.
    """
    if notation is Notation.JSON:
        from apigen.cli.report_json import run_as_json

        console.result(run_as_json(report, planned=planned))
        return
    if report.blocked:
        console.note(blocked_report(report.blocked))
        console.note("Nothing would be written." if planned else "Nothing was written.")
        return
    for line in listing(report.changes):
        console.result(line)
    print_remarks(report, planned=planned)


def print_remarks(report: "Report", *, planned: bool) -> None:
    """Print what a person should know beside the list of files, and the sentence."""
    for line in _remarks(report):
        console.note(line)
    print_evolution(report)
    print_changelog(report)
    if report.types is not None:
        for line in types_text(report.types):
            console.note(line)
    console.note(sentence(report.changes, planned=planned))
    if report.conflicted and not planned and report.written:
        console.note(
            f"{counted(len(report.conflicted), 'file')} with markers: decide in the file, then "
            "`apigen resolve PATH`, or take one side with --mine or --theirs."
        )


def print_evolution(report: "Report") -> None:
    """Print what the change of the spec does to data and clients; nothing when it does nothing."""
    if report.evolution is None:
        return
    from apigen.evolve.summary import summary_text

    text = summary_text(report.evolution).rstrip("\n")
    if text:
        console.note(text)


def print_waiting(report: "Report", *, listed: frozenset[str] = frozenset()) -> None:
    """Print the conflicts of earlier runs that are still open, but for those in the list."""
    for conflict in report.open_conflicts:
        path = conflict.path
        if path not in listed:
            console.note(f"  {path} has a conflict that waits for you: `apigen resolve {path}`")


def print_changelog(report: "Report") -> None:
    """Print what to tell clients; nothing when they notice nothing."""
    if report.evolution is None:
        return
    from apigen.evolve.summary import changelog_text

    text = changelog_text(report.evolution).rstrip("\n")
    if text:
        console.note(text)


def _remarks(report: "Report") -> Iterator[str]:
    for change in report.changes:
        merge = merge_of(change)
        if merge is not None:
            for remark in merge.merged.remarks:
                if f"{change.path}::{remark.symbol}" not in report.orphans:
                    yield f"  {remark_line(change.path, remark)}"
    for orphan in report.orphans:
        yield (
            f"  {orphan} is kept without use, because you edited it: delete it, or "
            f"`apigen adopt {orphan}`"
        )
    for mention in report.mentions:
        yield f"  {mention.path}:{mention.line}: still says `{mention.name}` ({mention.why})"


def types_text(report: "TypeReport") -> Iterator[str]:
    """Yield what a type check found, a place and its cause a finding."""
    if report.note:
        yield report.note[0].upper() + report.note[1:]
        return
    if report.misfits:
        yield f"{counted(len(report.misfits), 'line')} of yours no longer {_fit(report)}:"
    for misfit in report.misfits:
        finding = misfit.finding
        yield f"  {finding.path}:{finding.line}: {misfit.text}"
        yield f"    {finding.message}{f'  [{finding.code}]' if finding.code else ''}"
        place = f" ({misfit.span.file}:{misfit.span.line})" if misfit.span is not None else ""
        yield f"    = because: {misfit.cause}{place}"
    if report.misfits and report.others:
        yield f"  mypy has {counted(report.others, 'finding')} more that this run has no part in"


def _fit(report: "TypeReport") -> str:
    return "fits" if len(report.misfits) == 1 else "fit"
