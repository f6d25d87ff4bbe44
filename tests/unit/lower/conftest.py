"""Lower a spec written in the test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apigen.diagnostics import Diagnostic
from apigen.ir.system import Entity, System
from apigen.lower.system import lower
from apigen.spec.reader import read

type Lower = Callable[[str], System]
type Codes = Callable[[str], list[str]]


def _run(folder: Path, text: str) -> tuple[System, tuple[Diagnostic, ...]]:
    path = folder / "apigen.yaml"
    path.write_text(f"apigen: 1\napp: shop\n{text}", encoding="utf-8")
    document = read(path)
    assert document.value is not None
    lowered = lower(document.value)
    assert lowered.value is not None
    return lowered.value, document.diagnostics + lowered.diagnostics


@pytest.fixture
def lowered(tmp_path: Path) -> Lower:
    """Lower a spec that has nothing wrong."""

    def run(text: str) -> System:
        system, found = _run(tmp_path, text)
        assert found == ()
        return system

    return run


@pytest.fixture
def codes(tmp_path: Path) -> Codes:
    """Return the codes a spec earns."""
    return lambda text: [one.code for one in _run(tmp_path, text)[1]]


@pytest.fixture
def entity(lowered: Lower) -> Callable[[str], Entity]:
    """Lower one entity `Thing`, given its block in flow style."""
    return lambda block: lowered(f"entities:\n  Thing: {block}\n").entities["shop.Thing"]
