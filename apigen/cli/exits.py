"""Exit codes: part of the public interface."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ends."""

    CLEAN = 0
    ERRORS = 1
    """The spec or the project has errors, or `diff` found changes."""
    USAGE = 2
    """The command was called in a way that makes no sense."""
    CONFLICTS = 3
    """`regenerate` left conflicts, or would have and was told not to."""
    BUG = 70
    """Our mistake."""
    INTERRUPTED = 130


class Check(IntEnum):
    """How `apigen check` ends, when not clean; the worst finding counts."""

    AHEAD = 1
    """The spec is ahead of the code, or has errors."""
    VENDORED = 2
    """A vendored file was edited by hand."""
    CONFLICT = 3
    """A conflict or an orphan is open, or something stands in the way of the spec."""
    VERSION = 4
    """The project was last written by another version of apigen."""
    UNACKNOWLEDGED = 5
    """The spec would lose data or break clients, and nobody agreed to it."""
