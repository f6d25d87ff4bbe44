"""What `apigen check` finds in a project, from what a run would do to it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import apigen
from apigen.cli.change_text import kind, way_out
from apigen.cli.exits import Check
from apigen.cli.symbol_difference import different_symbols
from apigen.diagnostics.project_finding import FindingKind, ProjectFinding
from apigen.disk.paths import MANIFEST, target
from apigen.merge.changes import (
    Blocked,
    Change,
    Create,
    Delete,
    Keep,
    Kept,
    Merge,
    Move,
    Reason,
    Rewrite,
    Update,
)
from apigen.merge.conflict_text import first_line_numbers

if TYPE_CHECKING:
    from apigen.driver import Report
    from apigen.merge.manifest import Manifest
    from apigen.render.renderer import RenderedFile

AHEAD = FindingKind(
    id="spec-ahead",
    title="the code is not what the spec says",
    why="What is served, tested and stored is not what the spec describes.",
    exit=Check.AHEAD,
)
VENDORED = FindingKind(
    id="vendored-edited",
    title="vendored code was edited by hand",
    why="Support code is replaced as a whole, so an edit in it would be lost.",
    exit=Check.VENDORED,
)
CONFLICT = FindingKind(
    id="conflict",
    title="both sides changed the same thing",
    why="Only a person can tell which of the two is right.",
    exit=Check.CONFLICT,
)
ORPHAN = FindingKind(
    id="orphan",
    title="code is kept without use",
    why="The spec has no use for it any more, but its owner had edited it.",
    exit=Check.CONFLICT,
)
IN_THE_WAY = FindingKind(
    id="in-the-way",
    title="something stands in the way of the spec",
    why="Nothing can be written there without losing what somebody else wrote.",
    exit=Check.CONFLICT,
)
OTHER_VERSION = FindingKind(
    id="other-version",
    title="the project was last written by another version of apigen",
    why="What another version makes of the same spec may be other code.",
    exit=Check.VERSION,
)
NOT_AGREED = FindingKind(
    id="not-agreed",
    title="data would be lost or clients broken, and nobody agreed to it",
    why="Lost rows do not come back, and clients that are in use fail.",
    exit=Check.UNACKNOWLEDGED,
)
UNACKNOWLEDGED = frozenset({"AG801", "AG803", "AG804", "AG806", "AG808"})
"""Diagnostics about lost data and broken clients that an owner can agree to."""
_MOST_SYMBOLS = 20
_REVISIONS = "migrations/versions"


def project_findings(project: Path, report: "Report") -> tuple[ProjectFinding, ...]:
    """Return everything that keeps a project from being what its spec says, by file.

    Args:
        project: Its folder.
        report: Of a preview.
    """
    found = [*_version(report.manifest)] if report.manifest is not None else []
    changed, steps = _changed(report), _steps(report)
    for change in report.changes:
        if change.path in steps and isinstance(change, Create):
            problem = f"a migration is missing: {steps[change.path]}"
            found.append(_ahead(change.path, problem, change.file, changed))
        else:
            found.extend(_of_change(project, change, changed))
    found.extend(_open_conflicts(project, report))
    found.extend(_orphans(report))
    return tuple(sorted(found, key=lambda one: (one.file, one.line, one.symbols)))


def _version(manifest: "Manifest") -> Iterator[ProjectFinding]:
    if not manifest.entries or manifest.version == apigen.__version__:
        return
    version = manifest.version or "0.1"
    yield ProjectFinding(
        kind=OTHER_VERSION,
        file=MANIFEST,
        problem=f"last written by apigen {version}, this is {apigen.__version__}",
        command="apigen upgrade",
    )


def _of_change(project: Path, change: Change, changed: Sequence[str]) -> Iterator[ProjectFinding]:
    match change:
        case Create(path=path, file=file):
            yield _ahead(path, "missing", file, changed)
        case Update(path=path, file=file):
            symbols = _symbols(path, file.content, _content(project, path))
            yield _ahead(path, "not what the spec says", file, changed, symbols)
        case Delete(path=path):
            yield _ahead(path, "the spec has no use for it any more", None, changed)
        case Rewrite(path=path, lines=lines):
            problem = "says a name that the spec has given up"
            yield _ahead(path, problem, None, changed, line=lines[0] if lines else 0)
        case Move(path=path, source=source, change=inner):
            today = None if isinstance(inner, Rewrite) else inner.file
            yield _ahead(source, f"belongs to {path}", today, changed)
            if isinstance(inner, Merge):
                yield from _of_merge(project, source, inner, changed, is_told=True)
        case Merge(path=path):
            yield from _of_merge(project, path, change, changed, is_told=False)
        case Blocked():
            yield _of_blocked(change)
        case Keep():
            pass


def _of_merge(
    project: Path, path: str, merge: Merge, changed: Sequence[str], *, is_told: bool
) -> Iterator[ProjectFinding]:
    for conflict in merge.merged.conflicts:
        yield ProjectFinding(
            kind=CONFLICT,
            file=path,
            problem="you and the spec both changed it",
            command="apigen regenerate",
            symbols=(conflict.symbol,) if conflict.symbol else (),
            elements=_concerned(merge.file, changed),
        )
    if not merge.merged.conflicts and not is_told and kind(merge) != "keep":
        symbols = _symbols(path, merge.content, _content(project, path))
        yield _ahead(path, "not what the spec says", merge.file, changed, symbols)


def _of_blocked(change: Blocked) -> ProjectFinding:
    path = change.path
    commands = {
        Reason.VENDORED: f"apigen eject {path}",
        Reason.MARKERS: f"apigen resolve {path}",
    }
    detail = f" ({change.detail})" if change.detail else ""
    return ProjectFinding(
        kind=VENDORED if change.reason is Reason.VENDORED else IN_THE_WAY,
        file=path,
        problem=f"{change.reason.value}{detail}",
        command=commands.get(change.reason, ""),
        advice=way_out(change.reason, path),
        elements=change.file.elements if change.file is not None else (),
    )


def _open_conflicts(project: Path, report: "Report") -> Iterator[ProjectFinding]:
    for conflict in report.open_conflicts:
        lines = first_line_numbers(_text(_content(project, conflict.path)))
        symbols = conflict.symbols or ("",)
        for number, symbol in enumerate(symbols):
            yield ProjectFinding(
                kind=CONFLICT,
                file=conflict.path,
                problem="a conflict is open",
                command=f"apigen resolve {conflict.path}",
                line=lines[number] if len(lines) == len(symbols) else 0,
                symbols=(symbol,) if symbol else (),
            )


def _orphans(report: "Report") -> Iterator[ProjectFinding]:
    kept = [
        change.path
        for change in report.changes
        if isinstance(change, Keep) and change.kept is Kept.ORPHANED
    ]
    for name in dict.fromkeys((*kept, *report.orphans)):
        path, _, symbol = name.partition("::")
        yield ProjectFinding(
            kind=ORPHAN,
            file=path,
            problem="kept without use, because you edited it",
            command=f"apigen adopt {name}",
            symbols=(symbol,) if symbol else (),
        )


def _ahead(
    path: str,
    problem: str,
    file: "RenderedFile | None",
    changed: Sequence[str],
    symbols: tuple[str, ...] = (),
    *,
    line: int = 0,
) -> ProjectFinding:
    return ProjectFinding(
        kind=AHEAD,
        file=path,
        problem=problem,
        command="apigen regenerate",
        line=line,
        symbols=symbols,
        elements=_concerned(file, changed),
    )


def _changed(report: "Report") -> tuple[str, ...]:
    if report.evolution is None:
        return ()
    return tuple(dict.fromkeys(change.symbol for change in report.evolution.changes))


def _steps(report: "Report") -> dict[str, str]:
    """Return what each migration does that is to be written, by the path of its file."""
    if report.evolution is None or not report.evolution.revisions:
        return {}
    from apigen.evolve.operation_text import told

    return {
        f"{_REVISIONS}/{revision.id}_{revision.slug}.py": ", ".join(told(revision.operations))
        for revision in report.evolution.revisions
    }


def _concerned(file: "RenderedFile | None", changed: Sequence[str]) -> tuple[str, ...]:
    """Return the changed elements that a file comes from; all of them when none is known."""
    if file is None:
        return ()
    concerned = tuple(
        symbol
        for symbol in changed
        if any(symbol == one or symbol.startswith(f"{one}.") for one in file.elements)
    )
    return concerned or file.elements


def _symbols(path: str, after: bytes, before: bytes) -> tuple[str, ...]:
    """Return what of a Python file would change or come, the names of members before others."""
    if not path.endswith(".py"):
        return ()
    names = different_symbols(_text(after), _text(before)) or ()
    return tuple(name for name in names if "import " not in name)[:_MOST_SYMBOLS]


def _content(project: Path, path: str) -> bytes:
    place = target(project, path)
    return place.read_bytes() if place.is_file() and not place.is_symlink() else b""


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
