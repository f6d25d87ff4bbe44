"""What a run is asked for and what it answers. Data only; the commands read it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.diagnostics import Diagnostic, Severity
from apigen.disk.conflicts import OpenConflict
from apigen.merge.changes import Blocked, Change, Keep, Merge, Move
from apigen.merge.manifest import Manifest
from apigen.values import dataclass

if TYPE_CHECKING:
    from apigen.evolve.record import Evolution
    from apigen.ir.system import System
    from apigen.merge.renaming.mentions import Mention
    from apigen.spec.document import SpecDocument
    from apigen.typecheck.report import TypeReport

SPEC = "apigen.yaml"
"""The root spec of a project."""

type Progress = Callable[[str], None]
"""Told the step that begins."""


class OnConflict(StrEnum):
    """What to do where only a person can decide."""

    MARK = "mark"
    """Write both versions with markers around them."""
    FAIL = "fail"
    """Write nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What the owner says about one run."""

    on_conflict: OnConflict = OnConflict.MARK
    removal: frozenset[str] = frozenset()
    """Symbols whose removal from the API is agreed to."""
    data_loss: frozenset[str] = frozenset()
    """Symbols whose rows may be lost."""
    restore: frozenset[str] = frozenset()
    """`path` or `path::symbol` that the owner deleted and wants back."""
    allow_dirty: bool = False
    """Write also where edits are in no commit."""
    check_types: bool = True
    spec: Path | None = None
    """Root of a spec that takes the place of the project's, in the same transaction."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked for that a project up to date could still need."""
        return not self.restore and self.spec is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is known of a spec after reading, lowering and checking it."""

    system: "System | None"
    """None when there are errors."""
    document: "SpecDocument | None"
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    """Text of every file, by the name spans carry."""
    found: tuple[Diagnostic, ...] = ()
    """As `diagnostics`, with those that a comment in the spec silences."""

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
    evolution: "Evolution | None" = None
    """What is different from the last run; None when that is not known."""
    types: "TypeReport | None" = None
    """None when types were not asked about."""
    manifest: Manifest | None = None
    """As it was before the run."""
    open_conflicts: tuple[OpenConflict, ...] = ()
    """Of earlier runs, and of this one once it has written."""
    orphans: tuple[str, ...] = ()
    """`path` or `path::symbol` of what is kept without use."""
    mentions: "tuple[Mention, ...]" = ()
    """Places that still say the old name after a declared rename."""

    @property
    def blocked(self) -> tuple[Blocked, ...]:
        """Changes that stop the run."""
        return tuple(change for change in self.changes if isinstance(change, Blocked))

    @property
    def conflicted(self) -> tuple[Merge | Move, ...]:
        """Changes that leave markers, so that somebody has to decide."""
        return tuple(
            change
            for change in self.changes
            if (isinstance(change, Merge) and change.merged.conflicts)
            or (
                isinstance(change, Move)
                and isinstance(change.change, Merge)
                and change.change.merged.conflicts
            )
        )

    @property
    def differs(self) -> bool:
        """Whether the project is not what the spec says."""
        return any(not isinstance(change, Keep) for change in self.changes)
