"""A project's own command line tells what was applied, and whether the files still say that."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from apigen.support.testing.databases import BACKENDS, database
from tests.generated.projects import Projects, assert_clean, run

pytestmark = pytest.mark.slow


class Project:
    """A project and its database."""

    def __init__(self, folder: Path, url: str) -> None:
        """Take a project that was never migrated."""
        self.folder = folder
        self.url = url

    def db(self, *arguments: str) -> CompletedProcess[str]:
        """Run a command of its own."""
        command = (sys.executable, "-m", "scripts.cli.commands", "db", *arguments)
        return run(*command, cwd=self.folder, DATABASE_URL=self.url)

    @property
    def revision(self) -> Path:
        """The file of its only revision."""
        (path,) = (self.folder / "migrations/versions").glob("*.py")
        return path


@pytest.fixture(params=BACKENDS)
def project(
    request: pytest.FixtureRequest, projects: Projects, tmp_path: Path
) -> Iterator[Project]:
    """A todo on an empty database, SQLite and PostgreSQL in turn."""
    with database(request.param) as url:
        yield Project(projects.copy("todo", tmp_path), url)


@pytest.mark.criterion("R68.4")
def test_history_and_verify_tell_what_became_of_a_revision(project: Project) -> None:
    revision = project.revision.name.partition("_")[0]
    line = rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\dZ  up    {revision}  \d+\.\d\d s  \S+@\S+  "
    empty = project.db("history")

    assert_clean(project.db("upgrade"))
    applied, right = project.db("history"), project.db("verify")
    with project.revision.open("a") as file:
        file.write("# A later thought.\n")
    changed, wrong = project.db("history"), project.db("verify")

    assert empty.stdout == "Nothing was applied.\n"
    assert re.fullmatch(line + "as applied\n", applied.stdout), applied.stdout
    assert (right.returncode, right.stdout) == (0, "The revisions are what was applied.\n")
    assert re.fullmatch(line + "changed since\n", changed.stdout), changed.stdout
    assert wrong.returncode == 1
    assert f"{revision}: {project.revision.name} was changed after it was applied" in wrong.stderr
    assert_clean(project.db("check"))


@pytest.mark.criterion("R68.4")
def test_verify_names_a_revision_without_a_file_and_downgrades_are_in_the_history(
    project: Project,
) -> None:
    assert_clean(project.db("upgrade"))
    assert_clean(project.db("downgrade", "base"))
    assert_clean(project.db("upgrade"))
    steps = [line.split("  ")[1].strip() for line in project.db("history").stdout.splitlines()]
    revision = project.revision.name.partition("_")[0]

    project.revision.unlink()
    lost = project.db("verify")

    assert steps == ["up", "down", "up"]
    assert lost.returncode == 1
    assert f"{revision}: was applied at " in lost.stderr
    assert "its file is gone" in lost.stderr
