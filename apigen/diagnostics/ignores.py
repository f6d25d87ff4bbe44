"""Silence warnings by a comment on their line: `# apigen: ignore[AG215] reason`.

Errors cannot be silenced, and a comment that silences nothing is AG903.
"""

import re
from collections.abc import Mapping

from apigen.diagnostics.collector import in_order
from apigen.diagnostics.diagnostic import Diagnostic, Severity, Span

_COMMENT = re.compile(r"#\s*apigen:\s*ignore\[([A-Z0-9,\s]*)\]")


def silence(
    diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Return the findings without silenced warnings, with AG903 for comments of no use.

    Args:
        diagnostics: The findings of the whole run.
        sources: Text of every file of the spec, by the name spans carry.
    """
    comments = _comments(sources)
    used: set[tuple[str, int, str]] = set()
    kept: list[Diagnostic] = []
    for found in diagnostics:
        place = (found.span.file, found.span.line, found.code)
        if found.severity is not Severity.ERROR and place in comments:
            used.add(place)
        else:
            kept.append(found)
    for place, span in comments.items():
        if place in used:
            continue
        code = place[2]
        is_error = any(
            (d.span.file, d.span.line, d.code) == place and d.severity is Severity.ERROR
            for d in diagnostics
        )
        kept.append(
            Diagnostic(
                code="AG903",
                message=f"`ignore[{code}]` silences nothing",
                span=span,
                severity=Severity.WARNING,
                help="errors cannot be silenced: mend it" if is_error else "remove the comment",
            )
        )
    return in_order(tuple(kept))


def _comments(sources: Mapping[str, str]) -> dict[tuple[str, int, str], Span]:
    found: dict[tuple[str, int, str], Span] = {}
    for file, text in sources.items():
        if "apigen:" not in text:
            continue
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
            match = _COMMENT.search(line)
            if match is None:
                continue
            span = Span(
                file=file,
                line=number,
                column=match.start() + 1,
                end_line=number,
                end_column=match.end() + 1,
            )
            for code in match[1].split(","):
                found[(file, number, code.strip())] = span
    return found
