"""Format a whole rendering at once with ruff.

The settings are those of the generated project's own `[tool.ruff]`, so that what is written passes
the project's checks. Unused imports are not removed: they are a mistake of a view.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from apigen.diagnostics.internal_error import InternalError
from apigen.render.ruff_program import ruff_identity, ruff_path

LINE_LENGTH = 100
TARGET = "py312"
FIRST_PARTY = ("tests", "scripts", "migrations")
"""Top-level packages of a project beside its own."""

_SORT = ("check", "--select", "I", "--fix", "--quiet", "--output-format", "concise")
_FORMAT = ("format", "--quiet")
_LOCATION = re.compile(
    r"^(?:error: Failed to parse )?(?P<path>[^\s:]+\.py):(?P<line>\d+):\d+: (?P<text>.*)$",
    re.MULTILINE,
)


class UnreadablePython(Exception):
    """Generated Python does not parse."""

    def __init__(self, path: str, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class FormattedBefore(Protocol):
    """Remembers what formatting made of texts."""

    def formatted(self, path: str, text: str, *, formatter: str) -> bytes | None:
        """Return what `text` became, None when that is not known."""

    def keep(self, path: str, text: str, content: bytes, *, formatter: str) -> None:
        """Take note of what became of a text."""


def format_remembering(
    texts: Mapping[str, str], before: FormattedBefore, *, package: str
) -> dict[str, bytes]:
    """Do what `format_python` does, for those texts only that are not known.

    Every text is formatted by itself: the settings name the project's own packages, so that no
    other file decides how its imports are sorted.
    """
    formatter = formatter_identity(package)
    known = {
        path: before.formatted(path, text, formatter=formatter) for path, text in texts.items()
    }
    new = format_python(
        {path: text for path, text in texts.items() if known[path] is None}, package=package
    )
    for path, content in new.items():
        before.keep(path, texts[path], content, formatter=formatter)
    found = {path: content for path, content in known.items() if content is not None}
    return {**found, **new}


def formatter_identity(package: str) -> str:
    """Return what, beside a text, decides about its formatting."""
    return f"{ruff_identity()} {_settings(package)} {_SORT} {_FORMAT}"


def format_python(texts: Mapping[str, str], *, package: str) -> dict[str, bytes]:
    """Sort imports and format the Python files of a rendering.

    Args:
        texts: Path in the project to source text; every path ends with `.py`.
        package: The project's import package, sorted as first party.

    Returns:
        The same paths to formatted bytes.

    Raises:
        UnreadablePython: a text is not Python.
    """
    if not texts:
        return {}
    with tempfile.TemporaryDirectory(prefix="apigen-") as made:
        root = Path(made)
        (root / "ruff.toml").write_text(_settings(package), encoding="utf-8")
        for folder in sorted({path.rpartition("/")[0] for path in texts}):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            (root / path).write_bytes(text.encode())
        _ruff(root, *_SORT)
        _ruff(root, *_FORMAT)
        return {path: (root / path).read_bytes() for path in texts}


def _settings(package: str) -> str:
    known = ", ".join(f'"{name}"' for name in (package, *FIRST_PARTY))
    return (
        f'line-length = {LINE_LENGTH}\ntarget-version = "{TARGET}"\n'
        # A context may be called `build` or `dist`, and some parent folder may be git-ignored.
        "exclude = []\nrespect-gitignore = false\n"
        f"[lint.isort]\nknown-first-party = [{known}]\n"
    )


def _ruff(root: Path, command: str, *arguments: str) -> None:
    done = subprocess.run(
        [
            ruff_path(),
            command,
            "--config",
            "ruff.toml",
            "--no-cache",
            *arguments,
            ".",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={key: value for key, value in os.environ.items() if not key.startswith("RUFF_")},
    )
    if done.returncode == 0:
        return
    output = f"{done.stdout}\n{done.stderr}"
    found = _LOCATION.search(output)
    if found:
        path = found["path"].removeprefix(f"{root}/")
        raise UnreadablePython(path, int(found["line"]), found["text"])
    raise InternalError(f"ruff {command} failed on the rendering:\n{output.strip()}")
