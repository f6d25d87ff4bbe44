"""Adopt, eject, and symbols that their owner moved."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apigen.cli.app import app
from apigen.disk.conflicts import read_conflicts
from apigen.disk.last_run import read_lock
from apigen.disk.manifest import read_manifest
from apigen.disk.ownership import adopt, eject
from apigen.disk.paths import LOCK, ProjectError, base_path
from apigen.disk.resolving import Chosen, resolve
from apigen.disk.undo import undo
from apigen.evolve.lock import print_lock
from apigen.evolve.record import Lock
from apigen.merge.changes import Blocked, Keep, Kept, Merge, Reason, Update
from apigen.plan.file import FileClass
from tests.merge.renderings import applied, compared, contents, rendering

VENDORED = FileClass.VENDORED
TASK = """class Task:
    def rename(self, title: str) -> None:
        self.title = title

    def close(self) -> None:
        self.done = True
"""


def orphans(root: Path, *names: str) -> None:
    """Write a lock with orphans."""
    (root / LOCK).write_bytes(print_lock(Lock(symbols=(), schema=None, orphans=names)))


def test_an_adopted_file_is_its_owners(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", "one\n")))
    (tmp_path / "a.txt").write_text("mine\n")
    applied(tmp_path, rendering())
    orphans(tmp_path, "a.txt")

    adopt(tmp_path, ["a.txt"])

    lock = read_lock(tmp_path)
    assert lock is not None
    assert lock.orphans == ()
    assert read_manifest(tmp_path).entries == {}
    assert not (tmp_path / base_path("a.txt")).exists()
    assert (tmp_path / "a.txt").read_text() == "mine\n"
    assert compared(tmp_path, rendering()) == ()


def test_an_adopted_symbol_leaves_the_lock(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", TASK)))
    orphans(tmp_path, "a.py::Task.close", "a.py::Task.rename")

    adopt(tmp_path, ["a.py::Task.close"])

    lock = read_lock(tmp_path)
    assert lock is not None
    assert lock.orphans == ("a.py::Task.rename",)


@pytest.mark.parametrize("name", ["a.py", "a.py::Task.nothing", "b.py::Task.rename"])
def test_what_is_no_orphan_and_was_not_moved_can_not_be_adopted(tmp_path: Path, name: str) -> None:
    applied(tmp_path, rendering(("a.py", TASK)))
    orphans(tmp_path)
    before = contents(tmp_path)

    with pytest.raises(ProjectError):
        adopt(tmp_path, [name])

    assert contents(tmp_path) == before


def test_a_linked_symbol_is_merged_where_its_owner_has_it(tmp_path: Path) -> None:
    """Case 23."""
    applied(tmp_path, rendering(("a.py", TASK)))
    orphans(tmp_path)
    (tmp_path / "a.py").write_text(
        TASK[: TASK.index("    def rename")] + TASK[TASK.index("    def close") :]
    )
    (tmp_path / "mine.py").write_text(
        "class Renaming:\n    def rename(self, title: str) -> None:\n        self.title = title\n"
        "        self.log()\n"
    )

    (link,) = adopt(tmp_path, ["mine.py::Renaming.rename"])
    applied(tmp_path, rendering(("a.py", TASK.replace("title: str", "title: str, by: str"))))

    assert (link.path, link.symbol) == ("a.py", "Task.rename")
    assert (tmp_path / "mine.py").read_text() == (
        "class Renaming:\n    def rename(self, title: str, by: str) -> None:\n"
        "        self.title = title\n        self.log()\n"
    )
    assert "rename" not in (tmp_path / "a.py").read_text()
    assert read_manifest(tmp_path).links == (link,)
    before = contents(tmp_path)
    applied(tmp_path, rendering(("a.py", TASK.replace("title: str", "title: str, by: str"))))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("chosen", [*Chosen, None])
def test_a_conflict_at_a_linked_symbol_is_resolved_where_its_owner_has_it(
    tmp_path: Path, chosen: Chosen | None
) -> None:
    applied(tmp_path, rendering(("a.py", TASK)))
    orphans(tmp_path)
    (tmp_path / "a.py").write_text(
        TASK[: TASK.index("    def rename")] + TASK[TASK.index("    def close") :]
    )
    mine = "def rename(self, title: str) -> None:\n    self.title = title.strip()\n"
    (tmp_path / "mine.py").write_text(mine)
    adopt(tmp_path, ["mine.py::rename"])

    today = rendering(("a.py", TASK.replace("= title", "= title.lower()")))
    changes = applied(tmp_path, today)
    marked = (tmp_path / "mine.py").read_text()
    again = applied(tmp_path, today)
    if chosen is None:
        (tmp_path / "mine.py").write_text(mine + "# both\n")
    resolve(tmp_path, ["mine.py"], chosen)

    assert marked == (
        "def rename(self, title: str) -> None:\n"
        "<<<<<<< yours\n    self.title = title.strip()\n"
        "||||||| last generated\n    self.title = title\n"
        "=======\n    self.title = title.lower()\n"
        ">>>>>>> newly generated\n"
    )
    (told,) = [c for c in changes if isinstance(c, Merge) and c.merged.conflicts]
    assert (told.path, [one.symbol for one in told.merged.conflicts]) == ("mine.py", ["rename"])
    assert [one for c in changes if isinstance(c, Merge) for one in c.merged.remarks] == []
    assert Keep(path="mine.py", kept=Kept.CONFLICT_OPEN, file=None) in again
    assert (tmp_path / "mine.py").read_text() == {
        Chosen.MINE: mine,
        Chosen.THEIRS: mine.replace("strip", "lower"),
        None: mine + "# both\n",
    }[chosen]
    assert read_conflicts(tmp_path) == ()
    assert "mine.py" not in read_manifest(tmp_path).entries
    before = contents(tmp_path)
    applied(tmp_path, today)
    assert contents(tmp_path) == before


def test_an_ejected_file_is_merged_from_then_on(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("s/a.txt", "one\ntwo\nthree\n", VENDORED)))

    eject(tmp_path, ["s/a.txt"])
    (tmp_path / "s/a.txt").write_text("mine\ntwo\nthree\n")
    (change,) = applied(tmp_path, rendering(("s/a.txt", "one\ntwo\n3\n", VENDORED)))
    (again,) = applied(tmp_path, rendering(("s/a.txt", "one\ntwo\n3\n", VENDORED)))

    assert isinstance(change, Merge)
    assert (tmp_path / "s/a.txt").read_text() == "mine\ntwo\n3\n"
    assert isinstance(again, Keep)
    assert again.kept is Kept.EDITED
    entry = read_manifest(tmp_path).entries["s/a.txt"]
    assert entry.ejected
    assert entry.file_class is FileClass.MERGED


def test_ejecting_is_the_way_out_of_an_edited_vendored_file(tmp_path: Path) -> None:
    """What apigen wrote last is found in apigen itself."""
    from apigen.plan.vendor import support_root

    original = (support_root() / "core/identifiers.py").read_text()
    today = rendering(("src/shop/support/core/identifiers.py", original, VENDORED))
    applied(tmp_path, today)
    place = tmp_path / "src/shop/support/core/identifiers.py"
    place.write_text(original + "\nMINE = 1\n")
    (blocked,) = compared(tmp_path, today)

    eject(tmp_path, ["src/shop/support/core/identifiers.py"])
    (change,) = applied(tmp_path, today)

    assert isinstance(blocked, Blocked)
    assert blocked.reason is Reason.VENDORED
    assert isinstance(change, Keep)
    assert (tmp_path / base_path("src/shop/support/core/identifiers.py")).read_text() == original
    assert place.read_text().endswith("MINE = 1\n")


def test_an_edited_file_whose_original_is_nowhere_is_refused(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("s/a.txt", "one\n", VENDORED)))
    (tmp_path / "s/a.txt").write_text("mine\n")

    with pytest.raises(ProjectError, match="can not be found"):
        eject(tmp_path, ["s/a.txt"])


def test_ejecting_can_be_undone(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("s/a.txt", "one\n", VENDORED)))
    before = contents(tmp_path)
    eject(tmp_path, ["s/a.txt"])

    undo(tmp_path)

    assert contents(tmp_path) == before
    (change,) = compared(tmp_path, rendering(("s/a.txt", "two\n", VENDORED)))
    assert isinstance(change, Update)


def apigen(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, arguments)


def test_the_commands_say_what_they_did(project: Path) -> None:
    path = "src/todo/support/core/identifiers.py"
    place = project / path
    place.write_text(place.read_text() + "\nMINE = 1\n")
    stopped = apigen("regenerate", "--dir", str(project), "--no-types")

    ejected = apigen("eject", path, "--dir", str(project))
    done = apigen("regenerate", "--dir", str(project), "--no-types")

    assert stopped.exit_code == 1
    assert "apigen eject" in stopped.output
    assert ejected.exit_code == 0
    assert ejected.stderr.startswith(f"{path} is yours.\nWhat that means: ")
    assert done.exit_code == 0, done.output
    assert place.read_text().endswith("MINE = 1\n")
    assert isinstance(apigen("eject", path, "--dir", str(project)).exception, ProjectError)


def test_a_conflict_from_marking_to_resolving(project: Path) -> None:
    path = "src/todo/domain/todo/aggregates.py"
    place, spec = project / path, project / "apigen.yaml"
    place.write_text(place.read_text().replace("maximum=200)", "maximum=100)"))
    spec.write_text(spec.read_text().replace("str(1..200)", "str(1..300)"))

    before = contents(project)
    stopped = apigen("regenerate", "--dir", str(project), "--no-types", "--on-conflict", "fail")
    untouched = contents(project)
    marked = apigen("regenerate", "--dir", str(project), "--no-types")
    waiting = apigen("regenerate", "--dir", str(project), "--no-types")
    refused = apigen("resolve", path, "--dir", str(project))
    resolved = apigen("resolve", "--all", "--mine", "--dir", str(project))
    silent = apigen("regenerate", "--dir", str(project), "--no-types")

    assert stopped.exit_code == 3
    assert "\nWould create 1 file, update " in stopped.stderr
    assert "Nothing was written" in stopped.stderr
    assert untouched == before
    assert marked.exit_code == 3, marked.output
    assert waiting.exit_code == 3
    assert waiting.output.count(f"`apigen resolve {path}`") == 1
    assert isinstance(refused.exception, ProjectError)
    assert resolved.exit_code == 0
    assert resolved.stderr == "Resolved 1 file.\n"
    assert silent.exit_code == 0, silent.output
    assert "maximum=100)" in place.read_text()
    assert "<<<<<<<" not in place.read_text()


def test_undo_says_what_it_put_back(project: Path) -> None:
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + "      note: text?\n")
    before = contents(project)
    assert apigen("regenerate", "--dir", str(project), "--no-types").exit_code == 0

    done = apigen("undo", "--dir", str(project))

    assert done.exit_code == 0
    assert "  reverted  src/todo/domain/todo/aggregates.py\n" in done.stdout
    assert contents(project) == before
