"""A dry run tells exactly what a run does, and does nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from apigen import driver
from apigen.driver import OnConflict, RunOptions
from apigen.merge.changes import (
    Change,
    Create,
    Delete,
    Keep,
    Merge,
    Move,
    Rewrite,
    Update,
)
from tests.merge.renderings import contents

type Edit = Callable[[Path, str, str], None]

OPTIONS = RunOptions(check_types=False)
AGGREGATES = "src/todo/domain/todo/aggregates.py"
SPECS = {
    "a new field": ("done: bool = false\n", "done: bool = false\n      note: text?\n"),
    "a renamed field": ("title: str(1..200)\n", "name: str(1..200) renamed_from=title\n"),
    "a renamed entity": ("  Task:\n", "  Job:\n    renamed_from: Task\n"),
    "a new entity": ("entities:\n", "entities:\n  Note:\n    fields: { text: text }\n"),
}


def told(changes: tuple[Change, ...]) -> tuple[dict[str, bytes], set[str]]:
    """Return what files will hold, and which will be gone."""
    written: dict[str, bytes] = {}
    gone: set[str] = set()
    for change in changes:
        inner = change.change if isinstance(change, Move) else change
        if isinstance(change, Move):
            gone.add(change.source)
        match inner:
            case Create(file=file) | Update(file=file):
                written[change.path] = file.content
            case Merge(content=content) | Rewrite(content=content):
                written[change.path] = content
            case Delete(path=path):
                gone.add(path)
            case _:
                assert isinstance(inner, Keep)
    return written, gone


@pytest.mark.parametrize("what", SPECS)
def test_a_dry_run_equals_what_a_run_does(project: Path, edit: Edit, what: str) -> None:
    """Case 41."""
    edit(project / AGGREGATES, '"""A task."""', '"""A task, of mine."""')
    (project / "src/todo/mine.py").write_text(
        "from todo.domain.todo.aggregates import Task\n\n\ndef shout(task: Task) -> str:\n"
        "    return task.title.upper()\n"
    )
    edit(project / "apigen.yaml", *SPECS[what])
    before = contents(project)

    planned = driver.preview(project, OPTIONS)
    untouched = contents(project)
    done = driver.regenerate(project, OPTIONS)

    assert untouched == before
    assert done.written
    assert planned.changes == done.changes
    assert planned.evolution == done.evolution
    written, gone = told(planned.changes)
    after = contents(project)
    own = {path for path in {*before, *after} if not path.startswith(".apigen/")}
    differing = {path for path in own if before.get(path) != after.get(path)}
    assert differing == {*written, *gone}
    assert all(after[path][0] == content for path, content in written.items())
    assert not gone & set(after)


def test_a_conflict_is_told_and_can_be_refused(project: Path, edit: Edit) -> None:
    edit(project / AGGREGATES, "maximum=200)", "maximum=100)")
    edit(project / "apigen.yaml", "str(1..200)", "str(1..300)")
    before = contents(project)

    refused = driver.regenerate(project, replace(OPTIONS, on_conflict=OnConflict.FAIL))
    untouched = contents(project)
    planned = driver.preview(project, OPTIONS)
    done = driver.regenerate(project, OPTIONS)

    assert not refused.written
    assert untouched == before
    assert [change.path for change in refused.conflicted] == [AGGREGATES]
    assert planned.changes == done.changes
    assert [conflict.path for conflict in done.open_conflicts] == [AGGREGATES]
    assert "<<<<<<< yours" in (project / AGGREGATES).read_text()
