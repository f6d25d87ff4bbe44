"""`apigen check --against REF`: the spec of today against that of a git revision."""

import json
import subprocess
from pathlib import Path

import pytest

from apigen.disk.paths import ProjectError
from tests.cli.conftest import Run


def git(*arguments: str) -> None:
    """Run git in the working folder."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository, committed with the tag `v1`; the working folder."""
    monkeypatch.chdir(project)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    git("tag", "v1")
    return project


def edit(project: Path, before: str, after: str) -> None:
    """Change the spec."""
    text = (project / "apigen.yaml").read_text()
    assert before in text
    (project / "apigen.yaml").write_text(text.replace(before, after))


FIELD = "name: str(1..200)"


def test_an_equal_spec_is_fine(run: Run, committed: Path) -> None:
    result = run("check", "--against", "v1")

    assert result.exit_code == 0
    assert "The spec means what it meant at v1." in result.stderr


def test_what_breaks_nobody_is_listed(run: Run, committed: Path) -> None:
    edit(committed, FIELD, f"{FIELD}\n      note: text?")

    result = run("check", "--against", "v1")

    assert result.exit_code == 0
    assert "field `Product.note` is new" in result.stdout


def test_what_breaks_clients_must_be_agreed_to(run: Run, committed: Path) -> None:
    edit(committed, FIELD, "title: str(1..200) renamed_from=name")

    refused = run("check", "--against", "v1")
    agreed = run("check", "--against", "v1", "--accept-removal", "Product.title")

    assert refused.exit_code == 5
    assert "apigen regenerate --accept-removal Product.title" in refused.stdout
    assert agreed.exit_code == 0


def test_what_loses_data_must_be_agreed_to(run: Run, committed: Path) -> None:
    edit(committed, FIELD, f"{FIELD}\n      note: text?")
    git("commit", "-qam", "second")
    edit(committed, "\n      note: text?", "")

    refused = run("check", "--against", "HEAD")
    removal = run("check", "--against", "HEAD", "--accept-removal", "Product.note")
    agreed = run("check", "--against", "HEAD", "--accept-data-loss", "Product.note")

    assert (refused.exit_code, removal.exit_code, agreed.exit_code) == (5, 5, 0)
    assert "apigen regenerate --accept-data-loss Product.note" in refused.stdout


def test_a_new_version_of_the_api_may_break_clients(run: Run, committed: Path) -> None:
    edit(committed, FIELD, "title: str(1..200) renamed_from=name")
    edit(committed, "app: shop\n", "app: shop\napi: { versions: { v2: } }\n")

    assert run("check", "--against", "v1").exit_code == 0


def test_compat_off_promises_clients_nothing(run: Run, committed: Path) -> None:
    edit(committed, FIELD, "title: str(1..200) renamed_from=name")
    edit(committed, "app: shop\n", "app: shop\napi: { compat: off }\n")

    assert run("check", "--against", "v1").exit_code == 0


def test_an_undeclared_rename_is_told(run: Run, committed: Path) -> None:
    edit(committed, FIELD, "title: str(1..200)")

    result = run("check", "--against", "v1")

    assert result.exit_code == 5
    assert "AG801" in result.stderr


def test_the_files_a_spec_included_then_are_read_from_git(run: Run, committed: Path) -> None:
    edit(committed, "app: shop\n", "app: shop\ninclude: [parts/*.yaml]\n")
    (committed / "parts").mkdir()
    part = committed / "parts" / "a.yaml"
    part.write_text("apigen: 1\nentities:\n  Note:\n    fields: { text: str }\n")
    git("add", "-A")
    git("commit", "-qm", "second")
    part.write_text("apigen: 1\nentities:\n  Note:\n    fields: { text: str, at: date? }\n")

    result = run("check", "--against", "HEAD", "--format", "json")

    document = json.loads(result.stdout)
    symbols = [change["symbol"] for change in document["evolution"]["changes"]]
    assert (result.exit_code, symbols) == (0, ["shop.Note.at"])


def test_the_working_tree_is_left_alone(run: Run, committed: Path) -> None:
    edit(committed, FIELD, f"{FIELD}\n      note: text?")
    before = {path: path.read_bytes() for path in committed.rglob("*") if path.is_file()}

    run("check", "--against", "v1")

    assert {path: path.read_bytes() for path in committed.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("ref", "said"),
    [("nope", "git knows no revision `nope`"), ("--output=x", "names no git revision")],
)
def test_what_is_no_revision_is_a_clear_error(
    run: Run, committed: Path, ref: str, said: str
) -> None:
    result = run("check", f"--against={ref}")

    assert isinstance(result.exception, ProjectError)
    assert said in str(result.exception)


def test_a_revision_before_the_spec_is_a_clear_error(run: Run, committed: Path) -> None:
    git("checkout", "-q", "--orphan", "empty")
    git("rm", "-rqf", "--cached", ".")
    git("commit", "-q", "--allow-empty", "-m", "nothing")

    result = run("check", "--against", "HEAD")

    assert isinstance(result.exception, ProjectError)
    assert "apigen.yaml is not in the git revision `HEAD`" in str(result.exception)


def test_a_spec_that_had_errors_is_a_clear_error(run: Run, committed: Path) -> None:
    edit(committed, FIELD, "name: strng")
    git("commit", "-qam", "broken")
    edit(committed, "strng", "str")

    result = run("check", "--against", "HEAD")

    assert isinstance(result.exception, ProjectError)
    assert "apigen.yaml of `HEAD` has errors" in str(result.exception)


def test_no_repository_is_a_clear_error(run: Run, project: Path) -> None:
    result = run("check", "--against", "HEAD", "--dir", "shop")

    assert isinstance(result.exception, ProjectError)
    assert "is not in a git repository" in str(result.exception)
