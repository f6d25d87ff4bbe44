"""Undo: the tree before, byte for byte, or nothing at all."""

from pathlib import Path

import pytest

from apigen.disk.paths import ProjectError
from apigen.disk.undo import undo
from apigen.plan.file import FileClass
from tests.merge.renderings import applied, contents, file, rendering

FIRST = rendering(
    ("merged.txt", "one\ntwo\nthree\n"),
    ("untouched.txt", "one\n"),
    ("old/gone.txt", "gone\n"),
    ("README.md", "seed\n", FileClass.SEED),
    ("support/a.py", "a = 1\n", FileClass.VENDORED),
    file("run.sh", "run\n", executable=True),
)
SECOND = rendering(
    ("merged.txt", "one\ntwo\n3\n"),
    ("untouched.txt", "2\n"),
    ("new/deep/here.txt", "here\n"),
    ("README.md", "another seed\n", FileClass.SEED),
    ("support/a.py", "a = 2\n", FileClass.VENDORED),
)


def edited_project(root: Path) -> dict[str, tuple[bytes, int]]:
    """Make a project with edits of its owner, and return its contents."""
    applied(root, FIRST)
    (root / "merged.txt").write_text("mine\ntwo\nthree\n")
    (root / "mine.txt").write_text("mine\n")
    (root / "untouched.txt").chmod(0o600)
    return contents(root)


def test_undo_is_the_tree_before(tmp_path: Path) -> None:
    """Case 39: contents, permissions and records; files that came are gone, with their folders."""
    before = edited_project(tmp_path)
    applied(tmp_path, SECOND)
    assert (tmp_path / "merged.txt").read_text() == "mine\ntwo\n3\n"

    undo(tmp_path)

    assert contents(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_a_run_after_undo_does_the_same_again(tmp_path: Path) -> None:
    edited_project(tmp_path)
    applied(tmp_path, SECOND)
    once = contents(tmp_path)
    undo(tmp_path)

    applied(tmp_path, SECOND)

    assert contents(tmp_path) == once


def test_a_first_run_is_undone_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine\n")
    applied(tmp_path, FIRST)

    undo(tmp_path)

    assert list(contents(tmp_path)) == ["mine.txt"]


def test_undo_refuses_when_a_file_changed_since_and_names_it(tmp_path: Path) -> None:
    edited_project(tmp_path)
    applied(tmp_path, SECOND)
    (tmp_path / "merged.txt").write_text("edited since\n")
    (tmp_path / "new/deep/here.txt").unlink()
    before = contents(tmp_path)

    with pytest.raises(ProjectError, match=r"merged\.txt, new/deep/here\.txt changed since"):
        undo(tmp_path)

    assert contents(tmp_path) == before


def test_only_the_last_run_can_be_undone_and_only_once(tmp_path: Path) -> None:
    applied(tmp_path, FIRST)
    before = contents(tmp_path)
    applied(tmp_path, SECOND)
    undo(tmp_path)

    with pytest.raises(ProjectError, match="there is nothing to undo"):
        undo(tmp_path)

    assert contents(tmp_path) == before


def test_a_run_that_writes_nothing_leaves_the_run_before_to_be_undone(tmp_path: Path) -> None:
    before = edited_project(tmp_path)
    applied(tmp_path, SECOND)
    applied(tmp_path, SECOND)

    undo(tmp_path)

    assert contents(tmp_path) == before
