"""The specs that are measured are real ones."""

from pathlib import Path

import pytest

from apigen.lower.system import lower
from apigen.spec.reader import read
from tests.benchmarks.synthetic import LARGEST, names, spec


@pytest.mark.parametrize("count", [1, 10, 50])
def test_synthetic_specs_are_without_error(count: int, tmp_path: Path) -> None:
    path = tmp_path / "apigen.yaml"
    path.write_text(spec(count), encoding="utf-8")

    document = read(path)
    assert document.value is not None
    lowered = lower(document.value)

    assert not lowered.has_errors
    assert lowered.value is not None
    assert len(lowered.value.entities) == count


def test_names_do_not_repeat() -> None:
    assert len(set(names(LARGEST))) == LARGEST


def test_more_names_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="1001"):
        names(LARGEST + 1)
