"""Run the front end on a spec: the steps that report, in order.

`before.yaml` beside the spec is the spec of the last run. `other.yaml` is what another branch made
of that, so that git has united two locks.
"""

from dataclasses import dataclass
from pathlib import Path

from apigen.check.rules import check
from apigen.diagnostics import Diagnostic, Severity
from apigen.diagnostics.collector import in_order
from apigen.diagnostics.ignores import silence
from apigen.evolve.evolution import evolve
from apigen.evolve.identity import with_lock
from apigen.evolve.lock import parse_lock, print_lock
from apigen.evolve.record import LastRun, Lock
from apigen.ir.system import System
from apigen.lower.system import lower
from apigen.past import lowered
from apigen.spec.reader import read
from apigen.views.migrations.schema import schema


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
    outcome = lower(document.value)
    found += outcome.diagnostics
    assert outcome.value is not None
    failed = any(one.severity is Severity.ERROR for one in found)
    judged = check(outcome.value)
    found += tuple(d for d in judged if not failed or d.severity is Severity.ERROR)
    if (spec.parent / "before.yaml").exists() and not any(
        one.severity is Severity.ERROR for one in found
    ):
        found += _evolved(spec.parent, outcome.value)
    sources = dict(document.value.sources)
    return Diagnosis(diagnostics=silence(in_order(found), sources), sources=sources)


def _evolved(folder: Path, today: System) -> tuple[Diagnostic, ...]:
    """Compare with the last run's spec, as `apigen regenerate` does."""
    text = (folder / "before.yaml").read_text(encoding="utf-8")
    before = lowered({"apigen.yaml": text})
    assert before is not None, "before.yaml has errors"
    lock = _run(LastRun(lock=None, spec={}, system=None), before)
    if (folder / "other.yaml").exists():
        other = lowered({"apigen.yaml": (folder / "other.yaml").read_text(encoding="utf-8")})
        assert other is not None, "other.yaml has errors"
        lock = united(lock, _run(LastRun(lock=lock, spec={}, system=before), other))
    last = LastRun(lock=lock, spec={"apigen.yaml": text}, system=with_lock(before, lock))
    return evolve(last, today, schema, heads=("1",)).diagnostics


def _run(last: LastRun, system: System) -> Lock:
    evolution = evolve(last, system, schema, heads=("1",)).value
    assert evolution is not None
    return evolution.lock


def united(ours: Lock, theirs: Lock) -> Lock:
    """Return what git makes of two locks: the lines of both, each once."""
    parts = [print_lock(lock).decode().split("\n") for lock in (ours, theirs)]
    merged: list[str] = []
    sections = [_sections(lines) for lines in parts]
    for mine, other in zip(*sections, strict=True):
        merged += dict.fromkeys([mine[0], *mine[1:-1], *other[1:-1]])
        merged.append(mine[-1])
    return parse_lock("\n".join(merged).encode())


def _sections(lines: list[str]) -> list[list[str]]:
    """Cut the lines of a lock behind each `null` that ends a list."""
    found: list[list[str]] = [[]]
    for line in lines:
        found[-1].append(line)
        if line.startswith("null]"):
            found.append([])
    return [section for section in found if len(section) > 1]
