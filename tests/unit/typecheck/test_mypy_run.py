"""Reading what mypy says."""

from pathlib import Path

from apigen.typecheck.mypy_run import read_findings, run_mypy
from apigen.typecheck.report import Finding


def test_errors_are_read_with_place_and_code_and_notes_are_left_out(tmp_path: Path) -> None:
    output = (
        'src/shop/a.py:3:9: error: "Task" has no attribute "due_on"  [attr-defined]\n'
        "src/shop/a.py:3:9: note: See the documentation\n"
        f"{tmp_path.resolve()}/tests/b.py:7: error: invalid syntax\n"
        "Success: no issues found\n"
    )

    assert read_findings(output, tmp_path) == (
        Finding(
            path="src/shop/a.py",
            line=3,
            column=9,
            message='"Task" has no attribute "due_on"',
            code="attr-defined",
        ),
        Finding(path="tests/b.py", line=7, column=0, message="invalid syntax", code=""),
    )


def test_an_interpreter_without_mypy_is_a_failure_with_its_words(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'python: No module named mypy' >&2\nexit 2\n")
    python.chmod(0o755)

    answer = run_mypy(python, tmp_path, ["a.py"])

    assert answer.failure == "mypy failed: python: No module named mypy"
    assert answer.findings == ()


def test_a_program_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    assert run_mypy(tmp_path / "python", tmp_path, ["a.py"]).failure.startswith(
        "mypy did not start: "
    )
