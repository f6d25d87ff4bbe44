"""What a type check after a run found. Data only."""

from apigen.diagnostics import Span
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One error of mypy, wherever it is."""

    path: str
    """Posix, below the project."""
    line: int
    column: int
    """From 1; 0 when mypy gave none."""
    message: str
    code: str
    """`attr-defined`; empty when mypy gave none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A line of the owner's that no longer fits, and why."""

    finding: Finding
    text: str
    """The line, without its indentation."""
    cause: str
    """A sentence without a full stop: "field `Task.due_on` is gone"."""
    symbol: str = ""
    """Qualified name of the spec element that changed; empty when no single one did."""
    span: Span | None = None
    """Where the spec says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeReport:
    """The outcome of one check."""

    misfits: tuple[Misfit, ...] = ()
    """By path and line."""
    others: int = 0
    """Findings that have nothing to do with what the run changed, or are in generated code."""
    checked: int = 0
    """Files of the owner's that were looked at."""
    note: str = ""
    """Why nothing was checked; empty when it was."""
