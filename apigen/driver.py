"""The order of the steps, and nothing else.

bytes → Node → SpecDocument → System → Evolution → Plan → Rendering → Changes → Report. A step that
reports errors is the last one. Steps are imported when their turn comes, so that a run pays only
for what it does.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from apigen.judging import judge, silent, with_findings
from apigen.report import SPEC, Judgement, OnConflict, Progress, Report, RunOptions
from apigen.values import dataclass

if TYPE_CHECKING:
    from apigen.disk.formatted import FormattedBefore
    from apigen.evolve.revision import Revision
    from apigen.ir.system import System
    from apigen.merge.manifest import Manifest
    from apigen.merge.worktree import Worktree
    from apigen.render.renderer import Rendering

__all__ = [
    "LOOKING",
    "PLAIN",
    "SPEC",
    "Judgement",
    "OnConflict",
    "Progress",
    "Report",
    "RunOptions",
    "initialise",
    "judge",
    "preview",
    "regenerate",
    "render_system",
]

PLAIN = RunOptions()
LOOKING = RunOptions(allow_dirty=True, check_types=False)
"""Of a preview that asks what is different, not whether it may be written."""


def render_system(
    system: "System",
    *,
    spec_folder: Path,
    revisions: "tuple[Revision, ...] | None" = None,
    before: "FormattedBefore | None" = None,
    absent: bytes | None = None,
    progress: Progress = silent,
) -> "Rendering":
    """Plan and render a system, completed by what its code needs.

    Args:
        system: What to render.
        spec_folder: Where the data stands that is copied from beside the spec.
        revisions: Migrations to write; None: the first one of a new project.
        before: Remembers what became of each context, so that only what is different is made.
        absent: Content of data that is no longer beside the spec, when it is one of the past.
        progress: Told each step.
    """
    from apigen.plan.parts import part_keys
    from apigen.plan.plan import completion, context_files, frame_files
    from apigen.render.renderer import Rendering, render, united

    progress("planning")
    keys = part_keys(system) if before is not None else {}
    known = {
        name: part
        for name, key in keys.items()
        if before is not None and (part := before.part(name, key)) is not None
    }
    planned = {
        context.qname: context_files(system, context)
        for context in system.contexts
        if context.qname not in known
    }
    kept = Rendering(files=tuple(file for part in known.values() for file in part))
    made = tuple(file for part in planned.values() for file in part)
    files = (*made, *frame_files(system, (*made, *kept.files), revisions=revisions))
    progress(f"rendering {len(files)} files")
    package = system.app.package
    first = render(files, package=package, spec_folder=spec_folder, before=before, absent=absent)
    if before is not None:
        for name, own in planned.items():
            before.keep_part(name, keys[name], own)
    first = united(first, kept)
    texts = {file.path: file.text for file in first.files if file.path.endswith(".py")}
    rest = completion(system, texts, first.files)
    return united(first, render(rest, package=package, spec_folder=spec_folder))


def preview(project: Path, options: RunOptions = LOOKING, *, progress: Progress = silent) -> Report:
    """Tell what `regenerate` would do; write nothing.

    Raises:
        ProjectError: a killed run left the project half-way, or it can not be read.
    """
    from apigen.disk.journal import refuse_unfinished

    refuse_unfinished(project)
    return _worked_out(project, options, progress).report


def regenerate(
    project: Path, options: RunOptions = PLAIN, *, progress: Progress = silent
) -> Report:
    """Bring a project to what its spec says, all or nothing.

    Raises:
        ProjectError: the project can not be read or written.
    """
    from apigen.disk.conflicts import read_conflicts
    from apigen.disk.fingerprint import is_up_to_date
    from apigen.disk.journal import recover
    from apigen.disk.manifest import read_manifest
    from apigen.disk.run_lock import run_lock

    with run_lock(project):
        recovered = recover(project)
        if options.is_plain and not recovered and is_up_to_date(project, read_manifest(project)):
            return Report(judgement=None, open_conflicts=read_conflicts(project))
        return replace(
            _written(_worked_out(project, options, progress), progress), recovered=recovered
        )


def initialise(project: Path, spec: Path, *, progress: Progress = silent) -> Report:
    """Make a project from a spec in an empty or absent folder; the spec is copied into it.

    Raises:
        ProjectError: the folder can not be written.
    """
    from apigen.disk.journal import recover
    from apigen.disk.run_lock import run_lock
    from apigen.disk.spec_copy import copied_spec
    from apigen.records import spec_files

    judgement = judge(spec, progress=progress)
    if judgement.system is None or judgement.document is None:
        return Report(judgement=judgement)
    names = spec_files(judgement.document, judgement.system)
    copies = copied_spec(spec.parent, names[0], names[1:], name=SPEC)
    project.mkdir(parents=True, exist_ok=True)
    with run_lock(project):
        recovered = recover(project)
        options = RunOptions(spec=spec, check_types=False)
        work = _worked_out(project, options, progress, judgement=judgement, copies=copies)
        return replace(_written(work, progress), recovered=recovered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """Everything a run has worked out and not yet written."""

    project: Path
    options: RunOptions
    report: Report
    worktree: "Worktree | None" = None
    renamed: "Manifest | None" = None
    rendering: "Rendering | None" = None
    formatted: "FormattedBefore | None" = None
    records: Mapping[str, bytes | None] = MappingProxyType({})


def _worked_out(
    project: Path,
    options: RunOptions,
    progress: Progress,
    *,
    judgement: Judgement | None = None,
    copies: Mapping[str, bytes] = MappingProxyType({}),
) -> _Work:
    from apigen.disk.conflicts import read_conflicts
    from apigen.disk.formatted import FormattedBefore
    from apigen.disk.git import dirty_paths
    from apigen.disk.manifest import read_manifest
    from apigen.disk.restoring import refuse_unknown
    from apigen.disk.worktree import DiskWorktree
    from apigen.disk.written import as_runs_left
    from apigen.evolving import evolved, renaming
    from apigen.merge.decide import decide, refuse_dirty, written_over
    from apigen.merge.orphans import orphans_after
    from apigen.records import records_of

    spec = options.spec or project / SPEC
    judgement = judgement or judge(spec, progress=progress)
    if judgement.system is None or judgement.document is None:
        return _Work(project=project, options=options, report=Report(judgement=judgement))
    progress("comparing with the last run")
    last, outcome = evolved(project, judgement, options)
    judgement = with_findings(judgement, judgement.found + outcome.diagnostics)
    evolution = outcome.value
    if outcome.has_errors or evolution is None:
        report = Report(judgement=judgement, evolution=evolution)
        return _Work(project=project, options=options, report=report)
    formatted = FormattedBefore(project)
    rendering = render_system(
        evolution.system,
        spec_folder=spec.parent,
        revisions=evolution.revisions,
        before=formatted,
        progress=progress,
    )
    progress("comparing")
    manifest = read_manifest(project)
    worktree: Worktree = DiskWorktree(project, manifest)
    render = partial(render_system, spec_folder=spec.parent, revisions=(), absent=b"[]\n")
    found = renaming(last, evolution, worktree, manifest, render=render)
    open_conflicts = read_conflicts(project)
    refuse_unknown(options.restore, rendering)
    changes = decide(
        rendering,
        found.manifest,
        found.worktree,
        restore=options.restore,
        open_conflicts=frozenset(conflict.path for conflict in open_conflicts),
    )
    changes = found.with_blocked(changes)
    if not options.allow_dirty:
        edited = dirty_paths(project, written_over(changes))
        changes = refuse_dirty(changes, edited - as_runs_left(project, edited))
    orphans = orphans_after(evolution.lock.orphans, changes, worktree)
    evolution = replace(evolution, lock=replace(evolution.lock, orphans=orphans))
    report = Report(
        judgement=judgement,
        changes=changes,
        evolution=evolution,
        manifest=manifest,
        open_conflicts=open_conflicts,
        orphans=orphans,
        mentions=found.mentions,
    )
    return _Work(
        project=project,
        options=options,
        report=report,
        worktree=found.worktree,
        renamed=found.manifest,
        rendering=rendering,
        formatted=formatted,
        records={
            **(dict(found.bases(changes, worktree)) if evolution.renames else {}),
            **records_of(project, judgement, evolution, spec=options.spec, copies=copies),
        },
    )


def _written(work: _Work, progress: Progress) -> Report:
    """Apply what was worked out; return the report as it is when that must not be."""
    from apigen.disk.apply import apply
    from apigen.disk.conflicts import read_conflicts
    from apigen.disk.fingerprint import Inputs, remember
    from apigen.disk.manifest import read_manifest
    from apigen.disk.worktree import DiskWorktree
    from apigen.disk.written import note_written
    from apigen.records import patterns, spec_files
    from apigen.typecheck.touched import touched

    report, project = work.report, work.project
    judgement, manifest = report.judgement, report.manifest
    if judgement is None or judgement.system is None or judgement.document is None:
        return report
    if manifest is None or work.worktree is None or work.rendering is None or report.blocked:
        return report
    if report.conflicted and work.options.on_conflict is OnConflict.FAIL:
        return report
    progress("writing")
    python = touched(report.changes, DiskWorktree(project, manifest).content)
    apply(project, report.changes, manifest, records=work.records, renamed=work.renamed)
    note_written(project, report.changes)
    files = spec_files(judgement.document, judgement.system)
    inputs = Inputs(files=(SPEC, *files[1:]), patterns=patterns(judgement.document))
    remember(project, inputs, read_manifest(project))
    if work.formatted is not None:
        work.formatted.save()
    report = replace(report, written=True, open_conflicts=read_conflicts(project))
    if not work.options.check_types or report.open_conflicts:
        return report
    from apigen.typecheck.check import check_types

    progress("checking types")
    rendered = {file.path: file.content for file in work.rendering.files}
    types = check_types(project, python, rendered, evolution=report.evolution)
    return replace(report, types=types)
