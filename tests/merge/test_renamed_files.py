"""Declared renames and what stands in a file already: conflicts, deletions, orphans, edits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.manifest import read_manifest
from apigen.disk.paths import base_path
from apigen.disk.undo import undo
from apigen.driver import RunOptions
from apigen.merge.changes import Keep, Kept, Reason
from tests.merge.renderings import contents, digest_of

type Edit = Callable[[Path, str, str], None]

OPTIONS = RunOptions(check_types=False)
AGGREGATES = "src/todo/domain/todo/aggregates.py"
ROUTES = "src/todo/interface/api/v1/{}.py"
RENAME = ("  Task:\n", "  Job:\n    renamed_from: Task\n")


def test_every_base_is_what_the_manifest_says_after_a_rename(project: Path, edit: Edit) -> None:
    """Also of a file that its owner deleted, and of one that is left with markers."""
    edit(project / AGGREGATES, "maximum=200)", "maximum=100)")
    (project / "src/todo/application/todo/mappers.py").unlink()
    (project / ROUTES.format("tasks")).unlink()
    edit(project / "apigen.yaml", *RENAME)
    edit(project / "apigen.yaml", "str(1..200)", "str(1..300)")

    report = driver.regenerate(project, OPTIONS)

    assert [conflict.path for conflict in report.open_conflicts] == [AGGREGATES]
    entries = read_manifest(project).entries
    assert ROUTES.format("tasks") not in entries
    wrong = [
        path
        for path, entry in entries.items()
        if (project / base_path(path)).exists()
        and digest_of(project / base_path(path)) not in entry.hashes
    ]
    assert wrong == []
    assert (project / base_path(ROUTES.format("jobs"))).exists()
    assert not (project / base_path(ROUTES.format("tasks"))).exists()
    text = (project / AGGREGATES).read_text()
    assert "class Job(" in text
    assert text.count("<<<<<<< yours\n") == 1


def test_a_deleted_file_stays_away_under_its_new_name_until_it_is_restored(
    project: Path, edit: Edit
) -> None:
    (project / ROUTES.format("tasks")).unlink()
    edit(project / "apigen.yaml", *RENAME)

    report = driver.regenerate(project, OPTIONS)
    away = not (project / ROUTES.format("jobs")).exists()
    restore = frozenset({ROUTES.format("jobs")})
    driver.regenerate(project, RunOptions(check_types=False, restore=restore))

    kept = {change.path: change for change in report.changes if isinstance(change, Keep)}
    assert kept[ROUTES.format("jobs")].kept is Kept.DELETED
    assert away
    assert "Job" in (project / ROUTES.format("jobs")).read_text()


def test_a_file_with_an_open_conflict_can_not_be_renamed_in(project: Path, edit: Edit) -> None:
    edit(project / AGGREGATES, "maximum=200)", "maximum=100)")
    edit(project / "apigen.yaml", "str(1..200)", "str(1..300)")
    assert driver.regenerate(project, OPTIONS).open_conflicts
    edit(project / "apigen.yaml", *RENAME)
    before = contents(project)

    report = driver.regenerate(project, OPTIONS)

    assert [(change.path, change.reason) for change in report.blocked] == [
        (AGGREGATES, Reason.MARKERS)
    ]
    assert contents(project) == before


def test_a_file_in_the_way_of_a_rename_is_named_as_it_stands(project: Path, edit: Edit) -> None:
    edit(project / ROUTES.format("tasks"), "from todo", "from from todo")
    edit(project / "apigen.yaml", *RENAME)

    report = driver.regenerate(project, OPTIONS)

    assert [(change.path, change.reason) for change in report.blocked] == [
        (ROUTES.format("tasks"), Reason.UNREADABLE)
    ]


def test_a_rename_is_undone_with_the_moves_and_the_owners_files(project: Path, edit: Edit) -> None:
    (project / "src/todo/mine.py").write_text(
        "from todo.domain.todo.aggregates import Task\n\nKIND = Task\n"
    )
    edit(project / ROUTES.format("tasks"), "from todo", "# mine\nfrom todo")
    edit(project / "apigen.yaml", *RENAME)
    before = contents(project)
    report = driver.regenerate(project, OPTIONS)
    assert report.blocked == ()
    assert report.conflicted == ()
    assert "KIND = Job" in (project / "src/todo/mine.py").read_text()
    assert "# mine\n" in (project / ROUTES.format("jobs")).read_text()

    undo(project)

    assert contents(project) == before


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_a_linked_folder_in_the_project_is_renamed_in(
    project: Path, edit: Edit, folder: str
) -> None:
    """Case 43: a symlinked `src`."""
    (project / folder).rename(project / "real")
    (project / folder).symlink_to("real")
    (project / folder / "mine.py").write_text(
        "from todo.domain.todo.aggregates import Task\n\nKIND = Task\n"
    )
    edit(project / "apigen.yaml", *RENAME)

    report = driver.regenerate(project, OPTIONS)

    assert report.written
    assert (project / folder).is_symlink()
    assert "KIND = Job" in (project / "real/mine.py").read_text()
    assert {change.path for change in report.changes if change.path.startswith("real/")} == set()
    (project / ".apigen/cache/fingerprint.json").unlink()
    again = driver.regenerate(project, OPTIONS)
    assert all(isinstance(change, Keep) for change in again.changes)


def test_an_orphan_is_remembered_through_a_rename(project: Path, edit: Edit) -> None:
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + "  Note:\n    fields:\n      text: str(1..9)\n")
    driver.regenerate(project, OPTIONS)
    path = ROUTES.format("notes")
    edit(project / path, "from todo", "# mine\nfrom todo")
    edit(spec, "  Note:\n    fields:\n      text: str(1..9)\n", "")
    edit(spec, *RENAME)
    agreed = RunOptions(
        check_types=False, removal=frozenset({"Note"}), data_loss=frozenset({"Note"})
    )

    first = driver.regenerate(project, agreed)
    (project / ".apigen/cache/fingerprint.json").unlink()
    second = driver.regenerate(project, OPTIONS)

    assert first.written, [one.message for one in (first.judgement and first.judgement.found) or ()]
    assert path in first.orphans
    assert path in second.orphans
    assert "# mine\n" in (project / path).read_text()
