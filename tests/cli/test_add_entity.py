"""`apigen add-entity`: the spec and what follows from it, or nothing at all."""

import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from apigen.cli.add_entity import asked
from tests.cli.conftest import SPEC, Run
from tests.cli.test_regenerate import contents

NOTE = "  Note:\n    fields:\n      text: str(1..9)\n      pinned: bool = false\n"
FIELDS = ("--field", "text: str(1..9)", "--field", "pinned: bool = false")


def test_an_entity_reaches_the_spec_and_the_code(run: Run, project: Path) -> None:
    spec = (project / "apigen.yaml").read_text()

    done = run("add-entity", "Note", *FIELDS, "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert (project / "apigen.yaml").read_text() == spec + NOTE
    assert "pinned = 1\n" in (project / "src/shop/note.py").read_text()
    assert "create    src/shop/note.py" in done.stdout
    assert run("check", "--dir", "shop").exit_code == 0


def test_a_dry_run_shows_the_spec_and_the_files_and_writes_nothing(run: Run, project: Path) -> None:
    before = contents(project)

    done = run("add-entity", "Note", *FIELDS, "--dry-run", "--dir", "shop")

    assert done.exit_code == 0, done.output
    assert "+++ b/apigen.yaml\n" in done.stdout
    assert "+  Note:\n+    fields:\n+      text: str(1..9)\n" in done.stdout
    assert "create    src/shop/note.py" in done.stdout
    assert done.stderr.endswith("Would create 2 files.\n")
    assert contents(project) == before


def test_the_spec_is_undone_with_the_run(run: Run, project: Path) -> None:
    before = contents(project)
    assert run("add-entity", "Note", *FIELDS, "--dir", "shop").exit_code == 0

    assert run("undo", "--dir", "shop").exit_code == 0

    after = contents(project)
    assert after["apigen.yaml"] == before["apigen.yaml"]
    assert "src/shop/note.py" not in after


def test_a_wrong_field_is_shown_as_it_was_typed(run: Run, project: Path) -> None:
    before = contents(project)

    done = run(
        "add-entity", "Note", "--field", "a: int", "--field", "b: strr(1..9)", "--dir", "shop"
    )

    assert done.exit_code == 1
    assert "error[AG201]: unknown type `strr`\n --> --field 2:1:4\n" in done.stderr
    assert "1 | b: strr(1..9)\n" in done.stderr
    assert done.stderr.endswith("Nothing was written.\n")
    assert contents(project) == before


def test_an_entity_that_is_there_is_wrong_usage(run: Run, project: Path) -> None:
    done = run("add-entity", "Product", "--field", "a: int", "--dir", "shop")

    assert done.exit_code == 2
    assert done.stderr == (
        "error: `Product` is there already, at apigen.yaml:5\n"
        "  = help: `apigen add-field Product 'name: type'` adds a field to it\n"
    )
    assert (project / "apigen.yaml").read_text().endswith(SPEC.partition("\n")[2])


def test_a_spec_with_errors_is_told_as_usual(run: Run, project: Path) -> None:
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text().replace("str(1..200)", "strr"))

    done = run("add-entity", "Note", *FIELDS, "--dir", "shop")

    assert done.exit_code == 1
    assert "error[AG201]: unknown type `strr`" in done.stderr
    assert "Note" not in spec.read_text()


def test_a_run_that_stops_leaves_the_spec_as_it_was(run: Run, project: Path) -> None:
    (project / "src/shop/support/a.py").write_text("edited = True\n")
    before = contents(project)

    done = run("add-entity", "Note", *FIELDS, "--dir", "shop")

    assert done.exit_code == 1
    assert "src/shop/support/a.py" in done.stderr
    assert done.stderr.endswith("The spec is as it was.\n")
    assert contents(project) == before


def test_line_ends_and_the_byte_order_mark_of_the_spec_stay(run: Run, project: Path) -> None:
    spec = project / "apigen.yaml"
    odd = b"\xef\xbb\xbf" + spec.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    spec.write_bytes(odd)

    done = run("add-entity", "Note", *FIELDS, "--dir", "shop")

    assert done.exit_code == 0, done.output
    added = "\r\n" + NOTE.removesuffix("\n").replace("\n", "\r\n")
    assert spec.read_bytes() == odd + added.encode()


def test_without_a_terminal_nothing_is_asked(run: Run, project: Path) -> None:
    done = run(
        "add-entity", "Note", "--interactive", "--dir", "shop", answers="text: str(1..9)\n\n"
    )

    assert done.exit_code == 2
    assert done.stderr == "error: --interactive needs a terminal: give fields with --field\n"
    assert "Note" not in (project / "apigen.yaml").read_text()


def test_a_bad_answer_is_explained_and_asked_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: Iterator[str] = iter(
        ["", "text", "text: strr", "text: str(1..9)", "text: int", "", "x"]
    )

    fields = asked(project, "Note", None, [], lambda _: next(answers))

    assert fields == ["text: str(1..9)"]
    assert list(answers) == ["x"]
    said = capsys.readouterr().err
    assert "An entity needs a field.\n" in said
    assert "error: cannot read the field `text`\n" in said
    assert "error[AG201]: unknown type `strr`" in said
    assert "error: the field `text` is given twice\n" in said


def _drain(terminal: int, said: bytearray) -> None:
    """Read what is written to a terminal until nobody holds its other end."""
    while True:
        try:
            said += os.read(terminal, 4096)
        except OSError:
            return


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
def test_fields_are_asked_for_on_a_terminal(project: Path) -> None:
    ours, theirs = pty.openpty()
    script = "import sys; from apigen.cli.__main__ import main; sys.argv[0] = 'apigen'; main()"
    arguments = ["add-entity", "Note", "--interactive", "--dry-run", "--dir", str(project)]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "NO_COLOR": "1"},
    )
    os.close(theirs)
    said = bytearray()
    reader = threading.Thread(target=_drain, args=(ours, said), daemon=True)
    reader.start()
    os.write(ours, b"text: strr\ntext: str(1..9)\n\n")

    printed, _ = process.communicate(timeout=120)

    reader.join(timeout=30)
    os.close(ours)
    assert process.returncode == 0, said
    assert b"unknown type `strr`" in said
    assert b"+  Note:\n+    fields:\n+      text: str(1..9)\n" in printed
