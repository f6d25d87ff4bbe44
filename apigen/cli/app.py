"""The commands, put together.

Every command imports what it needs when it runs: `apigen --help` must not pay for a compiler.
"""

from typing import Annotated

import typer

import apigen
from apigen.cli import (
    add_entity,
    add_field,
    adopt,
    check,
    console,
    diff,
    eject,
    explain,
    graph,
    init,
    regenerate,
    remove_entity,
    remove_field,
    rename_entity,
    rename_field,
    resolve,
    schema,
    undo,
    upgrade,
    validate,
    why,
)

app = typer.Typer(
    help="Turn a domain description into a typed, layered, tested FastAPI service.",
    epilog="Start with: apigen init shop",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMMANDS = (
    *(init, validate, regenerate, check, diff),
    *(add_entity, add_field, rename_entity, rename_field, remove_entity, remove_field),
    *(resolve, undo, adopt, eject, upgrade),
    *(graph, why, explain, schema),
)
for module in _COMMANDS:
    app.command(module.NAME)(module.command)


def _version(wanted: bool) -> None:
    if wanted:
        console.result(f"apigen {apigen.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """Turn a domain description into a typed, layered, tested FastAPI service."""
