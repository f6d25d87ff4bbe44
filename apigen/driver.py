"""The order of the steps, and nothing else.

bytes → Node → SpecDocument → System → Plan → Rendering → Changes → Report. A step that reports
errors is the last one. Steps are imported when their turn comes, so that a run pays only for what
it does.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from apigen.diagnostics import Diagnostic, Severity
from apigen.disk.changes import Change, Conflict, Keep

if TYPE_CHECKING:
    from apigen.ir.system import System
    from apigen.render.renderer import Rendering
    from apigen.spec.document import SpecDocument

SPEC = "apigen.yaml"
"""The root spec of a project."""

type Progress = Callable[[str], None]
"""Told the step that begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is known of a spec after reading, lowering and checking it."""

    system: "System | None"
    """None when there are errors."""
    document: "SpecDocument | None"
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    """Text of every file, by the name spans carry."""

    @property
    def has_errors(self) -> bool:
        """Whether nothing can be made of it."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did, or would do."""

    judgement: Judgement | None
    """None when nothing had to be read."""
    changes: tuple[Change, ...] = ()
    """By path; empty when the spec has errors or everything is up to date."""
    written: bool = False
    recovered: int = 0
    """Files that a killed run had left to do, done first."""

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Changes that stop the run."""
        return tuple(change for change in self.changes if isinstance(change, Conflict))

    @property
    def differs(self) -> bool:
        """Whether the project is not what the spec says."""
        return any(not isinstance(change, Keep) for change in self.changes)


def _silent(step: str) -> None:
    del step


def judge(spec: Path, *, progress: Progress = _silent) -> Judgement:
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
    if document.value is not None:
        from apigen.diagnostics.collector import in_order
        from apigen.diagnostics.ignores import silence

        found = silence(in_order(found), document.value.sources)
    judgement = Judgement(
        system=system,
        document=document.value,
        diagnostics=found,
        sources=document.value.sources if document.value is not None else _text_of(spec),
    )
    return replace(judgement, system=None) if judgement.has_errors else judgement


def render_system(
    system: "System", *, spec_folder: Path, progress: Progress = _silent
) -> "Rendering":
    """Plan and render a system, completed by what its code needs."""
    from apigen.plan.plan import completion, plan
    from apigen.render.renderer import render, united

    progress("planning")
    files = plan(system)
    progress(f"rendering {len(files)} files")
    package = system.app.package
    first = render(files, package=package, spec_folder=spec_folder)
    texts = {file.path: file.text for file in first.files if file.path.endswith(".py")}
    rest = completion(system, texts, files)
    return united(first, render(rest, package=package, spec_folder=spec_folder))


def preview(project: Path, *, progress: Progress = _silent) -> Report:
    """Tell what `regenerate` would do; write nothing.

    Raises:
        ProjectError: a killed run left the project half-way, or it can not be read.
    """
    from apigen.disk.changes import compare, paths_of_interest
    from apigen.disk.journal import refuse_unfinished
    from apigen.disk.manifest import read_manifest
    from apigen.disk.snapshot import snapshot

    refuse_unfinished(project)
    judgement = judge(project / SPEC, progress=progress)
    if judgement.system is None:
        return Report(judgement=judgement)
    rendering = render_system(judgement.system, spec_folder=project, progress=progress)
    progress("comparing")
    manifest = read_manifest(project)
    disk = snapshot(project, paths_of_interest(rendering, manifest))
    return Report(judgement=judgement, changes=compare(rendering, manifest, disk))


def regenerate(project: Path, *, progress: Progress = _silent) -> Report:
    """Bring a project to what its spec says, all or nothing.

    Raises:
        ProjectError: the project can not be read or written.
    """
    from apigen.disk.fingerprint import is_up_to_date
    from apigen.disk.journal import recover
    from apigen.disk.manifest import read_manifest
    from apigen.disk.run_lock import run_lock

    with run_lock(project):
        recovered = recover(project)
        if not recovered and is_up_to_date(project, read_manifest(project)):
            return Report(judgement=None)
        report = preview(project, progress=progress)
        return _write(project, replace(report, recovered=recovered), progress)


def initialise(project: Path, spec: Path, *, progress: Progress = _silent) -> Report:
    """Make a project from a spec in an empty or absent folder; the spec is copied into it.

    Raises:
        ProjectError: the folder can not be written.
    """
    from apigen.disk.changes import compare, paths_of_interest
    from apigen.disk.journal import recover
    from apigen.disk.manifest import EMPTY
    from apigen.disk.run_lock import run_lock
    from apigen.disk.snapshot import snapshot
    from apigen.disk.spec_copy import copied_spec

    judgement = judge(spec, progress=progress)
    if judgement.system is None or judgement.document is None:
        return Report(judgement=judgement)
    folder = spec.parent
    names = _spec_files(judgement.document, judgement.system)
    copies = copied_spec(folder, names[0], names[1:], name=SPEC)
    rendering = render_system(judgement.system, spec_folder=folder, progress=progress)
    project.mkdir(parents=True, exist_ok=True)
    with run_lock(project):
        recovered = recover(project)
        disk = snapshot(project, paths_of_interest(rendering, EMPTY))
        report = Report(
            judgement=judgement, changes=compare(rendering, EMPTY, disk), recovered=recovered
        )
        return _write(project, report, progress, more=copies)


def _write(
    project: Path,
    report: Report,
    progress: Progress,
    *,
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> Report:
    """Apply a report without errors and conflicts; else return it as it is."""
    from apigen.disk.apply import apply
    from apigen.disk.fingerprint import Inputs, remember
    from apigen.disk.manifest import read_manifest
    from apigen.disk.paths import LOCK, SCHEMA
    from apigen.disk.symbols import print_symbols, symbols
    from apigen.spec.schema import json_schema

    judgement = report.judgement
    if report.conflicts or judgement is None:
        return report
    if judgement.system is None or judgement.document is None:
        return report
    progress("writing")
    records = {
        LOCK: print_symbols(symbols(judgement.system)),
        SCHEMA: (json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n").encode(),
    }
    apply(project, report.changes, read_manifest(project), records={**records, **more})
    files = _spec_files(judgement.document, judgement.system)
    inputs = Inputs(files=(SPEC, *files[1:]), patterns=_patterns(judgement.document))
    remember(project, inputs, read_manifest(project))
    return replace(report, written=True)


def _spec_files(document: "SpecDocument", system: "System") -> tuple[str, ...]:
    """Return every file that was read, the root first, relative to the root's folder."""
    included = [file.name for file in document.included]
    data = [seed.file for seed in system.seeds if seed.file is not None]
    return (document.root.name, *included, *dict.fromkeys(data))


def _patterns(document: "SpecDocument") -> tuple[tuple[str, str], ...]:
    return tuple(
        (PurePosixPath(file.name).parent.as_posix(), pattern.value)
        for file in document.files
        for pattern in file.spec.include or ()
    )


def _text_of(spec: Path) -> Mapping[str, str]:
    """Return what a message about an unreadable spec can quote."""
    try:
        return {spec.name: spec.read_text(encoding="utf-8", errors="replace")}
    except OSError:
        return {}
