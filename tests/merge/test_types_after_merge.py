"""Case 34: the spec takes away what the owner's code uses; the check names the lines and why."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apigen.cli.app import app

SPEC = Path(__file__).parents[2] / "specs/todo.yaml"
OWN = "src/todo/late.py"
AGGREGATES = "src/todo/domain/todo/aggregates.py"
AGREED = ("--accept-removal", "Task.due_on", "--accept-data-loss", "Task.due_on")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose owner uses a field in a file of their own and in a generated one."""
    root = tmp_path_factory.mktemp("types") / "todo"
    done = CliRunner().invoke(app, ["init", "todo", "--spec", str(SPEC), "--dir", str(root)])
    assert done.exit_code == 0, done.output
    (root / OWN).write_text(
        '"""Mine."""\n\nfrom todo.domain.todo.aggregates import Task\n\n\n'
        "def is_late(task: Task) -> bool:\n    return task.due_on is not None\n"
    )
    text = (root / AGGREGATES).read_text()
    (root / AGGREGATES).write_text(
        f'{text}\n    def has_date(self) -> bool:\n        """Mine."""\n'
        "        return self.due_on is not None\n"
    )
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "todo"))


def _run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--dir", str(project)])


def _delete_field(project: Path) -> None:
    spec = project / "apigen.yaml"
    lines = spec.read_text().splitlines(keepends=True)
    spec.write_text("".join(line for line in lines if "due_on" not in line))


def _line(project: Path, path: str, text: str) -> int:
    lines = (project / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip() == text)


def test_each_line_that_uses_a_deleted_field_is_named_with_the_deletion(project: Path) -> None:
    _delete_field(project)

    done = _run(project, "regenerate", *AGREED, "--format", "json")

    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    assert told["written"] is True
    found = [
        (misfit["path"], misfit["line"], misfit["code"], misfit["symbol"], misfit["cause"])
        for misfit in told["types"]["misfits"]
    ]
    cause = "field `Task.due_on` is gone"
    assert found == [
        (
            AGGREGATES,
            _line(project, AGGREGATES, "return self.due_on is not None"),
            "attr-defined",
            "todo.Task.due_on",
            cause,
        ),
        (
            OWN,
            _line(project, OWN, "return task.due_on is not None"),
            "attr-defined",
            "todo.Task.due_on",
            cause,
        ),
    ]


def test_without_the_check_the_same_run_ends_well(project: Path) -> None:
    _delete_field(project)

    done = _run(project, "regenerate", *AGREED, "--no-types")

    assert done.exit_code == 0, done.output
    assert "no longer fit" not in done.stderr


def test_a_field_that_is_renamed_in_the_spec_still_fits(project: Path) -> None:
    done = _run(project, "rename-field", "Task", "due_on", "deadline")

    assert done.exit_code == 0, done.output
    assert "no longer fit" not in done.stderr
    assert "task.deadline is not None" in (project / OWN).read_text()


def test_an_added_field_leaves_the_owners_code_fitting(project: Path) -> None:
    done = _run(project, "add-field", "Task", "note: text?")

    assert done.exit_code == 0, done.output
    assert "types were not checked" not in done.stderr
    assert "def has_date" in (project / AGGREGATES).read_text()
