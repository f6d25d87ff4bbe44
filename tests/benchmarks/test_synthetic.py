"""The specs that are measured are real ones."""

from pathlib import Path

import pytest

from apigen.lower.system import lower
from apigen.spec.reader import read
from tests.benchmarks.synthetic import LARGEST, names, spec, with_field


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


def test_a_spec_with_another_field_is_without_error_too(tmp_path: Path) -> None:
    path = tmp_path / "apigen.yaml"
    path.write_text(with_field(with_field(spec(30), "first"), "second"), encoding="utf-8")

    document = read(path)
    assert document.value is not None
    lowered = lower(document.value)

    assert not lowered.has_errors
    assert lowered.value is not None
    fields = lowered.value.entities["part1.OpenOrder"].fields
    assert {"first", "second"} <= {field.name.text for field in fields}


def test_only_a_synthetic_spec_can_be_given_a_field() -> None:
    with pytest.raises(ValueError, match="no synthetic spec"):
        with_field("apigen: 1\n", "note")


def test_names_do_not_repeat() -> None:
    assert len(set(names(LARGEST))) == LARGEST


def test_more_names_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="1001"):
        names(LARGEST + 1)
