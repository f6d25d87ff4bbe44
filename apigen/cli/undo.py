"""`apigen undo`: put a project back to what it was before the last run."""

from pathlib import Path

from apigen.cli import console
from apigen.cli.project_option import ProjectDir, project_at

NAME = "undo"


def command(*, folder: ProjectDir = Path()) -> None:
    """Put a project back to what it was before the last run, byte for byte

    Refused when files changed since. A spec that a command changed goes back too; one that you
    edited stays.

    Example: apigen undo
    """
    from apigen.cli.change_text import counted
    from apigen.disk.journal import recover
    from apigen.disk.paths import STATE
    from apigen.disk.run_lock import run_lock
    from apigen.disk.undo import undo

    project = project_at(folder)
    with run_lock(project):
        recover(project)
        steps = undo(project)
    own = [step.path for step in steps if not step.path.startswith(f"{STATE}/")]
    for path in sorted(own):
        console.result(f"  {'reverted':9} {path}")
    console.note(f"Put back {counted(len(own), 'file')}.")
