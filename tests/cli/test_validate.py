"""`apigen validate`, `explain`, `schema`, `graph`: commands on a spec alone."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import SPEC, Run
from tests.snapshots.regenerate import EXAMPLES

WRONG = SPEC.replace("str(", "strng(")


def test_a_right_spec_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apigen.yaml").write_text(SPEC)

    done = run("validate")

    assert done.exit_code == 0
    assert done.stdout == ""
    assert done.stderr == "The spec is right: 1 entity.\n"


def test_findings_are_the_result(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apigen.yaml").write_text(WRONG)

    done = run("validate")

    assert done.exit_code == 1
    assert done.stdout.startswith("error[AG201]: unknown type `strng`")
    assert done.stderr == "Found 1 error.\n"


@pytest.mark.parametrize("notation", ["json", "sarif"])
def test_a_program_reads_nothing_but_the_findings(run: Run, tmp_path: Path, notation: str) -> None:
    (tmp_path / "apigen.yaml").write_text(WRONG)

    done = run("validate", "--format", notation)

    assert "AG201" in json.dumps(json.loads(done.stdout))
    assert done.stderr == ""


def test_a_fix_is_written_and_the_rest_of_the_file_kept(run: Run, tmp_path: Path) -> None:
    text = "# mine\n" + SPEC.replace("apigen: 1\n", "").replace("fields:", "fields:  # kept")
    (tmp_path / "apigen.yaml").write_text(text)

    done = run("validate", "--fix")

    assert done.exit_code == 0, done.output
    assert "Mended apigen.yaml." in done.stderr
    assert "fields:  # kept" in (tmp_path / "apigen.yaml").read_text()


def test_a_missing_file_is_wrong_usage(run: Run) -> None:
    assert run("validate", "nope.yaml").exit_code == 2


def test_a_code_is_explained_in_any_case(run: Run) -> None:
    done = run("explain", "ag425")

    assert done.exit_code == 0
    assert done.stdout.startswith("AG425: ")
    assert "\nWrong:\n" in done.stdout
    assert "\nRight:\n" in done.stdout


def test_an_unknown_code_is_wrong_usage(run: Run) -> None:
    done = run("explain", "AG999")

    assert done.exit_code == 2
    assert "AG425" in done.stderr


def test_the_schema_is_json_schema(run: Run) -> None:
    assert json.loads(run("schema").stdout)["$schema"].startswith("http://json-schema.org/draft-07")


def test_a_graph_goes_to_stdout(run: Run, project: Path) -> None:
    done = run("graph", "--dir", str(project))

    assert done.exit_code == 0
    assert done.stdout.startswith("classDiagram")
    assert "Product" in done.stdout


def test_all_graphs_go_into_a_folder(run: Run, project: Path, tmp_path: Path) -> None:
    """That of lifecycles when there are any."""
    done = run("graph", "--dir", str(project), "--format", "svg", "--out", str(tmp_path / "docs"))
    shop = EXAMPLES / "shop"
    lively = run("graph", "--dir", str(shop), "--out", str(tmp_path / "shop"))

    assert (done.exit_code, lively.exit_code) == (0, 0)
    assert sorted(place.name for place in (tmp_path / "docs").iterdir()) == [
        "entities.svg",
        "layers.svg",
    ]
    for place in (tmp_path / "docs").iterdir():
        assert ElementTree.parse(place).getroot().tag.endswith("svg")
    text = (tmp_path / "shop" / "states.mmd").read_text(encoding="utf-8")
    assert "Shop_Order_placed --> Shop_Order_paid : pay" in text
    assert run("graph", "--dir", str(shop), "--diagram", "states").stdout == text


def test_a_spec_with_characters_the_terminal_lacks_is_printed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "apigen.yaml").write_text(SPEC.replace("name:", "名:"), encoding="utf-8")

    assert run("validate").exit_code == 1
