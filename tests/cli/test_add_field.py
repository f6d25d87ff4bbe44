"""`apigen add-field`: the spec and what follows from it, or nothing at all."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_regenerate import contents


def test_a_field_reaches_the_spec_and_the_code(run: Run, project: Path) -> None:
    spec = (project / "apigen.yaml").read_text()

    done = run("add-field", "Product", "note: text?", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert (project / "apigen.yaml").read_text() == f"{spec}      note: text?\n"
    assert "note = 1\n" in (project / "src/shop/product.py").read_text()
    assert run("check", "--dir", "shop").exit_code == 0


def test_a_wrong_field_is_shown_as_it_was_typed(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("add-field", "Product", "price: decimel(0..)", "--dir", "shop")

    assert done.exit_code == 1
    assert "error[AG201]: unknown type `decimel`\n --> FIELD:1:8\n" in done.stderr
    assert contents(project) == before


def test_an_unknown_entity_is_told_with_what_is_near(run: Run, project: Path) -> None:
    done = run("add-field", "Prodct", "note: text?", "--dir", "shop")

    assert done.exit_code == 2
    assert done.stderr == ("error: no entity named `Prodct`\n  = help: did you mean `Product`?\n")
    assert "note" not in (project / "apigen.yaml").read_text()


def test_a_field_that_rows_cannot_have_stops_the_run(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("add-field", "Product", "weight: int", "--dir", "shop")

    assert done.exit_code == 1
    assert "error[AG805]" in done.stderr
    assert " --> FIELD:1:1\n" in done.stderr
    assert "1 | weight: int\n" in done.stderr
    assert done.stderr.endswith("The spec is as it was.\n")
    assert contents(project) == before


def test_a_dry_run_writes_nothing(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("add-field", "Product", "note: text?", "--dry-run", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert "+      note: text?\n" in done.stdout
    assert "update    src/shop/product.py" in done.stdout
    assert contents(project) == before


def test_only_the_included_file_that_has_the_entity_changes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(
        "apigen: 1\napp: shop\ninclude: ['parts/*.yaml']\n"
        "contexts: { sales: { entities: { Order: { fields: { n: int } } } } }\n"
    )
    (tmp_path / "parts").mkdir()
    part = "apigen: 1\ncontext: stock\nentities:\n  Item:\n    fields:\n      name: str(1..9)\n"
    (tmp_path / "parts/stock.yaml").write_text(part)
    assert run("init", "shop", "--spec", "shop.yaml").exit_code == 0
    root = (tmp_path / "shop/apigen.yaml").read_bytes()

    done = run("add-field", "stock.Item", "note: text?", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert (tmp_path / "shop/parts/stock.yaml").read_text() == f"{part}      note: text?\n"
    assert (tmp_path / "shop/apigen.yaml").read_bytes() == root
    assert run("check", "--dir", "shop").exit_code == 0
