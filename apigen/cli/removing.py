"""What the two commands that remove share: the plan of a removal.

The owner's lines that name what goes are told in any case. When the run is stopped, the files it
would touch are told too, so that one knows what one agrees to.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.cli import console
from apigen.merge.changes import Reason
from apigen.report import Report, RunOptions

if TYPE_CHECKING:
    from apigen.amend.amendment import Removal
    from apigen.amend.owners_code import CodeFile


def tell_owners_lines(project: Path, removal: "Removal") -> None:
    """Say which lines of the owner's name what goes."""
    from apigen.amend.owners_code import owners_places

    places = owners_places(_files(project), removal.is_meant)
    if not places:
        return
    console.note(f"Your code speaks of {removal.what}:")
    for place in places:
        console.note(f"  {place.path}:{place.line}: {place.text}")


def tell_plan(project: Path, options: RunOptions, symbols: frozenset[str], stopped: Report) -> None:
    """List what a run would do to files, were what stopped it out of the way.

    Args:
        project: Its folder.
        options: Of the run that was stopped.
        symbols: What goes, with its rows.
        stopped: That run's report.
    """
    from apigen import driver
    from apigen.cli.change_text import listing, sentence

    until = _until(stopped)
    if not until:
        return
    agreed = replace(
        options,
        removal=options.removal | symbols,
        data_loss=options.data_loss | symbols,
        allow_dirty=True,
    )
    report = driver.preview(project, agreed)
    if report.judgement is None or report.judgement.system is None:
        return
    changes = [change for change in report.changes if change not in stopped.blocked]
    console.note(f"Once {until}, it would:")
    for line in listing(changes):
        console.note(f"  {line}")
    console.note(sentence(changes, planned=True))


def _until(stopped: Report) -> str:
    """Return what has to be before a run can do it; empty when the spec has errors."""
    from apigen.cli.project_findings import UNACKNOWLEDGED
    from apigen.diagnostics import Severity

    if stopped.judgement is not None and stopped.judgement.system is None:
        found = stopped.judgement.diagnostics
        errors = {one.code for one in found if one.severity is Severity.ERROR}
        return "that is agreed to" if errors <= UNACKNOWLEDGED else ""
    if all(one.reason is Reason.DIRTY for one in stopped.blocked):
        return "these edits are committed"
    return "nothing stands in its way"


def _files(project: Path) -> "list[CodeFile]":
    from apigen.amend.owners_code import CodeFile
    from apigen.disk.manifest import read_manifest
    from apigen.disk.worktree import DiskWorktree

    manifest = read_manifest(project)
    worktree = DiskWorktree(project, manifest)
    found: list[CodeFile] = []
    for path in worktree.python_files():
        base = worktree.base(path) if path in manifest.entries else None
        found.append(
            CodeFile(
                path=path,
                text=worktree.content(path).decode("utf-8", "replace"),
                base=base.decode("utf-8", "replace") if base is not None else None,
            )
        )
    return found
