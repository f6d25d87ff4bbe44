"""Where mypy is run."""

import sys
from pathlib import Path

import pytest

from apigen.typecheck.environment import (
    candidates,
    dependencies,
    find_python,
    has_distributions,
)


def _fake_python(folder: Path, *, missing: str = "") -> Path:
    """Make an interpreter that answers the probe with `missing`."""
    place = folder / "bin" / "python"
    place.parent.mkdir(parents=True)
    place.write_text(f"#!/bin/sh\necho '{missing}'\n")
    place.chmod(0o755)
    return place


def test_the_projects_own_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))

    assert [found.python for found in candidates(tmp_path)] == [
        tmp_path / ".venv/bin/python",
        tmp_path / "active/bin/python",
        Path(sys.executable),
    ]


def test_the_first_with_mypy_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_python(tmp_path / ".venv", missing="mypy")
    active = _fake_python(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))

    assert find_python(tmp_path) == active


def test_an_interpreter_without_what_the_project_needs_does_not_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["no-such-thing>=1"]\n')
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)

    assert find_python(tmp_path) is None


def test_dependencies_are_names_without_versions_extras_and_other_platforms(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["fastapi>=1,<2", "sqlalchemy[asyncio]", '
        "\"uvloop>=0.21; sys_platform != 'win32'\"]\n"
    )

    assert dependencies(tmp_path) == ("fastapi", "sqlalchemy")


@pytest.mark.parametrize("text", ["[project\n", "[project]\n", "project = 1\n"])
def test_a_pyproject_that_says_nothing_names_no_dependency(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)

    assert dependencies(tmp_path) == ()


def test_what_is_installed_is_found_without_importing_it() -> None:
    assert has_distributions(Path(sys.executable), ("mypy", "pytest"))
    assert not has_distributions(Path(sys.executable), ("mypy", "no-such-thing"))


def test_a_program_that_does_not_start_has_nothing(tmp_path: Path) -> None:
    assert not has_distributions(tmp_path / "python", ("mypy",))
