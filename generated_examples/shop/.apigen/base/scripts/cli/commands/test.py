# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Run the tests of shop, all or one kind."""

import subprocess
import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from scripts.cli.exceptions import MissingToolError

app = typer.Typer(help="Run the tests", no_args_is_help=True)

_ROOT = Path(__file__).parents[3]


class Kind(StrEnum):
    """The folders of tests/."""

    UNIT = "unit"
    INTEGRATION = "integration"
    E2E = "e2e"


@app.command()
def unit(fail_fast: Annotated[bool, typer.Option("--fail-fast", "-x")] = False) -> None:
    """Run the tests of the domain and the mapping, without a database."""
    _run([Kind.UNIT], fail_fast=fail_fast)


@app.command()
def integration(fail_fast: Annotated[bool, typer.Option("--fail-fast", "-x")] = False) -> None:
    """Run the tests of repositories and migrations."""
    _run([Kind.INTEGRATION], fail_fast=fail_fast)


@app.command()
def e2e(fail_fast: Annotated[bool, typer.Option("--fail-fast", "-x")] = False) -> None:
    """Run the tests of the API over HTTP."""
    _run([Kind.E2E], fail_fast=fail_fast)


@app.command("all")
def every(fail_fast: Annotated[bool, typer.Option("--fail-fast", "-x")] = False) -> None:
    """Run all tests."""
    _run(list(Kind), fail_fast=fail_fast)


def _run(kinds: list[Kind], *, fail_fast: bool) -> None:
    if find_spec("pytest") is None:
        raise MissingToolError("pytest is not installed here: `make setup`")
    folders = [str(_ROOT / "tests" / kind) for kind in kinds if (_ROOT / "tests" / kind).is_dir()]
    command = [sys.executable, "-m", "pytest", "-q", *(["-x"] if fail_fast else []), *folders]
    raise typer.Exit(subprocess.run(command, cwd=_ROOT, check=False).returncode)
