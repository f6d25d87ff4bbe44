"""`apigen init`."""

from pathlib import Path

import pytest

from tests.cli.conftest import SPEC, Run


def test_a_project_holds_its_spec_with_the_line_for_editors(project: Path) -> None:
    first, _, rest = (project / "apigen.yaml").read_text().partition("\n")

    assert first == "# yaml-language-server: $schema=.apigen/spec-1.schema.json"
    assert rest == SPEC
    assert (project / ".apigen/spec-1.schema.json").is_file()


def test_the_records_are_there(project: Path) -> None:
    assert (project / ".apigen/manifest.json").is_file()
    lock = (project / ".apigen/lock.json").read_text()
    assert "entity shop.Product products" in lock
    assert "field shop.Product.name products.name" in lock
    assert (project / ".apigen/base/src/shop/product.py").is_file()
    assert not (project / ".apigen/base/src/shop/support").exists()


def test_the_report_tells_what_each_entity_became(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SPEC)

    done = run("init", "shop", "--spec", "shop.yaml")

    assert "Created 4 files from 1 entity" in done.stderr
    assert "shop.Product    1 file in product.py" in done.stderr
    assert "├── src/" in done.stderr


def test_includes_and_seed_data_come_along(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "parts").mkdir(parents=True)
    (source / "data").mkdir()
    (source / "shop.yaml").write_text(
        "apigen: 1\napp: shop\ninclude: [parts/*.yaml]\n"
        "seeds: { demo: { Product: data/products.json } }\n"
    )
    (source / "parts/products.yaml").write_text(SPEC.replace("app: shop\n", ""))
    (source / "data/products.json").write_text('[{"name": "x"}]')

    done = run("init", "shop", "--spec", "source/shop.yaml")

    assert done.exit_code == 0, done.output
    made = tmp_path / "shop"
    assert (made / "parts/products.yaml").is_file()
    assert (made / "data/products.json").read_text() == '[{"name": "x"}]'
    assert run("regenerate", "--dir", "shop").stderr == "Everything is up to date.\n"


def test_without_a_spec_there_is_one_to_begin_with(run: Run, tmp_path: Path) -> None:
    done = run("init", "my-shop", "--yes")

    assert done.exit_code == 0, done.output
    assert "app: my_shop\n" in (tmp_path / "my-shop/apigen.yaml").read_text()
    assert (tmp_path / "my-shop/src/my_shop/item.py").is_file()


def test_dir_is_the_projects_folder(run: Run, tmp_path: Path) -> None:
    run("init", "shop", "--dir", "somewhere/else", "--yes")

    assert (tmp_path / "somewhere/else/apigen.yaml").is_file()


def test_a_folder_with_something_in_it_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/mine.txt").write_text("mine")

    done = run("init", "shop", "--yes")

    assert done.exit_code == 2
    assert "not empty" in done.stderr
    assert [place.name for place in (tmp_path / "shop").iterdir()] == ["mine.txt"]


def test_what_a_killed_run_left_does_not_count_as_something(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop/.apigen").mkdir(parents=True)
    (tmp_path / "shop/.apigen/journal.unfinished").write_text("half")

    assert run("init", "shop", "--yes").exit_code == 0


def test_a_wrong_spec_makes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(SPEC.replace("str(", "strng("))

    done = run("init", "shop", "--spec", "bad.yaml")

    assert done.exit_code == 1
    assert "error[AG201]" in done.stderr
    assert "bad.yaml:6" in done.stderr
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize(
    "arguments",
    [["init"], ["init", "a/b"], ["init", ".."], ["init", "x", "--spec", "missing.yaml"]],
)
def test_wrong_usage_is_told_from_a_wrong_spec(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command believe that a person is there."""
    monkeypatch.setattr("apigen.cli.console.is_interactive", lambda: True)


@pytest.mark.usefixtures("at_a_terminal")
def test_a_person_is_asked(run: Run, tmp_path: Path) -> None:
    done = run("init", answers="shop\npostgresql\nProduct\n")

    assert done.exit_code == 0, done.output
    spec = (tmp_path / "shop/apigen.yaml").read_text()
    assert "app: shop\n" in spec
    assert "database: { dialect: postgresql }\n" in spec
    assert "  Product:\n" in spec


@pytest.mark.usefixtures("at_a_terminal")
def test_empty_answers_make_a_valid_project(run: Run, tmp_path: Path) -> None:
    done = run("init", answers="\n\n\n")

    assert done.exit_code == 0, done.output
    assert (tmp_path / "app/src/app/item.py").is_file()
    assert "database" not in (tmp_path / "app/apigen.yaml").read_text()


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("answers", ["oracle\n", "sqlite\nnot a name\n"])
def test_an_answer_that_makes_no_sense_is_refused(run: Run, tmp_path: Path, answers: str) -> None:
    done = run("init", "shop", answers=answers)

    assert done.exit_code == 2
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize("name", ["über", "9lives", "class", "İ", "-x", "a" * 200])
def test_any_folder_name_makes_a_project_or_a_message(run: Run, name: str) -> None:
    done = run("init", "--yes", "--", name)

    assert done.exit_code in (0, 1, 2), done.output
    assert done.exit_code == 0 or "error" in done.stderr
