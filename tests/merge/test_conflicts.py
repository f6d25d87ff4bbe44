"""Conflicts: written with markers, remembered, shown to git, resolved each way."""

import json
import subprocess
from pathlib import Path

import pytest

from apigen.disk.conflicts import read_conflicts
from apigen.disk.manifest import read_manifest
from apigen.disk.paths import ProjectError, base_path, pending_path
from apigen.disk.resolving import Chosen, resolve
from apigen.disk.undo import undo
from apigen.merge.changes import Keep, Kept, Merge
from tests.merge.renderings import applied, contents, file, rendering

BASE = "".join(f"line {number}\n" for number in range(30))
MINE = BASE.replace("line 10\n", "mine 10\n")
THEIRS = BASE.replace("line 10\n", "theirs 10\n").replace("line 20\n", "theirs 20\n")
TODAY = rendering(("a.txt", THEIRS))
MARKED = BASE.replace("line 20\n", "theirs 20\n").replace(
    "line 10\n",
    "<<<<<<< yours\nmine 10\n||||||| last generated\nline 10\n=======\ntheirs 10\n"
    ">>>>>>> newly generated\n",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose `a.txt` has one conflict."""
    root = tmp_path / "project"
    applied(root, rendering(("a.txt", BASE), ("b.txt", BASE)))
    (root / "a.txt").write_text(MINE)
    applied(root, rendering(("a.txt", THEIRS), ("b.txt", BASE)))
    return root


def test_a_conflict_has_markers_around_itself_alone(project: Path) -> None:
    assert (project / "a.txt").read_text() == MARKED


def test_the_base_stays_until_the_conflict_is_resolved(project: Path) -> None:
    (found,) = read_conflicts(project)

    assert found.path == "a.txt"
    assert (project / base_path("a.txt")).read_text() == BASE
    assert (project / pending_path("a.txt")).read_text() == THEIRS
    assert json.loads((project / ".apigen/conflicts.json").read_text())[1]["symbols"] == [""]


def test_a_file_with_an_open_conflict_is_left_alone(project: Path) -> None:
    before = contents(project)

    first, _ = applied(project, rendering(("a.txt", THEIRS), ("b.txt", BASE)))

    assert isinstance(first, Keep)
    assert first.kept is Kept.CONFLICT_OPEN
    assert contents(project) == before


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (Chosen.MINE, MINE.replace("line 20\n", "theirs 20\n")),
        (Chosen.THEIRS, THEIRS),
        (None, THEIRS.replace("theirs 10", "both 10")),
    ],
)
def test_resolved_each_way_the_next_run_is_silent(
    project: Path, chosen: Chosen | None, text: str
) -> None:
    """Case 40."""
    if chosen is None:
        (project / "a.txt").write_text(text)

    resolve(project, ["a.txt"], chosen)

    assert (project / "a.txt").read_text() == text
    assert (project / base_path("a.txt")).read_text() == THEIRS
    assert not (project / ".apigen/conflicts.json").exists()
    assert not (project / ".apigen/pending").exists()
    assert read_manifest(project).entries["a.txt"].hashes == {
        read_manifest(project).entries["a.txt"].sha256
    }
    before = contents(project)
    changes = applied(project, rendering(("a.txt", THEIRS), ("b.txt", BASE)))
    assert all(isinstance(change, Keep) for change in changes)
    assert contents(project) == before


def test_a_resolved_file_merges_with_the_next_rendering(project: Path) -> None:
    resolve(project, ["a.txt"], Chosen.MINE)

    applied(project, rendering(("a.txt", THEIRS.replace("line 25", "theirs 25")), ("b.txt", BASE)))

    assert (project / "a.txt").read_text() == MINE.replace("line 20", "theirs 20").replace(
        "line 25", "theirs 25"
    )


def test_markers_that_are_left_are_named(project: Path) -> None:
    before = contents(project)

    with pytest.raises(ProjectError, match=r"a\.txt still has conflict markers \(lines 11, 13, 17"):
        resolve(project, ["a.txt"], None)

    assert contents(project) == before


def test_a_file_without_a_conflict_can_not_be_resolved(project: Path) -> None:
    with pytest.raises(ProjectError, match=r"b\.txt has no open conflict"):
        resolve(project, ["a.txt", "b.txt"], Chosen.MINE)

    assert len(read_conflicts(project)) == 1


def test_resolving_can_be_undone(project: Path) -> None:
    before = contents(project)
    resolve(project, ["a.txt"], Chosen.THEIRS)

    undo(project)

    assert contents(project) == before


def test_a_file_with_a_conflict_that_its_owner_deletes_is_decided(project: Path) -> None:
    (project / "a.txt").unlink()

    applied(project, rendering(("a.txt", THEIRS), ("b.txt", BASE)))

    assert read_conflicts(project) == ()
    assert not (project / "a.txt").exists()


@pytest.mark.parametrize("number", [2, 3, 10])
def test_several_conflicts_in_one_file(tmp_path: Path, number: int) -> None:
    """Case 28."""
    base = "".join(f"def f{i}() -> int:\n    return {i}\n\n\n" for i in range(number))
    applied(tmp_path, rendering(("a.py", base)))
    (tmp_path / "a.py").write_text(base.replace("return ", "return 10 + "))
    theirs = base.replace("return ", "return 20 + ")

    (change,) = applied(tmp_path, rendering(("a.py", theirs)))

    assert isinstance(change, Merge)
    assert [found.symbol for found in change.merged.conflicts] == [f"f{i}" for i in range(number)]
    text = (tmp_path / "a.py").read_text()
    assert text.count("<<<<<<< yours\n") == number
    resolve(tmp_path, ["a.py"], Chosen.THEIRS)
    assert (tmp_path / "a.py").read_text() == theirs


def test_line_ends_of_the_owner_survive_a_resolution(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", BASE)))
    (tmp_path / "a.txt").write_bytes(MINE.replace("\n", "\r\n").encode())
    applied(tmp_path, rendering(("a.txt", THEIRS)))

    resolve(tmp_path, ["a.txt"], Chosen.THEIRS)

    assert (tmp_path / "a.txt").read_bytes() == THEIRS.replace("\n", "\r\n").encode()


def git(root: Path, *arguments: str) -> str:
    """Run git in a project, whatever the configuration of the machine."""
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_git_is_shown_three_stages_and_forgets_them_when_the_conflict_is_resolved(
    tmp_path: Path,
) -> None:
    outer = tmp_path / "repository"
    root = outer / "service"
    applied(root, rendering(("a.txt", BASE)))
    (root / "a.txt").write_text(MINE)
    git(outer, "init", "-q")
    git(outer, "add", ".")
    git(outer, "commit", "-qm", "first")

    applied(root, TODAY)

    stages = [git(root, "show", f":{number}:./a.txt") for number in (1, 2, 3)]
    assert stages == [BASE, MINE, THEIRS]
    assert git(root, "status", "--porcelain", "a.txt").startswith("UU")
    resolve(root, ["a.txt"], Chosen.THEIRS)
    assert git(root, "ls-files", "-u") == ""
    assert git(root, "diff", "--name-only", "--relative", "--", "a.txt") == "a.txt\n"


def test_undo_takes_the_stages_back(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", BASE)))
    (tmp_path / "a.txt").write_text(MINE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    applied(tmp_path, TODAY)

    undo(tmp_path)

    assert git(tmp_path, "status", "--porcelain", "a.txt") == ""
    assert (tmp_path / "a.txt").read_text() == MINE


def test_a_project_without_git_has_conflicts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    applied(tmp_path, rendering(file("a.txt", BASE)))
    (tmp_path / "a.txt").write_text(MINE)

    applied(tmp_path, TODAY)

    assert (tmp_path / "a.txt").read_text() == MARKED
