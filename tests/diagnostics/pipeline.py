"""Run the front end on a spec: the steps that report, in order."""

from dataclasses import dataclass
from pathlib import Path

from apigen.check.rules import check
from apigen.diagnostics import Diagnostic, Severity
from apigen.diagnostics.collector import in_order
from apigen.diagnostics.ignores import silence
from apigen.lower.system import lower
from apigen.spec.reader import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Everything found in a spec."""

    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes found, in order of place."""
        return tuple(found.code for found in self.diagnostics)


def diagnose(spec: Path) -> Diagnosis:
    """Read, lower and check."""
    document = read(spec)
    found = document.diagnostics
    if document.value is None:
        sources = {spec.name: spec.read_bytes().decode(errors="replace")}
        return Diagnosis(diagnostics=found, sources=sources)
    lowered = lower(document.value)
    found += lowered.diagnostics
    assert lowered.value is not None
    failed = any(one.severity is Severity.ERROR for one in found)
    judged = check(lowered.value)
    found += tuple(d for d in judged if not failed or d.severity is Severity.ERROR)
    sources = dict(document.value.sources)
    return Diagnosis(diagnostics=silence(in_order(found), sources), sources=sources)
