"""`apigen regenerate`, `check` and `diff` on a project."""

import json
from pathlib import Path
from unittest.mock import patch

import pytest

from apigen.disk.paths import ProjectError
from tests.cli.conftest import Run, add_field

MODULE = "src/shop/product.py"


def contents(project: Path) -> dict[str, bytes]:
    """Return every file of a project but the note of this machine."""
    return {
        place.relative_to(project).as_posix(): place.read_bytes()
        for place in project.rglob("*")
        if place.is_file() and "cache" not in place.parts and place.name not in ("lock", "undo")
    }


def test_nothing_to_do_is_said_and_done(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("regenerate", "--dir", "shop")

    assert done.exit_code == 0
    assert done.stderr == "Everything is up to date.\n"
    assert contents(project) == before


@pytest.mark.usefixtures("project")
def test_nothing_to_do_is_known_without_reading_the_spec(run: Run) -> None:
    with patch("apigen.driver.judge", side_effect=AssertionError("the spec was read")):
        assert run("regenerate", "--dir", "shop").exit_code == 0


def test_a_change_of_the_spec_reaches_the_code(run: Run, project: Path) -> None:
    add_field(project)

    done = run("regenerate", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert done.stderr.endswith("\nCreated 1 file, updated 1.\n")
    assert "note = 1" in (project / MODULE).read_text()
    assert "note = 1" in (project / ".apigen/base" / MODULE).read_text()
    assert "shop.Product.note" in (project / ".apigen/lock.json").read_text()


def test_a_new_included_file_is_noticed(run: Run, tmp_path: Path) -> None:
    """The note of the last run must not hide a file that begins to match a pattern."""
    (tmp_path / "shop.yaml").write_text("apigen: 1\napp: shop\ninclude: ['parts/*.yaml']\n")
    part = "apigen: 1\nentities:\n  {name}:\n    fields:\n      name: str(1..9)\n"
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/a.yaml").write_text(part.replace("{name}", "Product"))
    assert run("init", "shop", "--spec", "shop.yaml").exit_code == 0
    (tmp_path / "shop/parts/b.yaml").write_text(part.replace("{name}", "Customer"))

    done = run("regenerate", "--dir", "shop")

    assert done.stderr.endswith("\nCreated 2 files.\n")


def test_a_dry_run_tells_and_writes_nothing(run: Run, project: Path) -> None:
    add_field(project)
    before = contents(project)

    done = run("regenerate", "--dir", "shop", "--dry-run")

    assert done.exit_code == 0
    assert f"  update    {MODULE}\n" in done.stdout
    assert done.stderr.endswith("\nWould create 1 file, update 1.\n")
    assert contents(project) == before


def test_an_edited_file_that_must_change_is_merged(run: Run, project: Path) -> None:
    (project / MODULE).write_text((project / MODULE).read_text() + "mine = 1\n")
    add_field(project)

    done = run("regenerate", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert done.stderr.endswith("\nCreated 1 file, merged 1.\n")
    assert (project / MODULE).read_text().splitlines() == [
        "id = 1",
        "name = 1",
        "note = 1",
        "created_at = 1",
        "updated_at = 1",
        "version = 1",
        "mine = 1",
    ]


def test_an_edited_file_that_need_not_change_is_kept(run: Run, project: Path) -> None:
    (project / MODULE).write_text("mine = 1\n")

    done = run("regenerate", "--dir", "shop")

    assert done.exit_code == 0
    assert done.stderr == "Kept 1 file of yours.\n"
    assert (project / MODULE).read_text() == "mine = 1\n"


def test_a_vanished_entity_takes_its_untouched_file_along(run: Run, project: Path) -> None:
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text().replace("Product", "Customer").replace("name", "city"))

    done = run("regenerate", "--dir", "shop", *_agreed("Product"))

    assert done.stderr.endswith(", removed 1.\n"), done.stderr
    assert not (project / MODULE).exists()


def _agreed(symbol: str) -> tuple[str, ...]:
    return ("--accept-removal", symbol, "--accept-data-loss", symbol)


def test_a_wrong_spec_changes_nothing(run: Run, project: Path) -> None:
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text().replace("str(", "strng("))
    before = contents(project)

    done = run("regenerate", "--dir", "shop")

    assert done.exit_code == 1
    assert "AG201" in done.stderr
    assert contents(project) == before


def test_a_folder_without_a_project_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    for command in ("regenerate", "check", "diff", "graph"):
        done = run(command, "--dir", str(tmp_path))

        assert done.exit_code == 2
        assert "apigen.yaml" in done.stderr


def test_check_is_clean_on_a_fresh_project(run: Run, project: Path) -> None:
    assert run("check", "--dir", "shop").exit_code == 0


def test_check_tells_that_the_spec_is_ahead(run: Run, project: Path) -> None:
    add_field(project)

    done = run("check", "--dir", "shop", "--format", "json")

    assert done.exit_code == 1
    (found,) = [row for row in json.loads(done.stdout) if row["file"] == MODULE]
    assert found["elements"] == ["shop.Product.note"]
    assert found["command"] == "apigen regenerate"


def test_check_tells_of_an_edited_vendored_file(run: Run, project: Path) -> None:
    (project / "src/shop/support/a.py").write_text("mine\n")

    done = run("check", "--dir", "shop", "--format", "github")

    assert done.exit_code == 2
    assert done.stdout.startswith("::error file=src/shop/support/a.py::vendored code")


def test_an_edit_alone_is_no_finding(run: Run, project: Path) -> None:
    (project / MODULE).write_text("mine = 1\n")

    assert run("check", "--dir", "shop").exit_code == 0


def test_diff_shows_lines_and_ends_with_one(run: Run, project: Path) -> None:
    add_field(project)

    done = run("diff", "--dir", "shop")

    assert done.exit_code == 1
    assert "+note = 1" in done.stdout.splitlines()
    assert not [line for line in done.stdout.splitlines() if line.startswith("-n")]


def test_diff_of_nothing_is_empty(run: Run, project: Path) -> None:
    done = run("diff", "--dir", "shop")

    assert done.exit_code == 0
    assert done.stdout == ""


def test_an_interrupted_run_is_finished_first(run: Run, project: Path) -> None:
    from apigen.disk import journal
    from apigen.disk.steps import Write
    from apigen.merge.worktree import digest

    before = digest((project / MODULE).read_bytes())
    journal._write_journal(project, [Write(path=MODULE, content=b"half = 1\n", before=before)])

    refused = run("check", "--dir", "shop")
    done = run("regenerate", "--dir", "shop")

    assert isinstance(refused.exception, ProjectError)
    assert "Finished an interrupted run first: 1 file" in done.stderr
    assert not (project / ".apigen/journal").exists()


def test_a_read_only_project_file_stops_the_run_and_is_named(run: Run, project: Path) -> None:
    (project / MODULE).chmod(0o444)
    add_field(project)
    before = contents(project)

    done = run("regenerate", "--dir", "shop")

    assert done.exit_code == 1
    assert f"  {MODULE}\n    = is read-only\n" in done.stderr
    assert contents(project) == before
