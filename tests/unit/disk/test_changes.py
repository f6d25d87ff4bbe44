"""What a rendering would do to a project."""

from pathlib import Path

import pytest

from apigen.disk.apply import apply
from apigen.disk.changes import (
    Change,
    Conflict,
    Create,
    Delete,
    Keep,
    Kept,
    Reason,
    Update,
    compare,
    paths_of_interest,
)
from apigen.disk.manifest import read_manifest
from apigen.disk.paths import base_path
from apigen.disk.snapshot import snapshot
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering


def rendering(*files: tuple[str, str] | tuple[str, str, FileClass]) -> Rendering:
    """Make a rendering of (path, text[, class])."""
    return Rendering(
        files=tuple(
            RenderedFile(
                path=path,
                content=text.encode(),
                file_class=rest[0] if rest else FileClass.MERGED,
                elements=("shop.Order",),
                executable=False,
            )
            for path, text, *rest in files
        )
    )


def compared(root: Path, today: Rendering) -> tuple[Change, ...]:
    """Compare `today` with the project in `root`."""
    manifest = read_manifest(root)
    return compare(today, manifest, snapshot(root, paths_of_interest(today, manifest)))


def applied(root: Path, today: Rendering) -> tuple[Change, ...]:
    """Bring the project in `root` to `today`."""
    changes = compared(root, today)
    apply(root, changes, read_manifest(root), records={})
    return changes


def test_an_absent_file_is_created(tmp_path: Path) -> None:
    (change,) = applied(tmp_path, rendering(("src/a.py", "one\n")))

    assert isinstance(change, Create)
    assert (tmp_path / "src/a.py").read_text() == "one\n"
    assert (tmp_path / base_path("src/a.py")).read_text() == "one\n"


def test_an_untouched_file_is_replaced_and_its_base_follows(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))

    (change,) = applied(tmp_path, rendering(("a.py", "two\n")))

    assert isinstance(change, Update)
    assert (tmp_path / "a.py").read_text() == "two\n"
    assert (tmp_path / base_path("a.py")).read_text() == "two\n"


def test_a_second_run_changes_no_byte(tmp_path: Path) -> None:
    today = rendering(("a.py", "one\n"), ("b.md", "b\n", FileClass.SEED))
    applied(tmp_path, today)
    before = {place: place.stat().st_mtime_ns for place in tmp_path.rglob("*") if place.is_file()}

    changes = applied(tmp_path, today)

    assert all(isinstance(change, Keep) for change in changes)
    assert before == {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}


def test_an_edited_file_is_kept_while_the_rendering_stays(tmp_path: Path) -> None:
    today = rendering(("a.py", "one\n"))
    applied(tmp_path, today)
    (tmp_path / "a.py").write_text("mine\n")

    (change,) = applied(tmp_path, today)

    assert isinstance(change, Keep)
    assert change.kept is Kept.EDITED
    assert (tmp_path / "a.py").read_text() == "mine\n"
    assert (tmp_path / base_path("a.py")).read_text() == "one\n"


def test_an_edited_file_that_would_change_is_a_conflict(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").write_text("mine\n")

    (change,) = compared(tmp_path, rendering(("a.py", "two\n")))

    assert isinstance(change, Conflict)
    assert change.reason is Reason.EDITED


def test_an_edit_remembered_over_runs_is_still_a_conflict(tmp_path: Path) -> None:
    """The manifest keeps what apigen wrote, not what it found."""
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").write_text("mine\n")
    applied(tmp_path, rendering(("a.py", "one\n")))

    (change,) = compared(tmp_path, rendering(("a.py", "two\n")))

    assert isinstance(change, Conflict)


def test_an_edit_that_equals_the_rendering_is_adopted(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").write_text("two\n")
    applied(tmp_path, rendering(("a.py", "two\n")))

    (change,) = applied(tmp_path, rendering(("a.py", "three\n")))

    assert isinstance(change, Update)


def test_a_file_that_apigen_did_not_write_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine\n")

    (change,) = compared(tmp_path, rendering(("a.py", "one\n")))

    assert isinstance(change, Conflict)
    assert change.reason is Reason.FOREIGN


def test_a_deleted_file_stays_deleted(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").unlink()

    (change,) = applied(tmp_path, rendering(("a.py", "two\n")))

    assert isinstance(change, Keep)
    assert change.kept is Kept.DELETED
    assert not (tmp_path / "a.py").exists()


def test_a_vanished_untouched_file_is_deleted_with_its_empty_folder(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "a\n"), ("old/deep/b.py", "b\n")))
    cache = tmp_path / "old/deep/__pycache__"
    cache.mkdir()
    (cache / "b.cpython-313.pyc").write_bytes(b"")

    changes = applied(tmp_path, rendering(("a.py", "a\n")))

    assert [type(change) for change in changes] == [Keep, Delete]
    assert not (tmp_path / "old").exists()
    assert not (tmp_path / base_path("old")).exists()
    assert list(read_manifest(tmp_path).entries) == ["a.py"]


def test_a_folder_with_an_owners_file_survives(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("old/b.py", "b\n")))
    (tmp_path / "old/mine.py").write_text("mine\n")

    applied(tmp_path, rendering())

    assert sorted(place.name for place in (tmp_path / "old").iterdir()) == ["mine.py"]


def test_a_vanished_edited_file_is_a_conflict(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").write_text("mine\n")

    (change,) = compared(tmp_path, rendering())

    assert isinstance(change, Conflict)
    assert change.reason is Reason.REMOVED


def test_a_seed_is_written_once(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("README.md", "one\n", FileClass.SEED)))

    (change,) = applied(tmp_path, rendering(("README.md", "two\n", FileClass.SEED)))

    assert isinstance(change, Keep)
    assert change.kept is Kept.SEED
    assert (tmp_path / "README.md").read_text() == "one\n"
    assert not (tmp_path / base_path("README.md")).exists()


def test_an_edited_vendored_file_stops_even_when_nothing_else_changed(tmp_path: Path) -> None:
    today = rendering(("support/a.py", "one\n", FileClass.VENDORED))
    applied(tmp_path, today)
    (tmp_path / "support/a.py").write_text("mine\n")

    (change,) = compared(tmp_path, today)

    assert isinstance(change, Conflict)
    assert change.reason is Reason.VENDORED


def test_a_deleted_vendored_file_comes_back(tmp_path: Path) -> None:
    today = rendering(("support/a.py", "one\n", FileClass.VENDORED))
    applied(tmp_path, today)
    (tmp_path / "support/a.py").unlink()

    (change,) = applied(tmp_path, today)

    assert isinstance(change, Create)


@pytest.mark.parametrize("obstacle", ["folder", "link"])
def test_what_is_no_regular_file_is_in_the_way(tmp_path: Path, obstacle: str) -> None:
    if obstacle == "folder":
        (tmp_path / "a.py").mkdir()
    else:
        (tmp_path / "a.py").symlink_to(tmp_path / "elsewhere.py")

    (change,) = compared(tmp_path, rendering(("a.py", "one\n")))

    assert isinstance(change, Conflict)
    assert change.reason is Reason.OBSTACLE
