"""Every code explains itself with a spec that earns it and one that does not."""

from pathlib import Path

import pytest

from apigen.diagnostics.registry import codes, explain
from tests.diagnostics.examples import files_of
from tests.diagnostics.pipeline import Diagnosis, diagnose

HERE = Path(__file__).parent


def _diagnose(example: str, folder: Path) -> Diagnosis:
    for name, text in files_of(example).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return diagnose(folder / "apigen.yaml")


@pytest.mark.parametrize("code", codes())
def test_the_wrong_example_earns_exactly_its_code(code: str, tmp_path: Path) -> None:
    explanation = explain(code)

    assert explanation is not None
    assert set(_diagnose(explanation.wrong, tmp_path).codes) == {code}


@pytest.mark.parametrize("code", codes())
def test_the_right_example_earns_nothing(code: str, tmp_path: Path) -> None:
    explanation = explain(code)

    assert explanation is not None
    assert _diagnose(explanation.right, tmp_path).codes == ()


@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_case(code: str) -> None:
    assert list(HERE.glob(f"{code}-*/spec.yaml"))


def test_unknown_codes_have_no_explanation() -> None:
    assert explain("AG999") is None
    assert explain("../AG201") is None
