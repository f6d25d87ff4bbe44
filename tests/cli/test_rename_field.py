"""`apigen rename-field`: the spec says what was, and everything follows."""

from pathlib import Path

from tests.cli.conftest import SPEC, Run
from tests.cli.test_regenerate import contents


def test_a_field_is_renamed_in_the_spec_and_the_code(run: Run, project: Path) -> None:
    spec = (project / "apigen.yaml").read_text()

    done = run("rename-field", "Product", "name", "title", "--dir", "shop")

    assert done.exit_code == 0, done.output
    wanted = spec.replace("name: str(1..200)", "title: str(1..200) renamed_from=name")
    assert (project / "apigen.yaml").read_text() == wanted
    module = (project / "src/shop/product.py").read_text()
    assert "title = 1\n" in module
    assert "name = 1\n" not in module
    assert run("check", "--dir", "shop").exit_code == 0


def test_rows_are_kept_unasked(run: Run, project: Path) -> None:
    """A rename is no loss: nothing has to be agreed to."""
    done = run("rename-field", "Product", "name", "title", "--dir", "shop")

    (revision,) = (project / "migrations/versions").glob("*rename*.py")
    assert done.exit_code == 0, done.output
    assert "AG8" not in done.stderr
    assert "name" in revision.name


def test_a_field_can_be_renamed_again_and_back(run: Run, project: Path) -> None:
    for old, new in (("name", "title"), ("title", "label"), ("label", "name")):
        done = run("rename-field", "Product", old, new, "--dir", "shop")
        assert done.exit_code == 0, done.output

    assert "      name: str(1..200) renamed_from=label\n" in (project / "apigen.yaml").read_text()
    assert "name = 1\n" in (project / "src/shop/product.py").read_text()


def test_an_unknown_field_is_told_with_what_is_near(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("rename-field", "Product", "nmae", "title", "--dir", "shop")

    assert done.exit_code == 2
    assert done.stderr == ("error: `Product` has no field `nmae`\n  = help: did you mean `name`?\n")
    assert contents(project) == before


def test_a_reserved_name_is_refused_by_the_spec(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("rename-field", "Product", "name", "created_at", "--dir", "shop")

    assert done.exit_code == 1
    assert "error[AG102]" in done.stderr
    assert contents(project) == before


def test_a_dry_run_writes_nothing(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("rename-field", "Product", "name", "title", "--dry-run", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert "+      title: str(1..200) renamed_from=name\n" in done.stdout
    assert contents(project) == before


def test_rows_beside_the_spec_are_renamed_and_only_counted(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(f"{SPEC}seeds: {{ dev: {{ Product: rows.json }} }}\n")
    rows = '[\n {"name": "name"},\n {"name": "Tea"}\n]\n'
    (tmp_path / "rows.json").write_text(rows)
    assert run("init", "shop", "--spec", "shop.yaml").exit_code == 0

    told = run("rename-field", "Product", "name", "title", "--dry-run", "--dir", "shop")
    done = run("rename-field", "Product", "name", "title", "--dir", "shop")

    assert "rows.json: names change in 2 lines\n" in told.stdout
    assert done.exit_code == 0, done.output
    assert (tmp_path / "shop/rows.json").read_text() == rows.replace('"name":', '"title":')
