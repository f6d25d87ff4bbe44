"""One run at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from apigen.disk.paths import ProjectError
from apigen.disk.run_lock import run_lock

HOLDER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from apigen.disk.run_lock import run_lock
with run_lock(Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_told_who_holds_the_lock_until_that_one_dies(tmp_path: Path) -> None:
    checkout = Path(__file__).resolve().parents[3]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(checkout), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()

        with pytest.raises(ProjectError, match=f"process {holder.pid}"), run_lock(tmp_path):
            pass
        holder.kill()
        holder.wait()

        with run_lock(tmp_path):
            held = True
    assert held


def test_the_records_of_one_machine_are_kept_out_of_git(tmp_path: Path) -> None:
    with run_lock(tmp_path):
        ignored = (tmp_path / ".apigen/.gitignore").read_text().split()

    assert "/lock" in ignored
    assert "/journal*" in ignored
