"""The command as a process: exit codes, streams, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def apigen(
    *arguments: str, cwd: Path, prelude: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `apigen` from the checkout, after some Python of the test's own."""
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from apigen.cli.__main__ import main\n"
        f"{prelude}\nmain()"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **env},
    )


def test_version(tmp_path: Path) -> None:
    done = apigen("--version", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout.startswith("apigen 0.")


@pytest.mark.parametrize("arguments", [["frobnicate"], ["validate", "--format", "xml"], ["init"]])
def test_wrong_usage_ends_with_two(tmp_path: Path, arguments: list[str]) -> None:
    done = apigen(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_our_bug_ends_with_seventy_and_a_log(tmp_path: Path) -> None:
    prelude = (
        "from apigen import driver\n"
        "def broken(*a, **k): raise RuntimeError('what we did not think of')\n"
        "driver.render_system = broken"
    )

    done = apigen("init", "x", "--yes", cwd=tmp_path, prelude=prelude, TMPDIR=str(tmp_path))

    assert done.returncode == 70
    assert "bug in apigen" in done.stderr
    assert "Traceback" not in done.stderr
    (log,) = tmp_path.glob("apigen-*.log")
    assert str(log) in done.stderr
    assert "RuntimeError: what we did not think of" in log.read_text()


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a file")

    done = apigen("init", "y", "--dir", "x/y", "--yes", cwd=tmp_path)

    assert done.returncode == 1
    assert "x/y" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_told_nothing() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m apigen.cli schema | head -1"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    assert done.stdout == b"{\n"
    assert done.stderr == b""


def test_help_ends_with_an_example(tmp_path: Path) -> None:
    for command in (
        "init", "validate", "regenerate", "check", "diff", "graph", "explain", "schema"
    ):  # fmt: skip
        done = apigen(command, "--help", cwd=tmp_path)

        assert f"Example: apigen {command}" in done.stdout, command
