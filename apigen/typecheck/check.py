"""Check the types of the owner's code that a run may have broken.

Looks at files of the owner's, or with lines of theirs, that import something the run wrote; of
what mypy finds there, only what has to do with the run is told. It reports and never undoes: the
files are written, and the owner mends their line when they like.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from apigen.evolve.record import Evolution
from apigen.typecheck.cause import Cause, file_cause, spec_cause
from apigen.typecheck.environment import find_python
from apigen.typecheck.import_graph import ImportGraph, python_files
from apigen.typecheck.mypy_run import run_mypy
from apigen.typecheck.ownership import own_lines, statement_lines
from apigen.typecheck.report import Finding, Misfit, TypeReport
from apigen.typecheck.touched import Touched, changed_names

NO_ENVIRONMENT = (
    "types were not checked: no environment with mypy and the project's dependencies "
    "(`make setup` makes one)"
)


def check_types(
    project: Path,
    touched: Sequence[Touched],
    rendered: Mapping[str, bytes],
    *,
    evolution: Evolution | None,
) -> TypeReport:
    """Check the owner's code against what a run wrote.

    Args:
        project: After the run, without open conflicts.
        touched: The Python files the run wrote or deleted.
        rendered: Today's rendering of every file, by path.
        evolution: What the spec changed; None when that is not known.
    """
    if not touched:
        return TypeReport()
    reached = _owners_files(project, touched, rendered)
    if not reached:
        return TypeReport()
    python = find_python(project)
    if python is None:
        return TypeReport(note=NO_ENVIRONMENT)
    answer = run_mypy(python, project, sorted(reached))
    if answer.failure:
        return TypeReport(note=f"types were not checked: {answer.failure}")
    names = {file.path: changed_names(file) for file in touched}
    misfits: list[Misfit] = []
    others = 0
    for finding in answer.findings:
        near = [(path, names[path]) for path in reached.get(finding.path, ()) if path in names]
        misfit = _misfit(project, finding, near, rendered, evolution) if near else None
        if misfit is None:
            others += 1
        else:
            misfits.append(misfit)
    return TypeReport(misfits=_once_a_line(misfits), others=others, checked=len(reached))


def _owners_files(
    project: Path, touched: Sequence[Touched], rendered: Mapping[str, bytes]
) -> dict[str, tuple[str, ...]]:
    """Return the files with lines of the owner's that import, or are, a touched one.

    Returns:
        Path to the files it reaches, itself first, then the nearest.
    """
    files = python_files(project)
    gone = [file.path for file in touched if file.after is None]
    graph = ImportGraph(project, files, gone=gone)
    written = {file.path for file in touched}
    found: dict[str, tuple[str, ...]] = {}
    for path in files:
        content = _content(project / path)
        if content is None or content == rendered.get(path):
            continue
        reached = graph.reached(path)
        if not written.isdisjoint(reached):
            found[path] = reached
    return found


def _misfit(
    project: Path,
    finding: Finding,
    near: Sequence[tuple[str, frozenset[str]]],
    rendered: Mapping[str, bytes],
    evolution: Evolution | None,
) -> Misfit | None:
    text = _text(_content(project / finding.path) or b"")
    content = rendered.get(finding.path)
    own = own_lines(text, _text(content) if content is not None else None)
    if own.isdisjoint(statement_lines(text, finding.line)):
        return None
    lines = text.splitlines()
    line = lines[finding.line - 1].strip() if 0 < finding.line <= len(lines) else ""
    cause = spec_cause(finding.message, line, evolution) or file_cause(finding.message, line, near)
    return _told(finding, line, cause) if cause is not None else None


def _told(finding: Finding, line: str, cause: Cause) -> Misfit:
    return Misfit(
        finding=finding, text=line, cause=cause.text, symbol=cause.symbol, span=cause.span
    )


def _once_a_line(misfits: Sequence[Misfit]) -> tuple[Misfit, ...]:
    """Return them in order, without those that follow from another on their line."""
    first: dict[tuple[str, int, str], Misfit] = {}
    for misfit in misfits:
        first.setdefault((misfit.finding.path, misfit.finding.line, misfit.cause), misfit)
    return tuple(first[place] for place in sorted(first))


def _content(place: Path) -> bytes | None:
    """Return what a file holds; None when it can not be read, such as a link to nowhere."""
    try:
        return place.read_bytes()
    except OSError:
        return None


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
