"""Print the diagnostics of a spec, and the sentence that sums them up."""

from typing import Literal, TextIO

from apigen.cli import console
from apigen.cli.change_text import counted
from apigen.diagnostics import Severity
from apigen.driver import Judgement

type Notation = Literal["full", "concise", "json", "github", "sarif"]


def print_findings(judgement: Judgement, *, notation: Notation, stream: TextIO) -> None:
    """Print everything found to `stream`; the sentence goes to stderr.

    Args:
        judgement: What is known of the spec.
        notation: How to write the diagnostics.
        stream: stdout when the diagnostics are what was asked for, else stderr.
    """
    found = judgement.diagnostics
    if found or notation in ("json", "sarif"):
        from apigen.diagnostics.render import render

        text = render(
            found, format=notation, sources=judgement.sources, colour=console.has_colour(stream)
        )
        console.write(stream, text)
    if notation in ("full", "concise"):
        console.note(_sentence(judgement))


def _sentence(judgement: Judgement) -> str:
    errors = sum(one.severity is Severity.ERROR for one in judgement.diagnostics)
    warnings = sum(one.severity is Severity.WARNING for one in judgement.diagnostics)
    found = ((errors, "error"), (warnings, "warning"))
    parts = [counted(number, word) for number, word in found if number]
    if parts:
        return f"Found {' and '.join(parts)}."
    if judgement.system is None:
        return "Nothing found."
    return f"The spec is right: {counted(len(judgement.system.entities), 'entity')}."
