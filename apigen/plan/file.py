"""One file of a plan: where it goes, what makes it, and whose it is afterwards.

Data only: the layers' modules make these, `apigen.render` turns them into bytes.
"""

from enum import StrEnum
from pathlib import Path
from typing import Protocol

from apigen.values import dataclass


class FileClass(StrEnum):
    """Who may change a file after it was written (merge.md, "Classes of file")."""

    MERGED = "merged"
    """The owner's to edit; regenerating merges."""
    SEED = "seed"
    """Written once, never touched again."""
    VENDORED = "vendored"
    """A copy of support code: replaced as a whole, a hand edit stops the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file made by filling a template."""

    path: str
    """Posix, inside the project."""
    template: str
    """Below templates/: `context/domain/aggregates.py.j2`."""
    view: object
    """Instance of the dataclass that the template's first line names."""
    file_class: FileClass = FileClass.MERGED
    elements: tuple[str, ...] = ()
    """Qualified names of the spec elements that produced it."""
    executable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedFile:
    """A file whose bytes are taken as they are."""

    path: str
    """Posix, inside the project."""
    source: str | Path
    """Text: a posix path below apigen/support. Path: data beside the spec, such as a seed file,
    relative to the root spec's folder."""
    file_class: FileClass = FileClass.VENDORED
    elements: tuple[str, ...] = ()
    executable: bool = False


class Placed(Protocol):
    """What a file is, planned or rendered, for those who need not know how it is made."""

    @property
    def path(self) -> str:
        """Posix, inside the project."""

    @property
    def elements(self) -> tuple[str, ...]:
        """Qualified names of the spec elements that produced it."""


type ProjectFile = PlannedFile | CopiedFile
