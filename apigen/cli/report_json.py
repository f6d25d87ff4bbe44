"""A run as JSON, for `regenerate` and `diff`: the same shape, planned or done.

planned      bool: nothing was written, this is what would happen
written      bool
summary      str: the sentence with counts
counts       {kind: int}; kinds as in `files`
files        [one per file that is not as it was, or is its owner's]
  path       str
  kind       create, update, merge, conflict, move, rewrite, keep, orphan, delete, blocked
  class      merged, seed, vendored; null when apigen has no such file any more
  elements   [str]: qualified names of the spec elements it comes from
  source     str: where a moved file stood; only for `move`
  reason     str: why it is kept or stops the run; only for keep, orphan, blocked
  detail     str; empty when there is nothing to add
  lines      [int]: lines a declared rename changed; only for rewrite
  conflicts  [{symbol, line}]
  remarks    [{happened, symbol, detail, command}]
  diff       str: unified; only from `diff`
diagnostics  as `apigen validate --format json` has them
conflicts    [{path, symbols: [str]}]: open ones, of this run and of earlier ones
orphans      [str]: `path` or `path::symbol`, kept without use
mentions     [{path, line, name, text, why}]: old names that a rename left where they are
evolution    what the change does to data, clients and events; null when not known
types        {misfits: [{path, line, column, message, code, text, cause, symbol, spec}],
             others: int, checked: int, note: str}; null when not checked.
             spec is {file, line, column} or null
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.cli.change_text import kind, merge_of, remark_command, sentence, yours_in
from apigen.cli.difference_text import differences
from apigen.merge.changes import Blocked, Change, Delete, Keep, Kept, Merge, Move, Rewrite

if TYPE_CHECKING:
    from apigen.diagnostics import Diagnostic, Span
    from apigen.driver import Report
    from apigen.typecheck.report import Misfit, TypeReport

type Json = Mapping[str, object] | Sequence[object] | str | int | bool | None


def run_as_json(report: "Report", *, planned: bool, diffs_from: Path | None = None) -> str:
    """Return the document.

    Args:
        report: Of a run or a preview.
        planned: Whether it is a preview.
        diffs_from: The project's folder, to have the diff of every file.
    """
    told = [change for change in report.changes if _is_told(change)]
    files = [_file(change) for change in told]
    if diffs_from is not None:
        for file, change in zip(files, told, strict=True):
            file["diff"] = differences(diffs_from, change)
    document = {
        "planned": planned,
        "written": report.written,
        "summary": _summary(report, planned=planned),
        "counts": dict(sorted(Counter(kind(change) for change in told).items())),
        "files": files,
        "diagnostics": _diagnostics(report.judgement.diagnostics if report.judgement else ()),
        "conflicts": [
            {"path": one.path, "symbols": list(one.symbols)} for one in report.open_conflicts
        ],
        "orphans": list(report.orphans),
        "mentions": [
            {"path": m.path, "line": m.line, "name": m.name, "text": m.text, "why": m.why}
            for m in report.mentions
        ],
        "evolution": _evolution(report),
        "types": _types(report.types) if report.types is not None else None,
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _summary(report: "Report", *, planned: bool) -> str:
    if report.judgement is not None and report.judgement.system is None:
        return "The spec has errors."
    return sentence(report.changes, planned=planned)


def _is_told(change: Change) -> bool:
    return not isinstance(change, Keep) or change.kept not in (
        Kept.UNCHANGED,
        Kept.SEED,
        Kept.LAYOUT,
    )


def _file(change: Change) -> dict[str, object]:
    inner = change.change if isinstance(change, Move) else change
    file = None if isinstance(inner, Rewrite | Delete) else inner.file
    merge = merge_of(change)
    found: dict[str, object] = {
        "path": change.path,
        "kind": kind(change),
        "class": file.file_class.value if file is not None else None,
        "elements": list(file.elements) if file is not None else [],
        "detail": _detail(change, merge),
        "conflicts": [
            {"symbol": one.symbol, "line": one.line}
            for one in (merge.merged.conflicts if merge is not None else ())
        ],
        "remarks": [
            {
                "happened": remark.happened.value,
                "symbol": remark.symbol,
                "detail": remark.detail,
                "command": remark_command(change.path, remark),
            }
            for remark in (merge.merged.remarks if merge is not None else ())
        ],
    }
    if isinstance(change, Move):
        found["source"] = change.source
    if isinstance(change, Keep):
        found["reason"] = change.kept.value
    if isinstance(change, Blocked):
        found["reason"] = change.reason.value
    if isinstance(inner, Rewrite):
        found["lines"] = list(inner.lines)
    return found


def _detail(change: Change, merge: Merge | None) -> str:
    if isinstance(change, Blocked):
        return change.detail
    return f"with {yours_in(merge)}" if merge is not None and kind(change) != "conflict" else ""


def _diagnostics(found: Sequence["Diagnostic"]) -> Json:
    if not found:
        return []
    from apigen.diagnostics.machine import as_json

    parsed: list[object] = json.loads(as_json(found))
    return parsed


def _evolution(report: "Report") -> Json:
    if report.evolution is None:
        return None
    from apigen.evolve.summary import summary_json

    return summary_json(report.evolution)


def _types(report: "TypeReport") -> Json:
    return {
        "misfits": [_misfit(misfit) for misfit in report.misfits],
        "others": report.others,
        "checked": report.checked,
        "note": report.note,
    }


def _misfit(misfit: "Misfit") -> Json:
    return {
        "path": misfit.finding.path,
        "line": misfit.finding.line,
        "column": misfit.finding.column,
        "message": misfit.finding.message,
        "code": misfit.finding.code,
        "text": misfit.text,
        "cause": misfit.cause,
        "symbol": misfit.symbol,
        "spec": _place(misfit.span) if misfit.span is not None else None,
    }


def _place(span: "Span") -> Json:
    return {"file": span.file, "line": span.line, "column": span.column}
