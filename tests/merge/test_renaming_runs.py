"""Declared renames in whole runs: cases 22 and 33 of merge.md, on disk."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.undo import undo
from apigen.merge.changes import Blocked, Keep, Move, Reason, Rewrite
from apigen.report import Report, RunOptions
from tests.merge.renderings import contents

type Edit = Callable[[Path, str, str], None]

AGGREGATES = "src/todo/domain/todo/aggregates.py"
ROUTES = "src/todo/interface/api/v1/tasks.py"
MOVED = "src/todo/interface/api/v1/chores.py"
OWN = "src/todo/domain/todo/own.py"
OWN_MODULE = '''\
"""Mine."""

from todo.domain.todo.aggregates import Task


def finish(tasks: list[Task]) -> list[str]:
    """Finish tasks."""
    for task in tasks:
        task.done = True
    return [task.title for task in tasks]
'''
METHOD = '''\
    def finish(self) -> None:
        """Finish it."""
        self.done = True

    def check_invariants'''
NEW_SPEC = """apigen: 1
app: todo
entities:
  Chore:
    renamed_from: Task
    fields:
      title: str(1..200)
      finished: bool renamed_from=done = false
"""


def _edit_all_layers(project: Path, edit: Edit) -> None:
    edit(project / AGGREGATES, "    def check_invariants", METHOD)
    place = project / ROUTES
    place.write_text(f"{place.read_text()}\n\nMINE = TASKS  # at /tasks\n")
    (project / OWN).write_text(OWN_MODULE)


def _regenerate(project: Path, spec: str = NEW_SPEC) -> Report:
    (project / "apigen.yaml").write_text(spec)
    return driver.regenerate(project, RunOptions(check_types=False))


def _again(project: Path) -> Report:
    """Run once more, without what tells that nothing changed."""
    shutil.rmtree(project / ".apigen/cache")
    return driver.regenerate(project, RunOptions(check_types=False))


def test_an_entity_is_renamed_with_edits_in_all_layers(project: Path, edit: Edit) -> None:
    """Case 33."""
    _edit_all_layers(project, edit)

    report = _regenerate(project)

    assert report.written
    assert not (project / ROUTES).exists()
    assert (project / MOVED).read_text().endswith("\n\nMINE = CHORES  # at /tasks\n")
    aggregates = (project / AGGREGATES).read_text()
    assert METHOD.replace("done", "finished") in aggregates
    assert "    finished: bool = False\n" in aggregates
    assert (project / OWN).read_text() == OWN_MODULE.replace("Task", "Chore").replace(
        "task.done", "task.finished"
    )
    kinds = {change.path: type(change) for change in report.changes}
    assert (kinds[MOVED], kinds[OWN]) == (Move, Rewrite)
    assert [(one.path, one.line, one.name) for one in report.mentions] == [(MOVED, 88, "tasks")]


def test_the_run_after_a_rename_writes_nothing(project: Path, edit: Edit) -> None:
    _edit_all_layers(project, edit)
    _regenerate(project)
    once = contents(project)

    report = _again(project)

    assert all(isinstance(change, Keep) for change in report.changes)
    assert contents(project) == once


def test_a_rename_without_edits_is_a_new_project(project: Path, tmp_path: Path) -> None:
    """But for the migration, and for what the records remember."""
    _regenerate(project)
    spec = tmp_path / "fresh.yaml"
    spec.write_text(
        NEW_SPEC.replace("    renamed_from: Task\n", "").replace(" renamed_from=done", "")
    )
    driver.initialise(tmp_path / "fresh", spec)

    fresh, renamed = contents(tmp_path / "fresh"), contents(project)

    differ = {path for path in {*fresh, *renamed} if fresh.get(path) != renamed.get(path)}
    assert {path for path in differ if not path.startswith((".apigen/", "migrations/"))} == {
        "README.md",  # written once
        "apigen.yaml",
    }
    assert not {path for path in differ if path.startswith(".apigen/base/src")}


def test_undo_takes_a_rename_back(project: Path, edit: Edit) -> None:
    _edit_all_layers(project, edit)
    (project / "apigen.yaml").write_text(NEW_SPEC)
    before = contents(project)
    driver.regenerate(project, RunOptions(check_types=False))

    undo(project)

    assert contents(project) == before


def test_a_rename_and_back_is_the_code_as_it_was(project: Path, edit: Edit) -> None:
    _edit_all_layers(project, edit)
    before = contents(project)
    _regenerate(project)
    back = NEW_SPEC.replace("Task", "?").replace("Chore", "Task").replace("?", "Chore")
    back = back.replace("done", "?").replace("finished", "done").replace("?", "finished")

    _regenerate(project, back)

    after = contents(project)
    for path, content in before.items():
        if not path.startswith((".apigen/", "migrations/")) and path != "apigen.yaml":
            assert after[path] == content, path


def test_a_rename_and_another_change_are_both_done(project: Path, edit: Edit) -> None:
    _edit_all_layers(project, edit)

    _regenerate(project, f"{NEW_SPEC}      weight: int = 1\n")

    aggregates = (project / AGGREGATES).read_text()
    assert METHOD.replace("done", "finished") in aggregates
    assert "    finished: bool = False\n    weight: int = 1\n" in aggregates


def test_a_name_in_use_stops_the_run_and_nothing_is_written(project: Path, edit: Edit) -> None:
    edit(project / AGGREGATES, "@dataclass", "class Chore: ...\n\n\n@dataclass")
    (project / "apigen.yaml").write_text(NEW_SPEC)
    before = contents(project)

    report = driver.regenerate(project, RunOptions(check_types=False))

    (blocked,) = [change for change in report.changes if isinstance(change, Blocked)]
    assert (blocked.path, blocked.reason) == (AGGREGATES, Reason.TAKEN)
    assert not report.written
    assert contents(project) == before


def test_a_file_in_the_way_of_a_moving_one_stops_the_run(project: Path) -> None:
    (project / MOVED).write_text("MINE = 1\n")

    report = _regenerate(project)

    (blocked,) = [change for change in report.changes if isinstance(change, Blocked)]
    assert (blocked.path, blocked.reason) == (MOVED, Reason.FOREIGN)
    assert (project / MOVED).read_text() == "MINE = 1\n"
    assert (project / ROUTES).exists()


@pytest.mark.parametrize("path", [AGGREGATES, ROUTES])
def test_a_file_the_owner_deleted_stays_deleted(project: Path, path: str) -> None:
    (project / path).unlink()

    report = _regenerate(project)
    again = _again(project)

    assert report.written
    assert not (project / path).exists()
    assert not (project / MOVED).exists() or path == AGGREGATES
    assert again.blocked == ()
    assert all(isinstance(change, Keep) for change in again.changes)


def test_a_class_that_the_owner_renamed_keeps_their_name(project: Path) -> None:
    """Case 22: the owner's name wins, and what the spec calls it is only the base."""
    place = project / AGGREGATES
    place.write_text(place.read_text().replace("class Task(", "class MyTask("))

    report = _regenerate(project)

    assert report.blocked == ()
    text = place.read_text()
    assert "class MyTask(AggregateRoot[ChoreId]):" in text
    assert "class Chore(" not in text
    assert "    finished: bool = False\n" in text


def test_data_of_the_last_spec_may_be_gone_from_disk(project: Path) -> None:
    """A rename of an entity, and of the file of its rows, in one go."""
    fields = "{title: str(1..200), done: bool = false}"
    before = (
        "apigen: 1\napp: todo\nseeds: {dev: {Task: old.json}}\n"
        f"entities:\n  Task: {{fields: {fields}}}\n"
    )
    (project / "old.json").write_text('[{"title": "one"}]\n')
    _regenerate(project, before)
    (project / "old.json").rename(project / "new.json")

    report = _regenerate(
        project,
        before.replace("Task: {f", "Chore: {renamed_from: Task, f").replace(
            "{Task: old.json}", "{Chore: new.json}"
        ),
    )

    assert report.written
    assert (project / MOVED).is_file()
    (data,) = project.glob("seeds/**/*.json")
    assert data.read_text() == '[{"title": "one"}]\n'
