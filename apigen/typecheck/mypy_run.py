"""Run mypy on files of a project, as the project's own `make check` would, and read its answer."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from apigen.typecheck.report import Finding
from apigen.values import dataclass

_PATIENCE_S = 600.0
_OPTIONS = (
    "--no-pretty",
    "--no-color-output",
    "--no-error-summary",
    "--hide-error-context",
    "--show-error-codes",
    "--show-column-numbers",
    "--hide-absolute-path",
)
_LINE = re.compile(
    r"^(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?: error: (?P<message>.*?)"
    r"(?:  \[(?P<code>[a-z0-9-]+)\])?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What mypy said; `failure` is why it could not say anything, empty when it could."""

    findings: tuple[Finding, ...] = ()
    failure: str = ""


def run_mypy(python: Path, project: Path, paths: Sequence[str]) -> Answer:
    """Check `paths` and what they import, with the project's settings and its cache.

    Args:
        python: An interpreter that has mypy.
        project: The folder mypy runs in, where its settings are found.
        paths: Below the project; not empty.
    """
    environment = {
        key: value for key, value in os.environ.items() if key not in ("MYPYPATH", "PYTHONPATH")
    }
    try:
        done = subprocess.run(
            [str(python), "-m", "mypy", *_OPTIONS, "--", *paths],
            cwd=project,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_PATIENCE_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return Answer(failure=f"mypy took more than {_PATIENCE_S:g} seconds")
    except OSError as problem:
        return Answer(failure=f"mypy did not start: {problem}")
    if done.returncode not in (0, 1):
        # A file that does not parse, or settings it can not use, keep it from looking at the rest.
        said = [*done.stdout.strip().splitlines(), *done.stderr.strip().splitlines()]
        return Answer(failure=f"mypy failed: {said[0] if said else 'it said nothing'}")
    return Answer(findings=read_findings(done.stdout, project))


def read_findings(output: str, project: Path) -> tuple[Finding, ...]:
    """Return the errors of mypy's text output; its notes explain errors and are left out."""
    found: list[Finding] = []
    for line in output.splitlines():
        match = _LINE.match(line)
        if match is not None:
            found.append(
                Finding(
                    path=_relative(match["path"], project),
                    line=int(match["line"]),
                    column=int(match["column"] or 0),
                    message=match["message"],
                    code=match["code"] or "",
                )
            )
    return tuple(found)


def _relative(path: str, project: Path) -> str:
    place = Path(path)
    if place.is_absolute() and place.is_relative_to(project.resolve()):
        place = place.relative_to(project.resolve())
    return place.as_posix()
