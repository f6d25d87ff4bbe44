"""`apigen rename-entity`: the spec says what was, and everything follows."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_regenerate import contents


def test_an_entity_is_renamed_in_the_spec_and_the_code(run: Run, project: Path) -> None:
    spec = (project / "apigen.yaml").read_text()

    done = run("rename-entity", "Product", "Article", "--dir", "shop")

    assert done.exit_code == 0, done.output
    wanted = spec.replace("  Product:\n", "  Article:\n    renamed_from: Product\n")
    assert (project / "apigen.yaml").read_text() == wanted
    assert (project / "src/shop/article.py").is_file()
    assert not (project / "src/shop/product.py").exists()
    assert run("check", "--dir", "shop").exit_code == 0


def test_what_the_owner_wrote_moves_along(run: Run, project: Path) -> None:
    module = project / "src/shop/product.py"
    module.write_text(module.read_text() + "mine = 2\n")

    done = run("rename-entity", "Product", "Article", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert "mine = 2\n" in (project / "src/shop/article.py").read_text()
    assert not module.exists()


def test_a_name_that_is_taken_is_wrong_usage(run: Run, project: Path) -> None:
    assert run("add-entity", "Article", "--field", "n: int", "--dir", "shop").exit_code == 0
    before = contents(project)

    done = run("rename-entity", "Product", "Article", "--dir", "shop")

    assert done.exit_code == 2
    assert done.stderr == "error: `Article` is there already, at apigen.yaml:8\n"
    assert contents(project) == before


def test_an_entity_that_was_never_generated_has_no_former_name(run: Run, project: Path) -> None:
    spec = project / "apigen.yaml"
    written = spec.read_text() + "  Note:\n    fields:\n      text: str(1..9)\n"
    spec.write_text(written)

    done = run("rename-entity", "Note", "Memo", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert spec.read_text() == written.replace("  Note:", "  Memo:")
