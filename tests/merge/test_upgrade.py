"""Projects that older releases made, with edits in them, are brought to this one."""

import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apigen.cli.app import app
from apigen.disk.manifest import read_manifest
from apigen.disk.revisions import read_heads
from apigen.disk.undo import undo
from apigen.plan.file import FileClass
from tests.merge.renderings import contents

RELEASES = sorted((Path(__file__).parents[1] / "releases").glob("*.tar.gz"))
AGGREGATES = "src/todo/domain/todo/aggregates.py"
METHOD = "\n    def postpone(self, days: int) -> None:\n        self.days = days  # mine\n"


@pytest.fixture(params=RELEASES, ids=lambda place: place.name.removesuffix(".tar.gz"))
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project as a release of apigen made it."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "todo"


def edit(project: Path) -> dict[str, str]:
    """Edit code, settings and a script; return a line of each by path."""
    place = project / AGGREGATES
    place.write_text(place.read_text().rstrip() + "\n" + METHOD)
    for path in ("pyproject.toml", "Makefile", "scripts/cli/commands/db.py"):
        place = project / path
        place.write_text(place.read_text() + f"# mine in {path}\n")
    (project / ".gitignore").write_text((project / ".gitignore").read_text() + "mine.log\n")
    return {
        AGGREGATES: "self.days = days  # mine",
        "pyproject.toml": "# mine in pyproject.toml",
        "Makefile": "# mine in Makefile",
        "scripts/cli/commands/db.py": "# mine in scripts/cli/commands/db.py",
        ".gitignore": "mine.log",
    }


def apigen(*arguments: str) -> Result:
    """Run a command; types are for tests of their own."""
    quick = ("--no-types",) if arguments[0] in ("regenerate", "upgrade") else ()
    return CliRunner().invoke(app, [*arguments, *quick])


def test_edits_survive_and_the_next_run_is_silent(project: Path) -> None:
    lines = edit(project)

    done = apigen("upgrade", "--dir", str(project))

    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("Upgrading from apigen 0.")
    for path, line in lines.items():
        assert line in (project / path).read_text(), path
    after = contents(project)
    (project / ".apigen/cache/fingerprint.json").unlink()
    again = apigen("regenerate", "--dir", str(project))
    assert again.exit_code == 0, again.output
    assert contents(project) == after
    assert apigen("check", "--dir", str(project)).exit_code == 0


def test_a_migration_of_the_release_stays_as_it_is_and_the_next_stands_on_it(
    project: Path,
) -> None:
    (first,) = (project / "migrations/versions").glob("*.py")
    text = first.read_text()
    assert apigen("upgrade", "--dir", str(project)).exit_code == 0
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + "      note: text?\n")

    done = apigen("regenerate", "--dir", str(project))

    assert done.exit_code == 0, done.output
    assert first.read_text() == text
    path = first.relative_to(project).as_posix()
    assert read_manifest(project).entries[path].file_class is FileClass.SEED
    (head,) = read_heads(project)
    (second,) = (project / "migrations/versions").glob(f"{head}_*.py")
    assert second != first
    assert first.name.partition("_")[0] in second.read_text()


def test_an_upgrade_can_be_undone(project: Path) -> None:
    edit(project)
    before = contents(project)
    apigen("upgrade", "--dir", str(project))

    undo(project)

    assert contents(project) == before


@pytest.mark.parametrize("project", RELEASES[:1], indirect=True, ids=["todo-0.1.0"])
def test_a_spec_that_changed_before_the_upgrade_is_refused_with_the_way_out(
    project: Path,
) -> None:
    """A lock of 0.1 does not know the tables, so a migration would be a guess."""
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + "      note: text?\n")
    before = contents(project)

    done = apigen("upgrade", "--dir", str(project))

    assert done.exit_code == 1
    assert "AG807" in done.output
    assert contents(project) == before


@pytest.mark.parametrize("project", RELEASES[1:], indirect=True, ids=lambda one: one.stem)
def test_a_spec_that_changed_before_the_upgrade_goes_along(project: Path) -> None:
    """Since 0.2 the lock knows the tables and the spec of the last run."""
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + "      note: text?\n")

    done = apigen("upgrade", "--dir", str(project))

    assert done.exit_code == 0, done.output
    assert "note: str | None" in (project / AGGREGATES).read_text()
    assert any("note" in one.read_text() for one in (project / "migrations/versions").glob("*.py"))
