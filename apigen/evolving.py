"""What the last run has to do with today's: the evolution, and its declared renames in the code.

Puts the steps of `evolve`, `amend` and `merge.renaming` together for the driver; like it, knows
their order and nothing else.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.diagnostics import Outcome
from apigen.diagnostics.internal_error import InternalError
from apigen.disk.paths import base_path
from apigen.evolve.record import Evolution, LastRun, Permissions
from apigen.merge.changes import Blocked, Change, Keep, Kept, Merge, Move, Reason
from apigen.merge.manifest import Manifest
from apigen.merge.worktree import Worktree
from apigen.report import Judgement, RunOptions
from apigen.values import dataclass

if TYPE_CHECKING:
    from apigen.ir.system import System
    from apigen.merge.renaming.mentions import Mention
    from apigen.render.renderer import Rendering


def evolved(
    project: Path, judgement: Judgement, options: RunOptions
) -> tuple[LastRun, Outcome[Evolution]]:
    """Compare today's system with the last run's.

    Raises:
        ProjectError: what the last run left can not be read.
    """
    system = judgement.system
    if system is None:
        raise InternalError("a spec with errors has no evolution")
    from apigen.disk.revisions import read_heads
    from apigen.evolve.evolution import evolve
    from apigen.past import last_run
    from apigen.views.migrations.schema import schema

    last = last_run(project, judgement)
    return last, evolve(
        last,
        system,
        schema,
        heads=read_heads(project),
        permissions=Permissions(removal=options.removal, data_loss=options.data_loss),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """The project with declared renames laid over it; as it is when there are none."""

    worktree: Worktree
    manifest: Manifest
    blocked: tuple[Blocked, ...] = ()
    """Clashes of names: these take the place of what is decided about the same files."""
    mentions: "tuple[Mention, ...]" = ()

    is_active: bool = False
    """Whether there are declared renames."""

    def with_blocked(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Return the changes with what stops a rename among them.

        Nothing is renamed in text with markers, so an open conflict has to be resolved first.
        """
        stopped = {change.path: change for change in self.blocked}
        if self.is_active:
            for change in changes:
                if isinstance(change, Keep) and change.kept is Kept.CONFLICT_OPEN:
                    path, file = change.path, change.file
                    stopped[path] = Blocked(path=path, reason=Reason.MARKERS, file=file)
        others = (change for change in changes if change.path not in stopped)
        return tuple(sorted((*others, *stopped.values()), key=lambda change: change.path))

    def bases(self, changes: tuple[Change, ...], before: Worktree) -> Iterator[tuple[str, bytes]]:
        """Yield the bases that only the renames change: place and content.

        Those of files that are kept, or left with markers; all others become today's rendering.
        """
        for change in changes:
            inner = change.change if isinstance(change, Move) else change
            stays = isinstance(inner, Keep) or (isinstance(inner, Merge) and inner.merged.conflicts)
            if not stays or change.path not in self.manifest.entries:
                continue
            base = self.worktree.base(change.path)
            if base is not None and base != before.base(change.path):
                yield base_path(change.path), base


def renaming(
    last: LastRun,
    evolution: Evolution,
    worktree: Worktree,
    manifest: Manifest,
    *,
    render: "Callable[[System], Rendering]",
) -> Renaming:
    """Lay the declared renames over a project: names and paths in base and in the owner's files.

    Args:
        last: What is known of the last run.
        evolution: Today's differences from it.
        worktree: The project.
        manifest: What apigen wrote last.
        render: Renders a system without migrations.
    """
    unchanged = Renaming(worktree=worktree, manifest=manifest)
    if not evolution.renames or last.system is None:
        return unchanged
    from apigen.amend.renaming import renamed
    from apigen.evolve.identity import with_lock
    from apigen.lower.system import lower
    from apigen.merge.renaming.renamed import renamed_worktree
    from apigen.spec.reader import read_texts

    document = read_texts(renamed(last.spec, evolution.renames)).value
    lowered = lower(document).value if document is not None else None
    if lowered is None:
        return unchanged
    found = renamed_worktree(
        worktree,
        manifest,
        old=render(last.system),
        renamed=render(with_lock(lowered, evolution.lock)),
        renames=evolution.renames,
        spec={*last.spec, *_rows(last.system), *_rows(evolution.system)},
    )
    return Renaming(
        worktree=found.worktree,
        manifest=found.manifest,
        blocked=found.blocked,
        mentions=found.mentions,
        is_active=True,
    )


def _rows(system: "System") -> set[str]:
    """Return the files of seed rows, which belong to the spec."""
    return {seed.file for seed in system.seeds if seed.file is not None}
