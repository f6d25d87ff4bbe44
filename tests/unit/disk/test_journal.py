"""All or nothing, also when the process is killed in the middle."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from apigen.disk import journal
from apigen.disk.journal import commit, recover
from apigen.disk.paths import ProjectError
from apigen.disk.steps import Remove, Step, Write
from apigen.merge.worktree import digest


def content_of(root: Path) -> dict[str, str]:
    """Return every file of a project but apigen's records."""
    return {
        place.relative_to(root).as_posix(): place.read_text()
        for place in sorted(root.rglob("*"))
        if place.is_file() and ".apigen" not in place.parts
    }


def steps() -> list[Step]:
    """One step of each kind; `before` of the files that `prepare` makes."""
    return [
        Write(path="new/deep/a.py", content=b"a", before=None),
        Write(path="b.py", content=b"b2", before=digest(b"b1")),
        Remove(path="c.py", before=digest(b"c1")),
        Write(path="run.sh", content=b"r", before=None, executable=True),
    ]


def prepare(root: Path) -> dict[str, str]:
    """Make the files the steps expect."""
    (root / "b.py").write_text("b1")
    (root / "c.py").write_text("c1")
    return content_of(root)


AFTER = {"b.py": "b2", "new/deep/a.py": "a", "run.sh": "r"}


def test_all_steps_are_carried_out(tmp_path: Path) -> None:
    prepare(tmp_path)

    commit(tmp_path, steps())

    assert content_of(tmp_path) == AFTER
    assert os.access(tmp_path / "run.sh", os.X_OK)
    assert list((tmp_path / ".apigen").iterdir()) == []


def test_a_file_that_changed_in_between_stops_everything(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "c.py").write_text("edited")
    before = content_of(tmp_path)

    with pytest.raises(ProjectError, match=r"c\.py changed while"):
        commit(tmp_path, steps())

    assert content_of(tmp_path) == before


def test_a_refused_write_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prepare(tmp_path)
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name == "c.py":
            raise PermissionError(13, "Permission denied", str(self))
        real(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)

    with pytest.raises(ProjectError, match="put back"):
        commit(tmp_path, steps())

    assert content_of(tmp_path) == before
    assert not (tmp_path / "new").exists()


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {checkout!r})
from apigen.disk import journal
from tests.unit.disk import test_journal
count = 0
def dying(original):
    def call(*args, **kwargs):
        global count
        count += 1
        if count == {at}:
            os._exit(9)
        return original(*args, **kwargs)
    return call
for name in ("replace", "unlink", "mkdir", "write_bytes", "rmdir"):
    setattr(Path, name, dying(getattr(Path, name)))
journal.os.fsync = dying(journal.os.fsync)
journal.commit(Path({root!r}), test_journal.steps())
"""


def test_a_run_killed_anywhere_is_finished_or_undone_by_the_next(tmp_path: Path) -> None:
    """Kills a real process at its n-th call that touches the disk, until it survives."""
    checkout = str(Path(__file__).resolve().parents[3])
    met = set()
    for at in range(1, 99):
        root = tmp_path / str(at)
        root.mkdir()
        before = prepare(root)
        script = KILLED.format(checkout=checkout, at=at, root=str(root))
        done = subprocess.run([sys.executable, "-c", script], check=False)
        half_way = content_of(root)
        met.add("before" if half_way == before else "after" if half_way == AFTER else "between")

        recover(root)

        assert content_of(root) in (before, AFTER), f"killed at call {at}"
        assert [place.name for place in root.rglob("*.apigen-new")] == []
        assert [place.name for place in (root / ".apigen").glob("*")] == []
        if done.returncode == 0:
            break
    assert done.returncode == 0
    assert met == {"before", "between", "after"}


def test_a_replay_keeps_what_somebody_wrote_since(tmp_path: Path) -> None:
    prepare(tmp_path)
    journal._write_journal(tmp_path, steps())
    (tmp_path / "b.py").write_text("written after the crash")

    recover(tmp_path)

    assert content_of(tmp_path) == AFTER | {"b.py": "written after the crash"}


def test_a_damaged_journal_is_not_replayed(tmp_path: Path) -> None:
    before = prepare(tmp_path)
    journal._write_journal(tmp_path, steps())
    place = tmp_path / ".apigen/journal"
    place.write_bytes(place.read_bytes()[:-1])

    with pytest.raises(ProjectError, match="damaged"):
        recover(tmp_path)

    assert content_of(tmp_path) == before


def test_recovering_nothing_does_nothing(tmp_path: Path) -> None:
    assert recover(tmp_path) == 0
