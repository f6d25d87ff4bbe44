"""`apigen remove-field`: nothing goes that somebody needs, and no values go unasked."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_check_against import git
from tests.cli.test_regenerate import contents


@pytest.fixture
def noted(run: Run, project: Path) -> Path:
    """A project whose `Product` has a second field."""
    assert run("add-field", "Product", "note: text?", "--dir", "shop").exit_code == 0
    return project


def test_values_go_only_when_that_is_agreed_to(run: Run, noted: Path) -> None:
    before = contents(noted)

    done = run("remove-field", "Product", "note", "--dir", "shop")

    assert done.exit_code == 1
    assert "error[AG804]: the column `products.note` goes" in done.stderr
    assert "    update    src/shop/product.py\n" in done.stderr
    assert contents(noted) == before


def test_edits_that_are_not_committed_are_no_matter_of_agreeing(run: Run, noted: Path) -> None:
    folder = str(noted)
    git("init", "-q", folder)
    git("-C", folder, "add", "-A")
    git("-C", folder, "commit", "-qm", "one")
    module = noted / "src/shop/product.py"
    module.write_text(module.read_text() + "mine = 2\n")

    done = run(
        "remove-field", "Product", "note", "--accept-data-loss", "Product.note", "--dir", "shop"
    )

    assert done.exit_code == 1
    assert "Once that is agreed to" not in done.stderr
    assert "Once these edits are committed, it would:\n" in done.stderr
    assert "    merge     src/shop/product.py" in done.stderr
    assert "The spec is as it was.\n" in done.stderr


def test_a_field_goes_from_the_spec_and_the_code(run: Run, noted: Path) -> None:
    spec = (noted / "apigen.yaml").read_text()

    done = run(
        "remove-field", "Product", "note", "--accept-data-loss", "Product.note", "--dir", "shop"
    )

    assert done.exit_code == 0, done.output
    assert (noted / "apigen.yaml").read_text() == spec.replace("      note: text?\n", "")
    assert "note" not in (noted / "src/shop/product.py").read_text()
    assert run("check", "--dir", "shop").exit_code == 0


def test_a_field_that_a_rule_names_is_not_removed(run: Run, noted: Path) -> None:
    spec = noted / "apigen.yaml"
    spec.write_text(spec.read_text() + "    invariants: { long: note is None or len(note) > 3 }\n")

    done = run("remove-field", "Product", "note", "--dir", "shop")

    assert done.exit_code == 1
    assert done.stderr == (
        "error: `note` of `Product` is still needed\n"
        "  apigen.yaml:9:25: `note`: a rule\n"
        "  apigen.yaml:9:45: `note`: a rule\n"
        "  = help: remove these places first, then run this again\n"
    )


def test_lines_of_the_owner_that_name_it_are_told(run: Run, noted: Path) -> None:
    module = noted / "src/shop/product.py"
    module.write_text(module.read_text() + "mine = note\n")

    done = run("remove-field", "Product", "note", "--dir", "shop")

    assert "Your code speaks of `note` of `Product`:\n  src/shop/product.py:" in done.stderr
    assert ": mine = note\n" in done.stderr


def test_values_of_seed_rows_go_with_the_field(run: Run, noted: Path) -> None:
    spec = noted / "apigen.yaml"
    before = spec.read_text()
    spec.write_text(before + "seeds:\n  dev:\n    Product: [{ name: a, note: soon }]\n")
    assert run("regenerate", "--dir", "shop").exit_code == 0

    done = run(
        "remove-field", "Product", "note", "--accept-data-loss", "Product.note", "--dir", "shop"
    )

    assert done.exit_code == 0, done.output
    assert "Seed rows lose what goes, in one place of the spec.\n" in done.stderr
    assert spec.read_text().endswith("seeds:\n  dev:\n    Product: [{ name: a }]\n")
    assert run("check", "--dir", "shop").exit_code == 0
