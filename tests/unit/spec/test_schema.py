"""The JSON Schema accepts what the reader accepts, as far as a schema can tell."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from apigen.diagnostics.registry import explain, files_of
from apigen.spec.schema import json_schema

SPECS = Path(__file__).parents[3] / "specs"


def _errors(text: str) -> list[str]:
    loaded = yaml.load(text, Loader=yaml.CSafeLoader)
    return [
        error.message for error in jsonschema.Draft7Validator(json_schema()).iter_errors(loaded)
    ]


def test_it_is_a_valid_draft_07_schema() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda path: path.stem)
def test_specs_are_accepted(path: Path) -> None:
    assert _errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("code", ["AG005", "AG006", "AG014"])
def test_wrong_keys_and_shapes_are_refused(code: str) -> None:
    explanation = explain(code)
    assert explanation is not None

    assert _errors(files_of(explanation.wrong)["apigen.yaml"]) != []
    assert _errors(files_of(explanation.right)["apigen.yaml"]) == []


@pytest.mark.parametrize("field", ["str!", "str[]", "decimal(12, 2)"])
def test_field_strings_have_a_pattern(field: str) -> None:
    spec = f"apigen: 1\napp: a\nentities:\n  A:\n    fields:\n      x: '{field}'\n"

    assert _errors(spec) != []


@pytest.mark.parametrize(
    "field", ["str(1..80)? unique search", "int = 3", "bool := a == b", "ref(A|B)", "list(str)?"]
)
def test_the_pattern_accepts_field_strings(field: str) -> None:
    spec = f"apigen: 1\napp: a\nentities:\n  A:\n    fields:\n      x: '{field}'\n"

    assert _errors(spec) == []
