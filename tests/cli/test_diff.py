"""`apigen diff`: what a run would change, and what the owner has changed."""

import json
import shutil
import subprocess
from pathlib import Path

from apigen.cli.difference_text import differences, unified
from apigen.merge.changes import Delete, Move, Rewrite
from tests.cli.conftest import Run, add_field
from tests.cli.reports import merge, update

MODULE = "src/shop/product.py"


def test_a_diff_is_one_that_patch_applies(tmp_path: Path) -> None:
    before, after = b"a\nb\x0cb\nlast", b"a\nc\n"
    (tmp_path / "x.txt").write_bytes(before)

    text = unified(before, after, "x.txt", "x.txt")

    program = shutil.which("git")
    assert program is not None
    subprocess.run(
        [program, "apply", "-p0", "-"], cwd=tmp_path, input=text.encode(), check=True, timeout=60
    )
    assert (tmp_path / "x.txt").read_bytes() == after


def test_the_same_bytes_have_no_diff() -> None:
    assert unified(b"\xff", b"\xff", "a", "b") == ""


def test_bytes_that_are_no_text_are_not_shown() -> None:
    assert unified(b"\xff", b"\xfe", "a", "b") == "--- a\n+++ b\n(binary)\n"


def test_each_change_is_shown_against_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("y = 1\n")
    rewrite = Rewrite(path="a.py", before="", content=b"z = 1\n", lines=(1,))

    assert differences(tmp_path, update("a.py")).splitlines()[3:] == ["-y = 1", "+x = 1"]
    assert differences(tmp_path, merge("a.py", "m = 1\n")).splitlines()[3:] == ["-y = 1", "+m = 1"]
    assert differences(tmp_path, rewrite).splitlines()[3:] == ["-y = 1", "+z = 1"]
    assert differences(tmp_path, Delete(path="a.py", before="")).splitlines() == [
        "--- a.py",
        "+++ /dev/null",
        "@@ -1 +0,0 @@",
        "-y = 1",
    ]


def test_a_move_is_shown_with_both_names(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("y = 1\n")
    (tmp_path / "same.py").write_text("x = 1\n")

    moved = differences(tmp_path, Move(path="b.py", source="a.py", change=update("b.py")))
    alone = differences(tmp_path, Move(path="b.py", source="same.py", change=update("b.py")))

    assert moved.splitlines() == ["--- a.py", "+++ b.py", "@@ -1 +1 @@", "-y = 1", "+x = 1"]
    assert alone == "--- same.py\n+++ b.py\n"


def test_json_has_the_run_and_the_diffs(run: Run, project: Path) -> None:
    add_field(project)

    done = run("diff", "--dir", str(project), "--format", "json")

    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["planned"] is True
    assert told["written"] is False
    assert told["counts"] == {"create": 1, "update": 1}
    migration, file = told["files"]
    assert migration["path"].startswith("migrations/versions/")
    assert told["evolution"]["migrations"][0]["operations"] == ["adds column products.note"]
    assert (file["path"], file["kind"], file["elements"]) == (MODULE, "update", ["shop.Product"])
    assert "+note = 1" in file["diff"].splitlines()


def test_the_owners_changes_are_shown_against_what_apigen_wrote(run: Run, project: Path) -> None:
    text = (project / MODULE).read_text()
    (project / MODULE).write_text(f"{text}mine = 1\n")
    (project / "src/shop/own.py").write_text("never_made = 1\n")

    done = run("diff", "--mine", "--dir", str(project))

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == [f"--- {MODULE} (last generated)", f"+++ {MODULE}"]
    assert lines[-1] == "+mine = 1"
    assert done.stderr == "Yours: 1 file edited.\n"


def test_a_deleted_file_is_among_the_owners_changes(run: Run, project: Path) -> None:
    (project / MODULE).unlink()

    done = run("diff", "--mine", "--dir", str(project))

    assert done.stdout.startswith(f"--- {MODULE}\n+++ /dev/null\n")
    assert done.stderr == "Yours: 1 file deleted.\n"


def test_a_fresh_project_has_no_changes_of_its_owner(run: Run, project: Path) -> None:
    done = run("diff", "--mine", "--dir", str(project))

    assert (done.stdout, done.stderr) == ("", "Every file is as apigen wrote it.\n")


def test_the_owners_changes_as_json(run: Run, project: Path) -> None:
    (project / MODULE).write_text("mine = 1\n")

    (row,) = json.loads(run("diff", "--mine", "--dir", str(project), "--format", "json").stdout)

    assert (row["path"], row["change"]) == (MODULE, "edited")
    assert "+mine = 1" in row["diff"]


def test_an_edit_of_a_changed_spec_is_shown_after_the_spec_was_not_touched(
    run: Run, project: Path
) -> None:
    """Without a change of the spec the owner's edits are no difference."""
    (project / MODULE).write_text("mine = 1\n")

    done = run("diff", "--dir", str(project))

    assert (done.exit_code, done.stdout) == (0, "")
