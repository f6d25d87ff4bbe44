"""What a rendering does to the files of a project: the table of merge.md, file by file."""

from pathlib import Path

import pytest

from apigen.disk.manifest import read_manifest
from apigen.disk.paths import ProjectError, base_path
from apigen.merge.changes import Blocked, Create, Delete, Keep, Kept, Merge, Reason, Update
from apigen.plan.file import FileClass
from tests.merge.renderings import applied, compared, contents, file, rendering


def test_an_absent_file_is_created(tmp_path: Path) -> None:
    (change,) = applied(tmp_path, rendering(("src/a.py", "one\n")))

    assert isinstance(change, Create)
    assert (tmp_path / "src/a.py").read_text() == "one\n"
    assert (tmp_path / base_path("src/a.py")).read_text() == "one\n"


def test_an_untouched_file_is_replaced_and_its_base_follows(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))

    (change,) = applied(tmp_path, rendering(("a.py", "two\n")))

    assert isinstance(change, Update)
    assert (tmp_path / "a.py").read_text() == "two\n"
    assert (tmp_path / base_path("a.py")).read_text() == "two\n"


def test_a_second_run_changes_no_byte(tmp_path: Path) -> None:
    today = rendering(("a.py", "one\n"), ("b.md", "b\n", FileClass.SEED))
    applied(tmp_path, today)
    before = {place: place.stat().st_mtime_ns for place in tmp_path.rglob("*") if place.is_file()}

    changes = applied(tmp_path, today)

    assert all(isinstance(change, Keep) for change in changes)
    assert before == {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}


def test_an_edited_file_is_kept_while_the_rendering_stays(tmp_path: Path) -> None:
    today = rendering(("a.py", "one\n"))
    applied(tmp_path, today)
    (tmp_path / "a.py").write_text("mine\n")

    (change,) = applied(tmp_path, today)

    assert isinstance(change, Keep)
    assert change.kept is Kept.EDITED
    assert (tmp_path / "a.py").read_text() == "mine\n"
    assert (tmp_path / base_path("a.py")).read_text() == "one\n"


def test_an_edited_file_that_would_change_is_merged_and_its_base_follows(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", "one\ntwo\nthree\n")))
    (tmp_path / "a.txt").write_text("one, mine\ntwo\nthree\n")

    (change,) = applied(tmp_path, rendering(("a.txt", "one\ntwo\nthree, new\n")))

    assert isinstance(change, Merge)
    assert (tmp_path / "a.txt").read_text() == "one, mine\ntwo\nthree, new\n"
    assert (tmp_path / base_path("a.txt")).read_text() == "one\ntwo\nthree, new\n"


def test_an_edit_remembered_over_runs_is_still_merged(tmp_path: Path) -> None:
    """The manifest keeps what apigen wrote, not what it found."""
    applied(tmp_path, rendering(("a.txt", "one\ntwo\nthree\n")))
    (tmp_path / "a.txt").write_text("mine\ntwo\nthree\n")
    applied(tmp_path, rendering(("a.txt", "one\ntwo\nthree\n")))

    (change,) = compared(tmp_path, rendering(("a.txt", "one\ntwo\nnew\n")))

    assert isinstance(change, Merge)
    assert change.content == b"mine\ntwo\nnew\n"


def test_an_edit_that_equals_the_rendering_is_adopted(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").write_text("two\n")
    applied(tmp_path, rendering(("a.py", "two\n")))

    (change,) = applied(tmp_path, rendering(("a.py", "three\n")))

    assert isinstance(change, Update)


def test_a_file_that_apigen_did_not_write_is_merged_with_an_empty_base(tmp_path: Path) -> None:
    """Case 30."""
    (tmp_path / "a.txt").write_text("mine\n")

    (change,) = compared(tmp_path, rendering(("a.txt", "one\n")))

    assert isinstance(change, Merge)
    assert [(found.mine, found.theirs) for found in change.merged.conflicts] == [
        ("mine\n", "one\n")
    ]


def test_a_vendored_file_that_apigen_did_not_write_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine\n")

    (change,) = compared(tmp_path, rendering(("a.py", "one\n", FileClass.VENDORED)))

    assert isinstance(change, Blocked)
    assert change.reason is Reason.FOREIGN


def test_a_deleted_file_stays_deleted(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "one\n")))
    (tmp_path / "a.py").unlink()

    (change,) = applied(tmp_path, rendering(("a.py", "two\n")))

    assert isinstance(change, Keep)
    assert change.kept is Kept.DELETED
    assert not (tmp_path / "a.py").exists()


def test_a_vanished_untouched_file_is_deleted_with_its_empty_folder(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", "a\n"), ("old/deep/b.py", "b\n")))
    cache = tmp_path / "old/deep/__pycache__"
    cache.mkdir()
    (cache / "b.cpython-313.pyc").write_bytes(b"")

    changes = applied(tmp_path, rendering(("a.py", "a\n")))

    assert [type(change) for change in changes] == [Keep, Delete]
    assert not (tmp_path / "old").exists()
    assert not (tmp_path / base_path("old")).exists()
    assert list(read_manifest(tmp_path).entries) == ["a.py"]


def test_a_folder_with_an_owners_file_survives(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("old/b.py", "b\n")))
    (tmp_path / "old/mine.py").write_text("mine\n")

    applied(tmp_path, rendering())

    assert sorted(place.name for place in (tmp_path / "old").iterdir()) == ["mine.py"]


def test_a_vanished_edited_file_is_kept_as_an_orphan_until_its_owner_puts_it_back(
    tmp_path: Path,
) -> None:
    applied(tmp_path, rendering(("a.txt", "one\n")))
    (tmp_path / "a.txt").write_text("mine\n")

    (change,) = applied(tmp_path, rendering())
    (again,) = applied(tmp_path, rendering())

    assert isinstance(change, Keep)
    assert change.kept is Kept.ORPHANED
    assert again == change
    (tmp_path / "a.txt").write_text("one\n")
    assert [type(found) for found in applied(tmp_path, rendering())] == [Delete]


def test_a_seed_is_written_once(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("README.md", "one\n", FileClass.SEED)))

    (change,) = applied(tmp_path, rendering(("README.md", "two\n", FileClass.SEED)))

    assert isinstance(change, Keep)
    assert change.kept is Kept.SEED
    assert (tmp_path / "README.md").read_text() == "one\n"
    assert not (tmp_path / base_path("README.md")).exists()


def test_an_edited_vendored_file_stops_even_when_nothing_else_changed(tmp_path: Path) -> None:
    today = rendering(("support/a.py", "one\n", FileClass.VENDORED))
    applied(tmp_path, today)
    (tmp_path / "support/a.py").write_text("mine\n")

    (change,) = compared(tmp_path, today)

    assert isinstance(change, Blocked)
    assert change.reason is Reason.VENDORED


def test_a_deleted_vendored_file_comes_back(tmp_path: Path) -> None:
    today = rendering(("support/a.py", "one\n", FileClass.VENDORED))
    applied(tmp_path, today)
    (tmp_path / "support/a.py").unlink()

    (change,) = applied(tmp_path, today)

    assert isinstance(change, Create)


@pytest.mark.parametrize("obstacle", ["folder", "link"])
def test_what_is_no_regular_file_is_in_the_way(tmp_path: Path, obstacle: str) -> None:
    if obstacle == "folder":
        (tmp_path / "a.py").mkdir()
    else:
        (tmp_path / "a.py").symlink_to(tmp_path / "elsewhere.py")

    (change,) = compared(tmp_path, rendering(("a.py", "one\n")))

    assert isinstance(change, Blocked)
    assert change.reason is Reason.OBSTACLE


THREE = "one\ntwo\nthree\n"


def test_line_ends_and_byte_order_mark_of_the_owner_stay(tmp_path: Path) -> None:
    """Case 14."""
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfone, mine\r\ntwo\r\nthree\r\n")

    applied(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert (tmp_path / "a.txt").read_bytes() == (
        b"\xef\xbb\xbfone, mine\r\ntwo\r\nthree\r\nfour\r\n"
    )


def test_mixed_line_ends_stay_line_by_line(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").write_bytes(b"one, mine\r\ntwo\nthree\r\n")

    applied(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert (tmp_path / "a.txt").read_bytes() == b"one, mine\r\ntwo\nthree\r\nfour\r\n"


def test_a_file_with_other_line_ends_alone_is_written_with_those(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").write_bytes(THREE.replace("\n", "\r\n").encode())

    applied(tmp_path, rendering(("a.txt", "one\n2\nthree\n")))

    assert (tmp_path / "a.txt").read_bytes() == b"one\r\n2\r\nthree\r\n"


PYTHON = "def a() -> int:\n    return 1\n\n\ndef b() -> int:\n    return 2\n"


def test_a_file_that_does_not_parse_is_merged_by_lines(tmp_path: Path) -> None:
    """Case 25."""
    applied(tmp_path, rendering(("a.py", PYTHON)))
    (tmp_path / "a.py").write_text(PYTHON.replace("return 1", "return (1"))

    (change,) = applied(tmp_path, rendering(("a.py", PYTHON.replace("2", "3"))))

    assert isinstance(change, Merge)
    assert (tmp_path / "a.py").read_text() == PYTHON.replace("return 1", "return (1").replace(
        "2", "3"
    )


def test_a_file_that_does_not_parse_and_conflicts_by_lines_stops_the_run(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", PYTHON)))
    (tmp_path / "a.py").write_text(PYTHON.replace("return 1", "return (1"))

    (change,) = compared(tmp_path, rendering(("a.py", PYTHON.replace("1", "4"))))

    assert isinstance(change, Blocked)
    assert change.reason is Reason.UNREADABLE


def test_markers_of_an_unfinished_merge_stop_the_run(tmp_path: Path) -> None:
    """Case 26."""
    applied(tmp_path, rendering(("a.txt", THREE)))
    marked = "<<<<<<< HEAD\none\n=======\nuno\n>>>>>>> other\ntwo\nthree\n"
    (tmp_path / "a.txt").write_text(marked)

    (idle,) = compared(tmp_path, rendering(("a.txt", THREE)))
    (change,) = compared(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert isinstance(idle, Keep)
    assert isinstance(change, Blocked)
    assert change.reason is Reason.MARKERS


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_without_a_base_nothing_is_merged(tmp_path: Path, damage: str) -> None:
    """Case 27."""
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").write_text("one, mine\ntwo\nthree\n")
    base = tmp_path / base_path("a.txt")
    if damage == "missing":
        base.unlink()
    else:
        base.write_text("another text\n")

    (change,) = compared(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert isinstance(change, Blocked)
    assert change.reason is Reason.NO_BASE


def test_without_a_base_an_edit_that_equals_the_rendering_is_fine(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / base_path("a.txt")).unlink()
    (tmp_path / "a.txt").write_text(THREE + "four\n")

    (change,) = applied(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert isinstance(change, Keep)
    assert (tmp_path / base_path("a.txt")).read_text() == THREE + "four\n"


def test_a_lost_base_is_found_again_while_the_rendering_is_what_was_written(
    tmp_path: Path,
) -> None:
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / base_path("a.txt")).unlink()
    (tmp_path / "a.txt").write_text("mine\n" + THREE)

    applied(tmp_path, rendering(("a.txt", THREE)))

    assert (tmp_path / base_path("a.txt")).read_text() == THREE


def test_a_deleted_file_comes_back_when_asked_for(tmp_path: Path) -> None:
    """Case 29."""
    applied(tmp_path, rendering(("a.py", PYTHON), ("b.py", PYTHON)))
    (tmp_path / "a.py").unlink()
    (tmp_path / "b.py").unlink()
    later = PYTHON.replace("2", "3")
    applied(tmp_path, rendering(("a.py", later), ("b.py", later)))

    applied(tmp_path, rendering(("a.py", later), ("b.py", later)), restore=frozenset({"a.py"}))

    assert (tmp_path / "a.py").read_text() == later
    assert not (tmp_path / "b.py").exists()
    assert (tmp_path / base_path("a.py")).read_text() == later


def test_a_deleted_symbol_comes_back_when_asked_for(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", PYTHON)))
    (tmp_path / "a.py").write_text("def a() -> int:\n    return 1\n")
    applied(tmp_path, rendering(("a.py", PYTHON)))

    applied(tmp_path, rendering(("a.py", PYTHON)), restore=frozenset({"a.py::b"}))

    assert (tmp_path / "a.py").read_text() == PYTHON


def test_the_class_of_a_file_changes_and_changes_back(tmp_path: Path) -> None:
    """Case 31: an untouched file follows; its base comes and goes."""
    applied(tmp_path, rendering(("a.txt", THREE)))

    applied(tmp_path, rendering(("a.txt", THREE + "v\n", FileClass.VENDORED)))
    vendored_base = (tmp_path / base_path("a.txt")).exists()
    applied(tmp_path, rendering(("a.txt", THREE + "m\n")))
    (tmp_path / "a.txt").write_text("mine\n" + THREE + "m\n")
    applied(tmp_path, rendering(("a.txt", THREE + "n\n")))

    assert not vendored_base
    assert (tmp_path / "a.txt").read_text() == "mine\n" + THREE + "n\n"


def test_an_edited_file_that_becomes_vendored_stops_the_run(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").write_text("mine\n")

    (change,) = compared(tmp_path, rendering(("a.txt", THREE, FileClass.VENDORED)))

    assert isinstance(change, Blocked)
    assert change.reason is Reason.VENDORED


def test_an_edited_seed_that_becomes_merged_stays_its_owners(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.md", "one\n", FileClass.SEED)))
    (tmp_path / "a.md").write_text("mine\n")

    (change,) = applied(tmp_path, rendering(("a.md", "two\n")))

    assert isinstance(change, Keep)
    assert (tmp_path / "a.md").read_text() == "mine\n"


def test_a_seed_that_is_not_planned_any_more_stays_and_leaves_the_manifest(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.md", "one\n", FileClass.SEED)))

    applied(tmp_path, rendering())

    assert (tmp_path / "a.md").read_text() == "one\n"
    assert read_manifest(tmp_path).entries == {}


def test_a_revision_of_apigen_0_1_stays_although_it_was_recorded_as_merged(tmp_path: Path) -> None:
    path = "migrations/versions/0001_initial.py"
    applied(tmp_path, rendering((path, PYTHON)))

    applied(tmp_path, rendering())

    assert (tmp_path / path).read_text() == PYTHON
    assert not (tmp_path / base_path(path)).exists()
    assert read_manifest(tmp_path).entries[path].file_class is FileClass.SEED


def test_a_read_only_file_that_would_change_stops_the_run(tmp_path: Path) -> None:
    """Case 43."""
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").chmod(0o444)

    (change,) = compared(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert isinstance(change, Blocked)
    assert change.reason is Reason.READ_ONLY


def test_a_file_that_its_owner_made_a_link_is_theirs_while_nothing_changes(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.txt", THREE)))
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    (tmp_path / "a.txt").symlink_to("b.txt")

    (idle,) = applied(tmp_path, rendering(("a.txt", THREE)))
    (change,) = compared(tmp_path, rendering(("a.txt", THREE + "four\n")))

    assert isinstance(idle, Keep)
    assert isinstance(change, Blocked)
    assert change.reason is Reason.OBSTACLE


def test_the_owners_executable_bit_stays_and_apigens_is_set(tmp_path: Path) -> None:
    applied(tmp_path, rendering(file("mine.sh", "a\n"), file("ours.sh", "a\n")))
    (tmp_path / "mine.sh").chmod(0o755)

    applied(tmp_path, rendering(file("mine.sh", "b\n"), file("ours.sh", "a\n", executable=True)))

    assert (tmp_path / "mine.sh").read_text() == "b\n"
    assert (tmp_path / "mine.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "ours.sh").stat().st_mode & 0o111
    assert all(
        isinstance(change, Keep)
        for change in applied(
            tmp_path, rendering(file("mine.sh", "b\n"), file("ours.sh", "a\n", executable=True))
        )
    )


def test_a_linked_source_folder_inside_the_project_is_written_through(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("src/a.txt", THREE)))
    (tmp_path / "src").rename(tmp_path / "code")
    (tmp_path / "src").symlink_to("code")

    applied(tmp_path, rendering(("src/a.txt", THREE + "four\n"), ("src/b.txt", THREE)))

    assert (tmp_path / "code/a.txt").read_text() == THREE + "four\n"
    assert (tmp_path / "code/b.txt").read_text() == THREE
    assert (tmp_path / "src").is_symlink()


def test_a_linked_source_folder_that_leads_out_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "project"
    applied(project, rendering(("src/a.txt", THREE)))
    (project / "src").rename(tmp_path / "code")
    (project / "src").symlink_to(tmp_path / "code")

    with pytest.raises(ProjectError, match="leads out of the project"):
        compared(project, rendering(("src/a.txt", THREE + "four\n")))

    assert (tmp_path / "code/a.txt").read_text() == THREE


def test_a_template_that_changes_layout_only_writes_nothing(tmp_path: Path) -> None:
    """Case 32."""
    applied(tmp_path, rendering(("a.py", 'x = ["a", "b"]\n')))
    before = contents(tmp_path)

    (change,) = applied(tmp_path, rendering(("a.py", 'x = [\n    "a",\n    "b",\n]\n')))

    assert isinstance(change, Keep)
    assert contents(tmp_path) == before


def test_a_reformatted_file_without_use_is_removed(tmp_path: Path) -> None:
    applied(tmp_path, rendering(("a.py", 'x = ["a", "b"]\n')))
    (tmp_path / "a.py").write_text("x = ['a', 'b',]\n")

    (change,) = applied(tmp_path, rendering())

    assert isinstance(change, Delete)
