"""A project made by each release, with edits and rows, is brought to today's apigen and lives on.

`<name>-<version>.tar.gz` is what `apigen init` of that release made. It is never made again.
"""

import tarfile
from pathlib import Path

import pytest

from tests.generated.projects import assert_clean
from tests.life.project import LivingProject

pytestmark = pytest.mark.slow

RELEASES = sorted(Path(__file__).parent.glob("todo-*.tar.gz"))
TASKS = (
    ("0" * 31 + "1", "Buy milk", 0, "2026-11-30"),
    ("0" * 31 + "2", "Pay rent", 1, None),
    ("0" * 31 + "3", "x" * 200, 0, None),
)
NOW = "2026-11-01 12:00:00.000000"


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.removesuffix(".tar.gz"))
def todo(request: pytest.FixtureRequest, tmp_path: Path) -> LivingProject:
    """A project of a release, migrated by its own code, with three rows."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    made = LivingProject(tmp_path / "todo", database=tmp_path / "todo.db")
    assert_clean(made.project("-m", "scripts.cli.commands", "db", "upgrade"))
    for key, title, done, due_on in TASKS:
        made.store(
            "INSERT INTO tasks (id, title, done, due_on, created_at, updated_at, version)"
            " VALUES (?, ?, ?, ?, ?, ?, 1)",
            *(key, title, done, due_on, NOW, NOW),
        )
    return made


def _edit(todo: LivingProject) -> None:
    """Do what owners do, in files that every release changes."""
    todo.edit(
        "scripts/cli/commands/db.py",
        "@app.command()\ndef current() -> None:",
        '@app.command()\ndef where() -> None:\n    """Show the folder of the revisions."""\n'
        '    typer.echo(_ROOT / "migrations")\n\n\n@app.command()\ndef current() -> None:',
    )
    todo.edit(
        "migrations/env.py",
        "# Importing the rows puts their tables into the metadata.\n",
        "# Ours are all in one schema.\n"
        "# Importing the rows puts their tables into the metadata.\n",
    )
    todo.edit("pyproject.toml", "line-length = 100", "line-length = 110 # wide screens")
    todo.edit("pyproject.toml", '    "typer>=', '    "tzdata>=2025.1", # Windows\n    "typer>=')
    todo.edit("compose.yaml", "  app:\n    <<: *app\n", "  app:\n    <<: *app\n    init: true\n")
    todo.edit(".gitignore", "dist/\n", "dist/\n/notes/\n")
    todo.write("src/todo/domain/todo/deadlines.py", '"""Deadlines."""\n\nDAYS = 14\n')


def test_an_upgrade_keeps_edits_and_rows_and_needs_no_second_run(todo: LivingProject) -> None:
    _edit(todo)

    said = todo.apigen("upgrade")

    assert "conflict" not in said
    todo.is_settled()
    assert todo.rows("SELECT id, title, done, due_on FROM tasks ORDER BY id") == list(TASKS)
    assert_clean(todo.project("-m", "scripts.cli.commands", "db", "upgrade"))
    assert_clean(todo.project("-m", "scripts.cli.commands", "db", "check"))
    assert_clean(todo.project("-m", "scripts.cli.commands", "db", "verify"))
    todo.has_right_types(todo.root.parent / "mypy")
    todo.is_clean()


def test_after_an_upgrade_the_spec_changes_and_rows_move_along(todo: LivingProject) -> None:
    revision = next((todo.root / "migrations/versions").glob("*_initial.py"))
    first = revision.read_bytes()
    _edit(todo)
    todo.apigen("upgrade")

    todo.spec(
        "      title: str(1..200)\n",
        "      name: str(1..200) renamed_from=title\n      note: str(1..50) = 'none'\n",
        "--accept-removal",
        "Task.title",
    )
    todo.migrate()

    assert revision.read_bytes() == first
    assert todo.rows("SELECT id, name, note, done, due_on FROM tasks ORDER BY id") == [
        (key, title, "none", done, due_on) for key, title, done, due_on in TASKS
    ]
    # Only since 0.2.0 is the first revision in it too.
    assert {row[0] for row in todo.rows("SELECT direction FROM migration_history")} == {"up"}
    assert_clean(todo.project("-m", "scripts.cli.commands", "db", "check"))
    assert_clean(todo.project("-m", "scripts.cli.commands", "db", "verify"))
    todo.is_settled()
    todo.passes_its_tests()
    todo.migrate("-1")
    assert todo.rows("SELECT id, title, done, due_on FROM tasks ORDER BY id") == list(TASKS)


def test_an_upgrade_can_be_undone(todo: LivingProject) -> None:
    _edit(todo)
    before = {path: text for path, text in todo.bytes().items() if not path.startswith(".apigen/")}

    todo.apigen("upgrade")
    todo.apigen("undo")

    after = {path: text for path, text in todo.bytes().items() if not path.startswith(".apigen/")}
    assert after == before


def test_there_is_a_project_of_every_release() -> None:
    assert [path.name for path in RELEASES] == ["todo-0.1.0.tar.gz", "todo-0.2.0.tar.gz"]
