"""What a run does to a project, file by file. Data only: `apigen.merge.decide` decides."""

from enum import StrEnum

from apigen.merge.merged import Merged
from apigen.render.renderer import RenderedFile
from apigen.values import dataclass


class Kept(StrEnum):
    """Why a file stays as it is."""

    UNCHANGED = "unchanged"
    """It is what would be written."""
    EDITED = "edited"
    """Its owner changed it, and apigen has nothing new for it."""
    SEED = "seed"
    """It was written once and is its owner's."""
    DELETED = "deleted"
    """Its owner deleted it; it is not brought back."""
    ORPHANED = "orphaned"
    """The spec has no use for it any more, but its owner had edited it."""
    CONFLICT_OPEN = "conflict open"
    """It has a conflict of an earlier run that nobody has resolved."""
    LAYOUT = "same but for layout"
    """Only its layout would change, which is not worth a line in anybody's diff."""


class Reason(StrEnum):
    """Why nothing can be decided about a file, so that the run stops."""

    VENDORED = "vendored code that was edited by hand"
    TAKEN = "has a name that a declared rename needs"
    FOREIGN = "in the way: apigen did not write it"
    OBSTACLE = "in the way: it is not a regular file"
    NO_BASE = "what apigen wrote last is missing or damaged, so nothing can be merged"
    MARKERS = "has conflict markers in it"
    UNREADABLE = "does not parse, so nothing can be merged into it"
    READ_ONLY = "is read-only"
    DIRTY = "has edits that are not committed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Nothing is there."""

    path: str
    file: RenderedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is there is what apigen wrote last."""

    path: str
    file: RenderedFile
    before: str
    """Hash of the content to be replaced."""
    executable: bool | None = None
    """None: its owner's choice stays, as apigen has no other than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Both sides moved. With `merged.conflicts` the content has markers."""

    path: str
    file: RenderedFile
    """Today's rendering: the base from now on, or once the conflicts are resolved."""
    before: str
    content: bytes
    merged: Merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A file of the owner's own in which a declared rename changed references."""

    path: str
    before: str
    content: bytes
    lines: tuple[int, ...]
    """The lines that changed, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A declared rename moves a file, and `change` is what becomes of it at its new place.

    `change.before` is the hash of what stands at `source`.
    """

    path: str
    """The new place."""
    source: str
    change: "Update | Merge | Rewrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Nothing is written. `file` is None when apigen has no such file to write any more."""

    path: str
    kept: Kept
    file: RenderedFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """The spec has no use for it any more, and nobody touched it."""

    path: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Nothing can be decided, and the run stops. `file` is None when it would be deleted."""

    path: str
    reason: Reason
    file: RenderedFile | None
    detail: str = ""


type Change = Create | Update | Merge | Rewrite | Move | Keep | Delete | Blocked
