"""Projects made from specs, one generation a spec, and the tools their owner runs on them.

Knows where the tools are and how a project is started; which specs there are and what is asked of
them is for the tests. With several test processes the first that needs a project makes it.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.snapshots.regenerate import write_owned

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).parent / "specs"
EXAMPLES = tuple(sorted((ROOT / "specs").glob("*.yaml")))
HARD = tuple(sorted(CORPUS.glob("*.yaml")))
SPECS = {spec.stem: spec for spec in (*EXAMPLES, *HARD)}
BIN = Path(sys.executable).parent
# Settings of whoever runs the tests must not reach the project under test.
_OURS = ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "TEST_DATABASE_URL")


KEYS = {
    "ENCRYPTION_KEYS": f"tests:{b64encode(bytes(range(32))).decode()}",
    "ENCRYPTION_INDEX_KEY": b64encode(bytes(range(32, 64))).decode(),
}
"""What projects with encrypted fields do not start without."""


def environment(**settings: str) -> dict[str, str]:
    """Return the variables to start a program of a project with, plus `settings`."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in _OURS and not key.startswith(("PYTEST_", "COV_"))
    }
    return {**kept, "PYTHONPATH": "src", **KEYS, **settings}


def run(*command: str | Path, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder; a failure is a result, not an exception."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def assert_clean(done: subprocess.CompletedProcess[str]) -> None:
    """Fail with the end of what the program said when it did not end with 0."""
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"


def generate(spec: Path, project: Path, **settings: str) -> None:
    """Make the project of a spec, by the command line."""
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from apigen.cli.__main__ import main"
    done = run(
        sys.executable,
        "-c",
        f"{script}\nmain()",
        *("init", spec.stem, "--spec", spec, "--dir", project, "--yes"),
        cwd=project.parent,
        **settings,
    )
    assert done.returncode == 0, done.stderr
    write_owned(spec, project)


class Projects:
    """The projects of one test run, below `folder`, which all its processes share."""

    def __init__(self, folder: Path) -> None:
        """Take a folder that exists; projects in it are used as they are."""
        self.folder = folder

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep other test processes out of what is called `name`."""
        with (self.folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @property
    def mypy_cache(self) -> Path:
        """A folder for what mypy has found out of libraries, which all projects use.

        Each test process has its own, because no mypy expects to share it with another.
        """
        return self.folder / f"mypy_cache_{os.environ.get('PYTEST_XDIST_WORKER', '')}"

    def of(self, name: str) -> Path:
        """Return the project of `SPECS[name]`, to be read only."""
        project = self.folder / name / "project"
        with self.locked(name):
            if not (project / "apigen.yaml").exists():
                project.parent.mkdir()
                generate(SPECS[name], project)
        return project

    def copy(self, name: str, place: Path) -> Path:
        """Return a copy of the project of `SPECS[name]`, to be changed."""
        return Path(shutil.copytree(self.of(name), place / name))


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is the same in every process of a test run."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "projects"
    folder.mkdir(exist_ok=True)
    return folder
