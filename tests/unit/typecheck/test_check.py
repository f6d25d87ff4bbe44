"""The owner's lines that no longer fit what a run wrote, told by the real mypy."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from apigen.evolve.record import Evolution, SpecChange
from apigen.typecheck import check
from apigen.typecheck.check import NO_ENVIRONMENT, check_types
from apigen.typecheck.report import TypeReport
from apigen.typecheck.touched import Touched
from tests.unit.typecheck.evolutions import evolution

TASK = "src/todo/task.py"
BEFORE = "class Task:\n    title: str\n    due_on: int\n"
AFTER = "class Task:\n    title: str\n"
RENDERED = {
    "src/todo/__init__.py": b"",
    TASK: AFTER.encode(),
    "src/todo/made.py": b"from todo.task import Task\n\n\ndef f(task: Task) -> None:\n"
    b"    task.title = 1\n",
}
TOUCHED = (Touched(path=TASK, before=BEFORE, after=AFTER),)
GONE = evolution(
    changes=(
        SpecChange(
            kind="removed",
            element="field",
            symbol="todo.Task.due_on",
            text="field `Task.due_on` is gone",
        ),
    )
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project after the run, with settings as a generated one has them."""
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'todo'\n[tool.mypy]\nmypy_path = 'src'\n"
        "explicit_package_bases = true\nstrict = true\n"
    )
    for path, content in RENDERED.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def _write(project: Path, path: str, text: str) -> None:
    place = project / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def _told(
    project: Path,
    *,
    touched: tuple[Touched, ...] = TOUCHED,
    rendered: Mapping[str, bytes] = RENDERED,
    evolution: Evolution | None = GONE,
) -> list[tuple[str, int, str, str]]:
    report = check_types(project, touched, rendered, evolution=evolution)
    assert report.note == ""
    return [
        (misfit.finding.path, misfit.finding.line, misfit.text, misfit.cause)
        for misfit in report.misfits
    ]


def test_a_line_that_reads_a_deleted_field_is_named_with_the_deletion(project: Path) -> None:
    _write(
        project,
        "src/todo/late.py",
        "from todo.task import Task\n\n\ndef is_late(task: Task) -> bool:\n"
        "    return task.due_on > 3\n",
    )

    assert _told(project) == [
        ("src/todo/late.py", 5, "return task.due_on > 3", "field `Task.due_on` is gone")
    ]


def test_an_own_line_in_a_generated_file_is_named_and_generated_lines_are_not(
    project: Path,
) -> None:
    """Line 5 of the rendering is wrong in itself; only line 6 is the owner's."""
    made = RENDERED["src/todo/made.py"].decode()
    _write(project, "src/todo/made.py", f"{made}    print(task.due_on)\n")

    report = check_types(project, TOUCHED, RENDERED, evolution=GONE)

    assert [misfit.finding.line for misfit in report.misfits] == [6]
    assert (report.others, report.checked) == (1, 1)


def test_what_was_wrong_before_and_has_no_part_in_the_change_is_only_counted(
    project: Path,
) -> None:
    _write(project, "tests/test_it.py", "from todo.task import Task\n\nx: int = 'a'\nprint(Task)\n")

    report = check_types(project, TOUCHED, RENDERED, evolution=GONE)

    assert (report.misfits, report.others) == ((), 1)


def test_what_does_not_reach_a_touched_file_is_not_looked_at(project: Path) -> None:
    _write(project, "src/todo/alone.py", "due_on: int = 'a'\n")

    assert check_types(project, TOUCHED, RENDERED, evolution=GONE).checked == 0


def test_a_change_that_no_spec_explains_is_one_of_its_file(project: Path) -> None:
    _write(
        project,
        "src/todo/late.py",
        "from todo.task import Task\n\n\ndef f(task: Task) -> None:\n    print(task.due_on)\n",
    )

    assert [cause for *_, cause in _told(project, evolution=None)] == [f"a change of {TASK}"]


def test_an_import_of_a_deleted_module_is_named(project: Path) -> None:
    _write(project, "src/todo/late.py", "from todo.order import Order\n\nprint(Order)\n")
    gone = Touched(path="src/todo/order.py", before="class Order: ...\n", after=None)

    told = _told(project, touched=(gone,), evolution=None)

    assert told == [
        (
            "src/todo/late.py",
            1,
            "from todo.order import Order",
            "a change of src/todo/order.py",
        )
    ]


def test_a_link_to_nowhere_is_no_obstacle(project: Path) -> None:
    (project / "src/todo/gone.py").symlink_to(project / "nowhere.py")
    _write(project, "src/todo/late.py", "from todo.task import Task\n\nprint(Task)\n")

    report = check_types(project, TOUCHED, RENDERED, evolution=GONE)

    assert (report.misfits, report.checked, report.note) == ((), 1, "")


@pytest.mark.parametrize(
    "more", [b"# \xe9\n", b"def f(:\n"], ids=["another encoding", "does not parse"]
)
def test_a_file_that_mypy_can_not_read_is_named(project: Path, more: bytes) -> None:
    _write(project, "src/todo/late.py", "from todo.task import Task\n\nfrom todo import torn\n")
    (project / "src/todo/torn.py").write_bytes(more)

    report = check_types(project, TOUCHED, RENDERED, evolution=GONE)

    assert report.note.startswith("types were not checked: mypy failed: src/todo/torn.py")


def test_nothing_is_started_when_nothing_of_the_owners_is_concerned(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(_: Path) -> Path | None:
        raise AssertionError("an interpreter was looked for")

    monkeypatch.setattr(check, "find_python", started)

    assert check_types(project, TOUCHED, RENDERED, evolution=GONE) == TypeReport()


def test_without_an_environment_the_report_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(project, "src/todo/late.py", "from todo.task import Task\n\nprint(Task)\n")
    monkeypatch.setattr(check, "find_python", lambda _: None)

    assert check_types(project, TOUCHED, RENDERED, evolution=GONE).note == NO_ENVIRONMENT
