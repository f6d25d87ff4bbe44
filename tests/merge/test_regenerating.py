"""Regenerating a whole project: nothing to do, edits everywhere, new fields, twice the same."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.manifest import read_manifest
from apigen.driver import RunOptions
from apigen.merge.changes import Change, Keep, Kept, Merge
from apigen.plan.file import FileClass
from tests.merge.renderings import contents

type Edit = Callable[[Path, str, str], None]

OPTIONS = RunOptions(check_types=False)
NOTE = ("      done: bool = false\n", "      done: bool = false\n      note: text?\n")
COMMENTS = {".py": "#", ".toml": "#", ".yaml": "#", ".yml": "#", ".md": "", ".ini": "#"}


def run(project: Path, options: RunOptions = OPTIONS) -> driver.Report:
    """Regenerate the long way, whatever the note of the last run says."""
    (project / ".apigen/cache/fingerprint.json").unlink(missing_ok=True)
    return driver.regenerate(project, options)


def changed(report: driver.Report) -> dict[str, Change]:
    """Return what is not kept, by path."""
    return {change.path: change for change in report.changes if not isinstance(change, Keep)}


def test_a_run_without_a_reason_writes_nothing(project: Path) -> None:
    """Case 1."""
    before = contents(project)

    report = run(project)

    assert report.judgement is not None
    assert changed(report) == {}
    assert contents(project) == before


def edit_everything(project: Path) -> list[str]:
    """Put a comment at the end of every file its owner may edit; return their paths."""
    edited = []
    for path, entry in read_manifest(project).entries.items():
        place = project / path
        mark = COMMENTS.get(place.suffix, "#")
        if entry.file_class is FileClass.MERGED and path not in (".python-version",):
            place.write_text(f"{place.read_text().rstrip()}\n{mark} mine: {path}\n".lstrip("\n"))
            edited.append(path)
    return edited


def test_a_run_after_edits_in_every_merged_file_writes_nothing(project: Path) -> None:
    """Case 2."""
    edited = edit_everything(project)
    before = contents(project)

    report = run(project)

    kept = {change.path for change in report.changes if isinstance(change, Keep)}
    assert len(edited) > 50
    assert kept >= set(edited)
    assert report.blocked == ()
    assert contents(project) == before


def test_a_new_field_reaches_every_layer_of_an_unedited_project(project: Path, edit: Edit) -> None:
    """Case 3."""
    edit(project / "apigen.yaml", *NOTE)

    report = run(project)

    written = changed(report)
    assert report.written
    assert not [path for path, change in written.items() if isinstance(change, Merge)]
    for layer in ("domain", "application", "infrastructure"):
        assert any(path.startswith(f"src/todo/{layer}/") for path in written)
    again = contents(project)
    assert changed(run(project)) == {}
    assert contents(project) == again


def test_a_new_field_meets_edits_in_every_merged_file(project: Path, edit: Edit) -> None:
    edited = edit_everything(project)
    edit(project / "apigen.yaml", *NOTE)

    report = run(project)

    assert report.blocked == ()
    assert report.conflicted == ()
    assert any(isinstance(change, Merge) for change in changed(report).values())
    for path in edited:
        assert f"mine: {path}" in (project / path).read_text(), path
    assert "note" in (project / "src/todo/domain/todo/aggregates.py").read_text()
    after = contents(project)
    assert changed(run(project)) == {}
    assert contents(project) == after


def test_both_sides_of_pyproject_are_merged(project: Path, edit: Edit) -> None:
    """Case 45: dependencies of the owner's, a version of the spec's."""
    place = project / "pyproject.toml"
    edit(place, "dependencies = [\n", 'dependencies = [\n    "httpx-sse>=0.4",  # for the feed\n')
    place.write_text(place.read_text() + '\n[tool.mine]\nkey = "value"\n')
    edit(project / "apigen.yaml", "app: todo\n", "app: { name: todo, version: 3.1.0 }\n")

    report = run(project)

    assert report.conflicted == ()
    assert isinstance(changed(report)["pyproject.toml"], Merge)
    text = place.read_text()
    assert "# for the feed" in text
    table = tomllib.loads(text)["project"]
    assert "httpx-sse>=0.4" in table["dependencies"]
    assert table["version"] == "3.1.0"
    assert tomllib.loads(text)["tool"]["mine"] == {"key": "value"}


def test_the_spec_as_it_was_is_remembered(project: Path, edit: Edit) -> None:
    first = (project / "apigen.yaml").read_bytes()
    edit(project / "apigen.yaml", *NOTE)
    before = (project / ".apigen/spec/apigen.yaml").read_bytes()

    run(project)

    assert before == first
    assert (project / ".apigen/spec/apigen.yaml").read_bytes() == (
        project / "apigen.yaml"
    ).read_bytes()


def test_a_file_the_owner_deleted_stays_away_until_it_is_restored(
    project: Path, edit: Edit
) -> None:
    """Case 29."""
    path = "src/todo/application/todo/dtos.py"
    (project / path).unlink()
    edit(project / "apigen.yaml", *NOTE)

    gone = run(project)
    kept = {change.path: change for change in gone.changes if isinstance(change, Keep)}
    run(project, RunOptions(check_types=False, restore=frozenset({path})))

    assert kept[path].kept is Kept.DELETED
    assert "note" in (project / path).read_text()


def test_what_is_not_apigens_can_not_be_restored(project: Path) -> None:
    from apigen.disk.paths import ProjectError

    with pytest.raises(ProjectError, match=r"nothing at src/todo/nothing\.py"):
        run(project, RunOptions(check_types=False, restore=frozenset({"src/todo/nothing.py"})))
