"""Which files a run writes, and which names mean something else afterwards."""

from apigen.merge.changes import Create, Delete, Keep, Kept, Merge, Move, Update
from apigen.merge.merged import Merged
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile
from apigen.typecheck.touched import Touched, changed_names, touched


def _file(path: str, content: bytes) -> RenderedFile:
    return RenderedFile(
        path=path, content=content, file_class=FileClass.MERGED, elements=(), executable=False
    )


def test_every_python_file_that_is_written_is_told_with_its_texts() -> None:
    disk = {"a.py": b"old", "b.py": b"mine", "c.py": b"gone", "d.py": b"moved"}
    changes = (
        Update(path="a.py", file=_file("a.py", b"new"), before=""),
        Merge(
            path="b.py",
            file=_file("b.py", b"theirs"),
            before="",
            content=b"both",
            merged=Merged(text="both"),
        ),
        Delete(path="c.py", before=""),
        Move(
            path="e.py",
            source="d.py",
            change=Update(path="e.py", file=_file("e.py", b"there"), before=""),
        ),
        Create(path="f.py", file=_file("f.py", b"first")),
        Create(path="README.md", file=_file("README.md", b"# it")),
        Keep(path="g.py", kept=Kept.EDITED, file=None),
    )

    found = touched(changes, disk.__getitem__)

    assert found == (
        Touched(path="a.py", before="old", after="new"),
        Touched(path="b.py", before="mine", after="both"),
        Touched(path="c.py", before="gone", after=None),
        Touched(path="d.py", before="moved", after=None),
        Touched(path="e.py", before="moved", after="there"),
        Touched(path="f.py", before=None, after="first"),
    )


def test_names_that_went_came_or_have_another_type_are_changed() -> None:
    before = (
        "class Task:\n    title: str\n    due_on: int\n    def done(self) -> bool: return True\n"
    )
    after = "class Task:\n    title: str\n    note: str\n    def done(self) -> int: ...\n"

    assert changed_names(Touched(path="a.py", before=before, after=after)) == {
        "due_on",
        "note",
        "done",
    }


def test_a_body_changes_no_name() -> None:
    file = Touched(
        path="a.py",
        before="def f(x: int) -> int: return x\n",
        after="def f(x: int) -> int: return 2\n",
    )

    assert changed_names(file) == frozenset()


def test_every_name_of_a_file_that_went_is_changed() -> None:
    file = Touched(path="a.py", before="type Id = int\nLIMIT = 3\nclass A(B): ...\n", after=None)

    assert changed_names(file) == {"Id", "LIMIT", "A"}


def test_a_file_that_does_not_parse_changes_no_name_that_is_known() -> None:
    assert changed_names(Touched(path="a.py", before="def", after="x = 1\n")) == frozenset()
