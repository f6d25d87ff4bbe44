"""What is wrong, where, and what to do about it, as values.

Knows nothing of YAML, of rules or of terminals: rules make these, renderers print them.
"""

from dataclasses import field
from enum import StrEnum
from typing import Literal

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open region of one file, counted from 1.

    `file` is the path as the user would write it (relative to the root spec's folder);
    `end_column` is the column after the last character.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Severity(StrEnum):
    """How much a diagnostic matters: errors stop the run, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A secondary place that explains the first, such as "first defined here"."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace the text of one span; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Edits that mend the cause. `safe` ones are applied by `apigen validate --fix`."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Literal["safe", "unsafe"] = "safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: what is wrong (`message`), where (`span`), and the way out (`help`)."""

    code: str
    """`AG` and three digits; the family is the first digit (see `codes`)."""
    message: str
    """Lower case, no full stop, stands alone."""
    span: Span
    severity: Severity = Severity.ERROR
    label: str = ""
    """Text printed under the carets of the primary span."""
    labels: tuple[Label, ...] = ()
    help: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome[T]:
    """What a step returns: a value when there is one to go on with, and what it found."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @property
    def has_errors(self) -> bool:
        """Whether the run must stop after this step."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)
