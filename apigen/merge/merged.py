"""What merging the three versions of one file came to. Data only."""

from enum import StrEnum

from apigen.values import dataclass


class Happened(StrEnum):
    """Something the owner should know of a symbol; nothing to decide."""

    STAYS_DELETED = "stays deleted"
    """The owner deleted it, and apigen has a new version of it."""
    RENAMED = "renamed by you"
    MOVED = "looks moved"
    """To another file; `apigen adopt` links it again."""
    ORPHANED = "kept without use"
    """The spec has no use for it any more, but its owner had edited it."""
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to report."""

    happened: Happened
    symbol: str
    """Dotted path in the file (`Task.rename`), key path in a data file, empty for the file."""
    detail: str = ""
    """The new name, or `path::symbol` of the new place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolConflict:
    """Both sides changed the same leaf; the text has markers around it."""

    symbol: str
    line: int
    """Of `<<<<<<<` in the merged text, from 1."""
    mine: str | None
    """Text of each side, None where the side has none."""
    base: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merged text of a file."""

    text: str
    """With markers when there are conflicts."""
    conflicts: tuple[SymbolConflict, ...] = ()
    """In the order of the text."""
    remarks: tuple[Remark, ...] = ()


class Unmergeable(Exception):
    """The file can not be merged by symbol; the text says why (a syntax error, with its line)."""
