"""The interpreter that can type-check a project: its own environment before any other.

mypy is never imported here: it runs in that interpreter, with the project's plugins and stubs.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from apigen.values import dataclass

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PROBE = """
import importlib.metadata, sys
missing = []
for name in sys.argv[1:]:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        missing.append(name)
print(" ".join(missing))
"""
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An interpreter that may do."""

    python: Path
    needs_dependencies: bool
    """Whether it has to show that it has what the project depends on: it may be anything's."""


def candidates(project: Path) -> Iterator[Candidate]:
    """Yield the interpreters to try, the project's own first."""
    yield Candidate(python=_python_of(project / ".venv"), needs_dependencies=False)
    active = os.environ.get("VIRTUAL_ENV")
    if active:
        yield Candidate(python=_python_of(Path(active)), needs_dependencies=True)
    yield Candidate(python=Path(sys.executable), needs_dependencies=True)


def find_python(project: Path) -> Path | None:
    """Return the first interpreter that has mypy and, where it must, what the project needs."""
    for candidate in candidates(project):
        if not candidate.python.is_file():
            continue
        needed = dependencies(project) if candidate.needs_dependencies else ()
        if has_distributions(candidate.python, ("mypy", *needed)):
            return candidate.python
    return None


def dependencies(project: Path) -> tuple[str, ...]:
    """Return the distributions that `pyproject.toml` names, without those of other platforms.

    A file that can not be read names none.
    """
    try:
        document = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    table = document.get("project")
    listed = table.get("dependencies", ()) if isinstance(table, dict) else ()
    found = [
        match[0]
        for requirement in listed
        # A marker needs an evaluator; what has one is not what code depends on everywhere.
        if isinstance(requirement, str) and ";" not in requirement
        if (match := _NAME.match(requirement.strip())) is not None
    ]
    return tuple(found)


def has_distributions(python: Path, names: tuple[str, ...]) -> bool:
    """Whether all distributions are installed where `python` looks for modules."""
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", _PROBE, *names],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and not done.stdout.strip()


def _python_of(environment: Path) -> Path:
    windows = environment / "Scripts" / "python.exe"
    return windows if windows.is_file() else environment / "bin" / "python"
