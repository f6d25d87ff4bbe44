"""The built wheel works by itself: in an empty environment, away from the checkout."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow

type Run = Callable[..., str]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and return what it printed."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env=env,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of the checkout."""
    out = tmp_path_factory.mktemp("dist")
    run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out
    )  # fmt: skip
    (built,) = out.glob("*.whl")
    return built


def shipped(folder: Path, suffix: str) -> set[str]:
    """Return the files below a folder that a wheel must hold."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob(f"*{suffix}")}


def test_it_carries_templates_and_support(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"apigen/_templates/{name}" for name in shipped(ROOT / "templates", ".j2")} <= names
    assert {f"apigen/support/{name}" for name in shipped(ROOT / "apigen/support", ".py")} <= names
    assert not [name for name in names if name.startswith(("templates/", "tests/", "specs/"))]
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.network
def test_it_makes_the_same_project_as_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Installed with its dependencies only."""
    uv = subprocess.run(
        [ROOT / ".ci/find-uv"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    tool = str(ROOT / uv.stdout.strip()) if uv.stdout.startswith(".") else uv.stdout.strip()
    run(tool, "venv", "--python", sys.executable, "venv", cwd=tmp_path)
    run(tool, "pip", "install", "--python", "venv/bin/python", wheel, cwd=tmp_path)
    spec = ROOT / "specs/todo.yaml"

    run(tmp_path / "venv/bin/apigen", "init", "installed", "--spec", spec, cwd=tmp_path)
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from apigen.cli.__main__ import main"
    run(sys.executable, "-c", f"{script}; main()", "init", "checkout", "--spec", spec, cwd=tmp_path)

    assert "todo" in (tmp_path / "installed/apigen.yaml").read_text()
    assert tree(tmp_path / "installed") == tree(tmp_path / "checkout")


def tree(root: Path) -> dict[str, bytes]:
    """Return a project's files, but for the note of the machine."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "cache" not in path.parts and path.name != "lock"
    }
