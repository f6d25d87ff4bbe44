"""Findings as text for people and programs. Prints nothing itself."""

from collections.abc import Mapping, Sequence
from typing import Literal, assert_never

from apigen.diagnostics.diagnostic import Diagnostic, Label, Severity, Span
from apigen.diagnostics.snippet import marked_line, split_lines, visible

type Format = Literal["full", "concise", "json", "github", "sarif"]

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.HINT: "36"}
_FRAME = "34"


def render(
    diagnostics: Sequence[Diagnostic],
    *,
    format: Format,
    sources: Mapping[str, str],
    colour: bool = False,
) -> str:
    """Return a report, ending with a newline unless it is empty.

    Args:
        diagnostics: In the order to show.
        format: full (with source lines), concise (a line each), json, github (workflow
            commands), sarif (2.1.0).
        sources: Text by the file name spans carry; a missing file is shown without its lines.
        colour: Use ANSI colours in full and concise.
    """
    match format:
        case "full":
            return "".join(_full(found, sources, colour=colour) for found in diagnostics)
        case "concise":
            return "".join(_concise(found, colour=colour) for found in diagnostics)
        case "github":
            return "".join(_github(found) for found in diagnostics)
        case "json":
            from apigen.diagnostics.machine import as_json

            return as_json(diagnostics)
        case "sarif":
            from apigen.diagnostics.machine import as_sarif

            return as_sarif(diagnostics)
        case _:
            assert_never(format)


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[1;{code}m{text}\x1b[0m" if colour and text else text


def _head(found: Diagnostic, *, colour: bool) -> str:
    name = _paint(f"{found.severity}[{found.code}]", _COLOURS[found.severity], colour=colour)
    return f"{name}: {visible(found.message)}"


def _full(found: Diagnostic, sources: Mapping[str, str], *, colour: bool) -> str:
    shown = (found.span, *(label.span for label in found.labels))
    width = max(len(str(span.line)) for span in shown)
    margin = " " * width
    bar = _paint("|", _FRAME, colour=colour)
    lines = [_head(found, colour=colour)]
    places: list[tuple[str, Label]] = [("-->", Label(span=found.span, text=found.label))]
    places += [(":::", label) for label in found.labels]
    for arrow, label in places:
        is_primary = arrow == "-->"
        lines.append(f"{margin}{_paint(arrow, _FRAME, colour=colour)} {_place(label.span)}")
        line = _line(label.span, sources)
        if line is None:
            if label.text:
                lines.append(f"{margin} = note: {visible(label.text)}")
            continue
        text, marks = marked_line(line, label.span, mark="^" if is_primary else "-")
        code = _COLOURS[found.severity] if is_primary else _FRAME
        under = f"{marks} {visible(label.text)}".rstrip()
        number = _paint(str(label.span.line).rjust(width), _FRAME, colour=colour)
        lines += (
            f"{margin} {bar}",
            f"{number} {bar} {text}".rstrip(),
            f"{margin} {bar} {_paint(under, code, colour=colour)}",
        )
    if found.help:
        lines.append(f"{margin} = help: {visible(found.help)}")
    return "\n".join(lines) + "\n"


def _place(span: Span) -> str:
    return f"{visible(span.file)}:{span.line}:{span.column}"


def _line(span: Span, sources: Mapping[str, str]) -> str | None:
    text = sources.get(span.file)
    if text is None:
        return None
    lines = split_lines(text)
    return lines[span.line - 1] if span.line <= len(lines) else None


def _concise(found: Diagnostic, *, colour: bool) -> str:
    help = f" ({visible(found.help)})" if found.help else ""
    return f"{_place(found.span)}: {_head(found, colour=colour)}{help}\n"


_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def _github(found: Diagnostic) -> str:
    span = found.span
    properties = {
        "file": span.file,
        "line": str(span.line),
        "col": str(span.column),
        "endLine": str(span.end_line),
        "endColumn": str(span.end_column),
        "title": found.code,
    }
    written = ",".join(f"{key}={_escaped(value, also=':,')}" for key, value in properties.items())
    text = found.message if not found.help else f"{found.message}\n{found.help}"
    return f"::{_GITHUB[found.severity]} {written}::{_escaped(text, also='')}\n"


def github_command(properties: Mapping[str, str], text: str) -> str:
    """Return a workflow command of GitHub that shows an error, without its end of line."""
    written = ",".join(f"{key}={_escaped(value, also=':,')}" for key, value in properties.items())
    return f"::error {written}::{_escaped(text, also='')}"


def _escaped(text: str, *, also: str) -> str:
    """Escape what would end a workflow command or start another."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in also:
        escaped = escaped.replace(character, f"%{ord(character):02X}")
    return escaped
