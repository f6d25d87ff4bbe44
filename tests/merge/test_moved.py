"""Code that its owner moved to another file is told, and where to (case 23)."""

from pathlib import Path

from apigen.merge.changes import Merge
from apigen.merge.merged import Happened, Remark
from apigen.merge.python.likenesses import find_moved
from tests.merge.renderings import applied, compared, rendering

TASK = '''class Task:
    """A task."""

    def rename(self, title: str) -> None:
        """Give the task another title, trimmed."""
        self.title = title.strip()

    def close(self) -> None:
        self.done = True
'''
CHANGED = TASK.replace("title.strip()", "title.strip()[:200]")
WITHOUT_RENAME = TASK[: TASK.index("    def rename")] + TASK[TASK.index("    def close") :]
MIXIN = '''class Renaming:
    def rename(self, title: str) -> None:
        """Give the task another title, trimmed."""
        self.title = title.strip()  # moved here
'''
OTHER = "def rename(path: str) -> str:\n    return path.lower()\n"


def test_a_method_is_found_in_the_file_it_went_to() -> None:
    others = [("a.py", OTHER), ("broken.py", "def rename(:\n"), ("b.py", MIXIN)]

    assert find_moved(CHANGED, "Task.rename", others) == "b.py::Renaming.rename"


def test_another_thing_of_the_same_name_is_not_it() -> None:
    assert find_moved(CHANGED, "Task.rename", [("a.py", OTHER)]) is None
    assert find_moved(CHANGED, "Task.gone", [("b.py", MIXIN)]) is None


def test_the_run_says_where_a_method_looks_moved_to(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("task.py", TASK)))
    (tmp_path / "task.py").write_text(WITHOUT_RENAME)
    (tmp_path / "own.py").write_text(MIXIN)

    (change,) = compared(tmp_path, rendering(("task.py", CHANGED)))

    assert isinstance(change, Merge)
    assert change.content.decode() == WITHOUT_RENAME
    assert change.merged.remarks == (
        Remark(happened=Happened.MOVED, symbol="Task.rename", detail="own.py::Renaming.rename"),
    )
