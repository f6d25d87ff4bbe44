# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Compare shop with its spec, or write it anew: apigen does the work."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from scripts.cli.exceptions import MissingToolError

app = typer.Typer(help="Generate code from apigen.yaml", no_args_is_help=True)


@app.command()
def regenerate(
    dry_run: Annotated[bool, typer.Option(help="Only show what would change.")] = False,
) -> None:
    """Write the code anew from apigen.yaml."""
    raise typer.Exit(_apigen("regenerate", *(["--dry-run"] if dry_run else [])))


@app.command()
def check() -> None:
    """Tell whether the code matches apigen.yaml."""
    raise typer.Exit(_apigen("check"))


@app.command()
def diff() -> None:
    """Show what regenerating would change."""
    raise typer.Exit(_apigen("diff"))


def _apigen(*arguments: str) -> int:
    if find_spec("apigen") is not None:
        command = [sys.executable, "-m", "apigen.cli"]
    elif (found := shutil.which("apigen")) is not None:
        command = [found]
    else:
        raise MissingToolError("apigen is not installed here: `uv tool install apigen`")
    return subprocess.run([*command, *arguments], check=False).returncode
