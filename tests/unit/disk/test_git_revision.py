"""Files of a git revision are read from git, whatever the working tree says."""

import subprocess
from pathlib import Path

import pytest

from apigen.disk.git_revision import spec_at
from apigen.disk.paths import ProjectError


def git(folder: Path, *arguments: str) -> None:
    """Run git with an identity of its own."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository, with one commit; edited since."""
    folder = tmp_path / "services" / "shop"
    (folder / "contexts").mkdir(parents=True)
    (folder / ".apigen" / "spec").mkdir(parents=True)
    (folder / "apigen.yaml").write_text("one: 1\n")
    (folder / "contexts" / "a.yaml").write_text("two: é\n", encoding="utf-8")
    (folder / ".apigen" / "lock.json").write_text("{}")
    (folder / ".apigen" / "spec" / "apigen.yaml").write_text("old")
    (tmp_path / "other.yaml").write_text("not ours")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    (folder / "apigen.yaml").write_text("changed")
    (folder / "contexts" / "a.yaml").unlink()
    return folder


def test_the_files_of_the_revision_are_read_the_root_first(project: Path) -> None:
    texts, lock = spec_at(project, "HEAD", "apigen.yaml")

    assert list(texts.items()) == [("apigen.yaml", "one: 1\n"), ("contexts/a.yaml", "two: é\n")]
    assert lock == b"{}"


def test_nothing_is_checked_out(project: Path) -> None:
    spec_at(project, "HEAD", "apigen.yaml")

    assert (project / "apigen.yaml").read_text() == "changed"
    assert not (project / "contexts" / "a.yaml").exists()


@pytest.mark.parametrize("ref", ["nope", "HEAD~7", "HEAD:apigen.yaml", "--help", "", "a\0b"])
def test_what_names_no_commit_is_said(project: Path, ref: str) -> None:
    with pytest.raises(ProjectError, match="revision"):
        spec_at(project, ref, "apigen.yaml")


def test_a_revision_without_the_spec_is_said(project: Path) -> None:
    with pytest.raises(ProjectError, match=r"spec\.yaml is not in the git revision `HEAD`"):
        spec_at(project, "HEAD", "spec.yaml")


def test_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is not in a git repository"):
        spec_at(tmp_path, "HEAD", "apigen.yaml")


def test_no_git_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ProjectError, match="git is not installed"):
        spec_at(project, "HEAD", "apigen.yaml")
