"""`apigen remove-entity`: nothing goes that somebody needs, and no rows go unasked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apigen import driver
from apigen.ir.system import System
from apigen.render.renderer import Rendering
from tests.cli.conftest import Run, small_rendering
from tests.cli.test_regenerate import contents

NOTE = ("add-entity", "Note", "--field", "product: ref(Product)?", "--dir", "shop")


@pytest.fixture
def noted(run: Run, project: Path) -> Path:
    """A project with `Product`, and `Note` that refers to it."""
    assert run(*NOTE).exit_code == 0
    return project


def test_rows_go_only_when_that_is_agreed_to(run: Run, noted: Path) -> None:
    before = contents(noted)

    done = run("remove-entity", "Note", "--dir", "shop")

    assert done.exit_code == 1
    assert "error[AG804]: the table `notes` goes with `Note`" in done.stderr
    assert "Once that is agreed to, it would:\n" in done.stderr
    assert "    delete    src/shop/note.py\n" in done.stderr
    assert "The spec is as it was.\n" in done.stderr
    assert contents(noted) == before


def test_a_file_in_the_way_is_no_matter_of_agreeing(run: Run, noted: Path) -> None:
    place = noted / "src/shop/support/a.py"
    place.write_text("mine = 1\n")

    done = run("remove-entity", "Note", "--accept-data-loss", "Note", "--dir", "shop")

    assert done.exit_code == 1
    assert "Once that is agreed to" not in done.stderr
    assert "Once nothing stands in its way, it would:\n" in done.stderr
    assert "    delete    src/shop/note.py\n" in done.stderr
    assert "blocked" not in done.stderr


def test_a_removal_that_leaves_conflicts_was_agreed_to(
    run: Run, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(system: System, **more: Any) -> Rendering:
        made = small_rendering(system, **more)
        files = (
            replace(file, content=file.content.replace(b"name = 1", b"name = 3"))
            for file in made.files
        )
        return replace(made, files=tuple(files))

    (noted / "src/shop/product.py").write_text("name = 2\n")
    monkeypatch.setattr(driver, "render_system", changed)

    done = run("remove-entity", "Note", "--accept-data-loss", "Note", "--dir", "shop")

    assert done.exit_code == 3, done.output
    assert "Note" not in (noted / "apigen.yaml").read_text()
    assert "Once" not in done.stderr


def test_an_entity_goes_from_the_spec_and_the_code(run: Run, noted: Path) -> None:
    done = run("remove-entity", "Note", "--accept-data-loss", "Note", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert "Note" not in (noted / "apigen.yaml").read_text()
    assert not (noted / "src/shop/note.py").exists()
    assert run("check", "--dir", "shop").exit_code == 0


def test_what_others_refer_to_is_not_removed(run: Run, noted: Path) -> None:
    before = contents(noted)

    done = run("remove-entity", "Product", "--accept-data-loss", "Product", "--dir", "shop")

    assert done.exit_code == 1
    assert done.stderr == (
        "error: `Product` is still needed\n"
        "  apigen.yaml:10:20: `Product`: the type of a field\n"
        "  = help: remove these places first, then run this again\n"
    )
    assert contents(noted) == before


def test_a_file_the_owner_edited_is_kept(run: Run, noted: Path) -> None:
    module = noted / "src/shop/note.py"
    module.write_text(module.read_text() + "mine = 2\n")

    done = run("remove-entity", "Note", "--accept-data-loss", "Note", "--dir", "shop")

    assert "orphan    src/shop/note.py" in done.stdout
    assert "mine = 2\n" in module.read_text()
    assert "Note" not in (noted / "apigen.yaml").read_text()


def test_lines_of_the_owner_that_name_it_are_told(run: Run, noted: Path) -> None:
    mine = noted / "src/shop/mine.py"
    mine.write_text("from shop.note import product_id\n\nkept_notes = [product_id]\n")

    done = run("remove-entity", "Note", "--dry-run", "--dir", "shop")

    assert (
        "Your code speaks of `Note`:\n"
        "  src/shop/mine.py:1: from shop.note import product_id\n"
        "  src/shop/mine.py:3: kept_notes = [product_id]\n"
    ) in done.stderr
    assert mine.exists()


def test_a_dry_run_shows_the_plan_and_writes_nothing(run: Run, noted: Path) -> None:
    before = contents(noted)

    done = run("remove-entity", "Note", "--accept-data-loss", "Note", "--dry-run", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert "-  Note:\n" in done.stdout
    assert "delete    src/shop/note.py\n" in done.stdout
    assert contents(noted) == before
