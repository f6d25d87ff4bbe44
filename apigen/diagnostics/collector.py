"""Gathers the findings of one step, each cause once."""

from typing import TypedDict, Unpack

from apigen.diagnostics.diagnostic import Diagnostic, Fix, Label, Severity, Span


class _More(TypedDict, total=False):
    """What a finding may have beside its place: see `Diagnostic`."""

    label: str
    labels: tuple[Label, ...]
    help: str
    fix: Fix | None


class Collector:
    """Takes findings in any order and gives them back sorted by place."""

    def __init__(self) -> None:
        """Start with nothing found."""
        # A dict, because one mapping read through two aliases earns each finding twice.
        self._found: dict[Diagnostic, None] = {}

    def add(self, *found: Diagnostic) -> None:
        """Take findings made elsewhere."""
        for diagnostic in found:
            self._found[diagnostic] = None

    def error(self, code: str, message: str, span: Span, **more: Unpack[_More]) -> None:
        """Take an error."""
        self.add(Diagnostic(code=code, message=message, span=span, **more))

    def warning(self, code: str, message: str, span: Span, **more: Unpack[_More]) -> None:
        """Take a warning."""
        severity = Severity.WARNING
        self.add(Diagnostic(code=code, message=message, span=span, severity=severity, **more))

    def __len__(self) -> int:
        """Return how many findings there are, so that a caller can tell whether a step failed."""
        return len(self._found)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """All findings, sorted by file, line and column."""
        return in_order(self._found)


def in_order(found: "dict[Diagnostic, None] | tuple[Diagnostic, ...]") -> tuple[Diagnostic, ...]:
    """Sort findings by file, line, column and code, and drop repetitions."""
    return tuple(sorted(dict.fromkeys(found), key=lambda d: (d.span, d.code, d.message)))
