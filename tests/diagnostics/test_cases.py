"""Every case folder `<CODE>-<slug>` holds spec.yaml, expected.txt and, with safe fixes, fixed.yaml.

`APIGEN_UPDATE=1 pytest tests/diagnostics` writes the expectations anew: then read the difference.
"""

import os
from pathlib import Path

import pytest

from apigen.diagnostics.render import render
from apigen.source.edits import mended
from tests.diagnostics.pipeline import diagnose

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("AG*-*/spec.yaml"))
UPDATE = os.environ.get("APIGEN_UPDATE") == "1"


def _expect(path: Path, text: str) -> None:
    if UPDATE and (text or path.exists()):
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink()
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    assert text == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spec_earns_exactly_this_report(case: Path) -> None:
    """The report names the folder's code, and fixes give the fixed spec."""
    diagnosis = diagnose(case / "spec.yaml")

    report = render(diagnosis.diagnostics, format="full", sources=diagnosis.sources)

    _expect(case / "expected.txt", report)
    assert case.name.partition("-")[0] in diagnosis.codes
    _expect(
        case / "fixed.yaml",
        mended(diagnosis.diagnostics, diagnosis.sources).get("spec.yaml", ""),
    )


def test_there_are_cases() -> None:
    """The glob above finds the folders."""
    assert len(CASES) > 50
