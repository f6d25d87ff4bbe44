"""The JSON Schema accepts what the reader accepts, as far as a schema can tell."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from apigen.diagnostics.registry import explain
from apigen.spec.schema import json_schema
from tests.diagnostics.examples import files_of

SPECS = Path(__file__).parents[3] / "specs"


class _Yaml12(yaml.CSafeLoader):
    """A loader for which a date is a text, as in YAML 1.2 and in editors."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML's own name and kind
        first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
        for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _errors(text: str) -> list[str]:
    loaded = yaml.load(text, Loader=_Yaml12)
    return [
        error.message for error in jsonschema.Draft7Validator(json_schema()).iter_errors(loaded)
    ]


def test_it_is_a_valid_draft_07_schema() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", sorted(SPECS.glob("*.yaml")), ids=lambda path: path.stem)
def test_specs_are_accepted(path: Path) -> None:
    assert _errors(path.read_text(encoding="utf-8")) == []


def test_behaviour_is_accepted() -> None:
    spec = (
        "apigen: 1\napp: shop\nentities:\n  Order:\n    fields: { number: str(1..20) pii }\n"
        "    lifecycle: { states: { draft: , placed: { final: true } }, history: true }\n"
        "    commands:\n"
        "      place: { moves: draft|x -> placed, when: number != '', emits: { Placed: } }\n"
        "      note: { set: { number: 1 }, append: { lines: { a: 1 } }, remove: { lines: x },"
        " idempotent: input.x, api: POST /:id/note, retry: { attempts: 2 }, erases: [pii] }\n"
        "    events: { Placed: [number], Noted: { version: 2, upcast: { '1': { number: x } } } }\n"
        "reactions: { one: { event: Placed, run: Order.note, with: { x: event.y } } }\n"
        "messaging: { outbox: { poll: 1s }, inbox: true, dlq: { max_attempts: 2 } }\n"
    )

    assert _errors(spec) == []


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
