"""Systems for the tests of this folder, made by the real front end."""

from pathlib import Path

from apigen import driver
from apigen.ir.system import System


def judged(folder: Path, text: str) -> System:
    """Return the system of a whole spec that has no mistakes."""
    spec = folder / "apigen.yaml"
    spec.write_text(text, encoding="utf-8")
    judgement = driver.judge(spec)
    assert judgement.system is not None, judgement.diagnostics
    return judgement.system
