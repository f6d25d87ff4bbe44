"""A run killed anywhere leaves the old tree, the new tree, or one the next run mends unasked."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.apply import apply
from apigen.disk.conflicts import read_conflicts
from apigen.disk.journal import recover
from apigen.disk.manifest import read_manifest
from apigen.disk.resolving import Chosen, resolve
from apigen.disk.undo import undo
from apigen.driver import RunOptions
from apigen.merge.changes import Change, Merge, Move, Rewrite, Update
from apigen.merge.worktree import digest
from tests.cli.conftest import SPEC, small_rendering
from tests.merge.killing import killed_runs
from tests.merge.renderings import applied, compared, contents, file, rendering

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _no_waiting_for_the_medium(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it wrote; only a machine without power does."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(os, "sync", lambda: None)


FIRST = rendering(
    ("merged.txt", "one\ntwo\nthree\n"),
    ("conflict.txt", "one\n"),
    ("untouched.txt", "one\n"),
    ("old/gone.txt", "gone\n"),
    ("old/moved.txt", "moved\n"),
    file("run.sh", "run\n", executable=True),
)
SECOND = rendering(
    ("merged.txt", "one\ntwo\n3\n"),
    ("conflict.txt", "uno\n"),
    ("untouched.txt", "2\n"),
    ("new/deep/here.txt", "here\n"),
)


def prepared(root: Path) -> Path:
    """Make a project with edits of its owner."""
    applied(root, FIRST)
    (root / "merged.txt").write_text("mine\ntwo\nthree\n")
    (root / "conflict.txt").write_text("mine\n")
    (root / "mine.txt").write_text("says old\n")
    return root


def second_changes(root: Path) -> tuple[Change, ...]:
    """Return changes of every kind: create, update, merge, conflict, delete, move, rewrite."""
    found = [one for one in compared(root, SECOND) if one.path != "old/moved.txt"]
    moved = file("new/moved.txt", "moved here\n")
    found.append(
        Move(
            path="new/moved.txt",
            source="old/moved.txt",
            change=Update(path="new/moved.txt", file=moved, before=digest(b"moved\n")),
        )
    )
    text = b"says new\n"
    before = digest(b"says old\n")
    found.append(Rewrite(path="mine.txt", before=before, content=text, lines=(1,)))
    return tuple(found)


def second_run(root: Path) -> None:
    """Apply them, with a record."""
    records = {".apigen/lock.json": b"{}\n"}
    apply(root, second_changes(root), read_manifest(root), records=records)


def mended(root: Path) -> dict[str, tuple[bytes, int]]:
    """Return the contents after what every run does first, and make sure nothing is left over."""
    recover(root)
    assert [place.name for place in root.rglob("*.apigen-new")] == []
    assert not list((root / ".apigen").glob("journal*"))
    return contents(root)


def outcomes(
    before: Path, folder: Path, run: Callable[[Path], object]
) -> tuple[set[str], dict[str, tuple[bytes, int]]]:
    """Kill `run` everywhere; return which trees were met, and the tree of the run that survived."""
    old = contents(before)
    fine = folder / "fine"
    shutil.copytree(before, fine)
    run(fine)
    new = contents(fine)
    met = set()
    for at, root in killed_runs(before, folder / "killed", run):
        half_way = contents(root)
        met.add("old" if half_way == old else "new" if half_way == new else "between")
        assert mended(root) in (old, new), f"killed at call {at}"
    return met, new


def test_a_run_with_every_kind_of_change(tmp_path: Path) -> None:
    """Case 38."""
    root = prepared(tmp_path / "project")
    kinds = {type(change) for change in second_changes(root)}

    met, new = outcomes(root, tmp_path, second_run)

    assert kinds >= {Update, Merge, Move, Rewrite}
    assert met == {"old", "between", "new"}
    assert new["merged.txt"][0] == b"mine\ntwo\n3\n"
    assert new["new/moved.txt"][0] == b"moved here\n"
    assert new["mine.txt"][0] == b"says new\n"
    assert b"<<<<<<< yours" in new["conflict.txt"][0]
    assert not {"old/gone.txt", "old/moved.txt", "run.sh"} & set(new)


def test_an_undo(tmp_path: Path) -> None:
    root = prepared(tmp_path / "project")
    before = contents(root)
    second_run(root)

    met, new = outcomes(root, tmp_path, undo)

    assert met == {"old", "between", "new"}
    assert new == before


def test_a_resolution(tmp_path: Path) -> None:
    root = prepared(tmp_path / "project")
    second_run(root)

    met, new = outcomes(root, tmp_path, lambda at: resolve(at, ["conflict.txt"], Chosen.THEIRS))

    assert met >= {"old", "new"}
    assert new["conflict.txt"][0] == b"uno\n"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec, with a rendering of a few files."""
    monkeypatch.setattr(driver, "render_system", small_rendering)
    place = tmp_path / "shop.yaml"
    place.write_text(SPEC)
    return place


def test_a_first_run_of_the_whole_driver(tmp_path: Path, spec: Path) -> None:
    """The next `init` or `regenerate` ends with the project that an undisturbed one makes."""
    (tmp_path / "empty").mkdir()
    driver.initialise(tmp_path / "fine", spec)
    new = contents(tmp_path / "fine")
    met = set()

    for at, root in killed_runs(
        tmp_path / "empty", tmp_path / "killed", lambda at: driver.initialise(at, spec)
    ):
        met.add("new" if contents(root) == new else "less")
        driver.initialise(root, spec)
        assert contents(root) == new, f"killed at call {at}"

    assert met == {"less", "new"}


def test_a_second_run_of_the_whole_driver(tmp_path: Path, spec: Path) -> None:
    options = RunOptions(check_types=False)
    root = tmp_path / "project"
    driver.initialise(root, spec)
    module = root / "src/shop/product.py"
    module.write_text(f"{module.read_text()}mine = 1\n")
    (root / "apigen.yaml").write_text((root / "apigen.yaml").read_text() + "      note: text?\n")
    fine = tmp_path / "fine"
    shutil.copytree(root, fine)
    driver.regenerate(fine, options)
    new = contents(fine)

    for at, copy in killed_runs(
        root, tmp_path / "killed", lambda at: driver.regenerate(at, options)
    ):
        driver.regenerate(copy, options)
        assert contents(copy) == new, f"killed at call {at}"

    assert b"note = 1" in new["src/shop/product.py"][0]
    assert b"mine = 1" in new["src/shop/product.py"][0]


def test_a_run_that_was_killed_half_way_can_be_undone(tmp_path: Path) -> None:
    """The way back is part of the transaction."""
    root = prepared(tmp_path / "project")
    before = contents(root)
    undone = 0

    for _, copy in killed_runs(root, tmp_path / "killed", second_run):
        recover(copy)
        if contents(copy) != before:
            undo(copy)
            undone += 1
            assert contents(copy) == before
        else:
            assert read_conflicts(copy) == ()

    assert undone > 10
