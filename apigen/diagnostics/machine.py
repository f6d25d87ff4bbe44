"""Findings for programs: JSON as documented in spec-language.md section 3, and SARIF 2.1.0."""

import json
from collections.abc import Sequence

from apigen.diagnostics.diagnostic import Diagnostic, Edit, Fix, Severity, Span
from apigen.diagnostics.project_finding import ProjectFinding
from apigen.diagnostics.registry import explain

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a JSON list, one object a finding."""
    return json.dumps([_object(found) for found in diagnostics], indent=2) + "\n"


def _object(found: Diagnostic) -> dict[str, object]:
    labels = [(found.span, found.label, True)]
    labels += [(label.span, label.text, False) for label in found.labels]
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "spans": [
            {**_span(span), "label": text, "primary": primary} for span, text, primary in labels
        ],
        "help": found.help,
        "fix": _fix(found.fix) if found.fix is not None else None,
        "url": f"urn:apigen:diagnostic:{found.code}",
    }


def _span(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "col": span.column,
        "end_line": span.end_line,
        "end_col": span.end_column,
    }


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "title": fix.title,
        "edits": [{**_span(edit.span), "text": edit.text} for edit in fix.edits],
        "applicability": fix.applicability,
    }


def as_sarif(diagnostics: Sequence[Diagnostic], project: Sequence[ProjectFinding] = ()) -> str:
    """Return a SARIF log of one run: what is wrong with the spec, then with the project."""
    used = sorted({found.code for found in diagnostics})
    kinds = sorted({found.kind.id: found.kind for found in project}.items())
    indices = {name: len(used) + number for number, (name, _) in enumerate(kinds)}
    rules = [_rule(code) for code in used]
    rules += [
        {
            "id": name,
            "shortDescription": {"text": kind.title},
            "fullDescription": {"text": kind.why},
        }
        for name, kind in kinds
    ]
    results = [_result(found, used.index(found.code)) for found in diagnostics]
    results += [_project_result(found, indices[found.kind.id]) for found in project]
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "apigen", "rules": rules}},
                # Columns count characters, as in every other report.
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str) -> dict[str, object]:
    explanation = explain(code)
    if explanation is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": explanation.title},
        "fullDescription": {"text": explanation.why},
    }


def _result(found: Diagnostic, rule: int) -> dict[str, object]:
    text = found.message if not found.help else f"{found.message}. Help: {found.help}"
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": text},
        "locations": [_location(found.span, found.label)],
    }
    if found.labels:
        result["relatedLocations"] = [
            {"id": number, **_location(label.span, label.text)}
            for number, label in enumerate(found.labels)
        ]
    if found.fix is not None:
        result["fixes"] = [_sarif_fix(found.fix)]
    return result


def _project_result(found: ProjectFinding, rule: int) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(found.file)}}
    if found.line:
        place["region"] = {"startLine": found.line}
    location: dict[str, object] = {"physicalLocation": place}
    names = [
        {"fullyQualifiedName": name, "kind": "member"} for name in (*found.symbols, *found.elements)
    ]
    if names:
        location["logicalLocations"] = names
    return {
        "ruleId": found.kind.id,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": f"{found.problem}. Help: {found.advice or found.command}"},
        "locations": [location],
    }


def _location(span: Span, text: str) -> dict[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(span.file)}, "region": _region(span)}
    }
    if text:
        location["message"] = {"text": text}
    return location


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file)


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _sarif_fix(fix: Fix) -> dict[str, object]:
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.span.file, []).append(edit)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _uri(file)},
                "replacements": [
                    {
                        "deletedRegion": _region(edit.span),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in edits
                ],
            }
            for file, edits in by_file.items()
        ],
    }
